"""What a respondent decides with the answers, from the form to the rows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.own_choice import OwnChoice, Wish
from fitsvc.domain.rating import Mode, ReadForm, read_form
from fitsvc.services.administrations import OpenedForm, open_form
from fitsvc.services.asking import list_asked, resend_link, stop_asking
from fitsvc.services.caseload import shared_forms
from fitsvc.services.errors import NotFound
from fitsvc.services.notices import mark_read
from fitsvc.services.paper_ratings import enter_on_paper, get_paper_respondent
from fitsvc.services.ratings import FormGone, correct_rating, stored_choice, submit_rating
from fitsvc.services.trajectories import compose
from fitsvc.storage.agendas import AgendaWish, list_wishes
from fitsvc.storage.ratings import Comment, Rating, list_ratings
from fitsvc.storage.today import list_unread
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
KEPT = OwnChoice(withheld=True)


def opened_for(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, **columns: Any
) -> OpenedForm:
    asked = build.administration(cast.child, **columns)
    return open_form(session, administration_id=asked.id, catalogue=catalogue, now=build.now)


def form_of(opened: OpenedForm, value: str = "6", comment: str = "") -> ReadForm:
    return read_form(opened.instrument, opened.items, {one.id: value for one in opened.items}, comment)


def send(
    session: Session,
    opened: OpenedForm,
    now: datetime,
    choice: OwnChoice,
    value: str = "6",
    comment: str = "",
) -> Rating:
    return submit_rating(
        session, opened=opened, form=form_of(opened, value, comment), choice=choice, language="da",
        mode=Mode.OWN_DEVICE, seconds_used=None, now=now,
    )  # fmt: skip


@pytest.fixture
def opened(session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> OpenedForm:
    return opened_for(session, build, cast, catalogue)


def test_the_choice_is_stored_with_the_rating(session: Session, opened: OpenedForm, now: datetime) -> None:
    choice = OwnChoice(True, True, Wish("Om ferien", Visibility.MEETING))
    rating = send(session, opened, now, choice, comment="Hej")
    session.flush()
    session.expire_all()
    assert stored_choice(session, rating) == choice
    assert session.scalars(select(Comment.at_meeting)).one()


def test_nothing_is_chosen_unless_somebody_chooses(
    session: Session, opened: OpenedForm, now: datetime
) -> None:
    rating = send(session, opened, now, OwnChoice(), comment="Hej")
    assert not rating.withheld
    assert not session.scalars(select(Comment.at_meeting)).one()
    assert session.scalars(select(AgendaWish)).all() == []


@pytest.mark.parametrize(
    "other", [OwnChoice(), OwnChoice(True, True), OwnChoice(True, wish=Wish("x", Visibility.MEETING))]
)
def test_the_same_answers_with_another_choice_are_another_form(
    session: Session, opened: OpenedForm, now: datetime, other: OwnChoice
) -> None:
    rating = send(session, opened, now, KEPT)
    assert send(session, opened, now, KEPT).id == rating.id
    with pytest.raises(FormGone):
        send(session, opened, now, other)


def test_a_correction_brings_its_own_choice_and_wish(
    session: Session, opened: OpenedForm, now: datetime, cast: Cast
) -> None:
    first = send(session, opened, now, OwnChoice(wish=Wish("Først", Visibility.MEETING)))
    second = correct_rating(
        session, opened=opened, corrects=first.id, form=form_of(opened),
        choice=OwnChoice(True, wish=Wish("Så", Visibility.PRACTITIONER)),
        language="da", seconds_used=None, now=now,
    )  # fmt: skip
    session.flush()
    assert second.withheld
    assert [(one.text, one.rating_id) for one in list_wishes(session, cast.case.id)] == [("Så", second.id)]
    correct_rating(
        session, opened=opened, corrects=second.id, form=form_of(opened), choice=OwnChoice(),
        language="da", seconds_used=None, now=now,
    )  # fmt: skip
    session.flush()
    assert list_wishes(session, cast.case.id) == []
    assert [one.withheld for one in list_ratings(session, cast.case.id)] == [False]


def test_a_wish_belongs_to_the_meeting_it_was_asked_for(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    meeting = build.meeting(cast.episode, build.today + 9 * DAY)
    opened = opened_for(session, build, cast, catalogue, meeting_id=meeting.id, asks_wish=True)
    assert opened.asks_wish
    send(session, opened, now, OwnChoice(withheld=True, wish=Wish("Om ferien", Visibility.MEETING)))
    session.flush()
    [wish] = list_wishes(session, cast.case.id)
    assert (wish.meeting_id, wish.visibility) == (meeting.id, Visibility.MEETING)


@pytest.mark.parametrize(
    ("who", "sees"), [("practitioner", True), ("caseworker", False), ("authority_leader", False)]
)
def test_the_point_is_there_for_the_practitioner_only(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, opened: OpenedForm, now: datetime,
    who: str, sees: bool,
) -> None:  # fmt: skip
    send(session, opened, now, KEPT)
    session.flush()
    by = acting(getattr(cast, who), build.today)
    seen = compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now)
    assert [point.withheld for one in seen.totals for point in one.points] == ([True] if sees else [])
    at_meeting = compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now, at_meeting=True)
    assert not [point for one in at_meeting.totals for point in one.points]
    asked = list_asked(session, by=by, respondent=cast.child, now=now, catalogue=build.catalogue)
    assert len(asked) == (1 if sees else 0)


def test_an_asking_with_a_withheld_answer_is_not_there_for_others(
    session: Session, build: Builder, cast: Cast, opened: OpenedForm, now: datetime, catalogue: Catalogue
) -> None:
    rating = send(session, opened, now, KEPT)
    session.flush()
    by = acting(cast.caseworker, build.today)
    where = {"case_id": cast.case.id, "respondent_id": cast.child.id}
    for act in (
        lambda: resend_link(
            session, by=by, now=now, administration_id=opened.administration_id, link_days=9, **where
        ),
        lambda: stop_asking(session, by=by, now=now, administration_id=opened.administration_id, **where),
        lambda: mark_read(
            session, by=by, now=now, catalogue=catalogue, case_id=cast.case.id, rating_id=rating.id
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_paper_form_begun_before_a_withheld_answer_came_is_stored_beside_it(
    session: Session, build: Builder, cast: Cast, opened: OpenedForm, now: datetime, catalogue: Catalogue
) -> None:
    """To the caseworker "answered meanwhile" would tell that there is an answer."""
    by = acting(cast.caseworker, build.today)
    found = get_paper_respondent(
        session, by=by, case_id=cast.case.id, respondent_id=cast.child.id, catalogue=catalogue
    )
    send(session, opened, now, KEPT, "2")
    session.flush()
    ids = set()
    for _tap in range(2):
        rating = enter_on_paper(
            session, by=by, found=found, instrument=opened.instrument,
            administration_id=opened.administration_id, form=form_of(opened, "7"), language="da",
            rated_on=build.today, mode=Mode.PAPER, catalogue=catalogue, now=now,
        )  # fmt: skip
        ids.add(rating.id)
    assert len(ids) == 1
    assert sorted(one.withheld for one in list_ratings(session, cast.case.id)) == [False, True]


def test_low_safety_withheld_is_told_to_the_practitioner_and_to_nobody_else(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    asked = build.administration(cast.mother, "safety")
    opened = open_form(session, administration_id=asked.id, catalogue=catalogue, now=now)
    rating = send(session, opened, now, KEPT, "1", comment="Hjælp")
    session.flush()
    assert rating.notice
    told = {
        who: list_unread(
            session, acting(staff, build.today), shared_forms=shared_forms(catalogue), limit=9
        ).total
        for who, staff in cast.staff.items()
    }
    assert {who for who, count in told.items() if count} == {"practitioner"}


def test_the_own_choice_of_a_session_form_is_no_choice(catalogue: Catalogue, opened: OpenedForm) -> None:
    assert not replace(opened, instrument=catalogue.get("session-youth")).asks_wish
