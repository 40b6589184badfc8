"""Submitting, correcting and entering ratings."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rating import Mode, ReadForm, read_form
from fitsvc.domain.roles import Role
from fitsvc.services.administrations import Gone, OpenedForm, open_form
from fitsvc.services.errors import Refused
from fitsvc.services.ratings import (
    FormGone,
    correct_rating,
    correction_token,
    enter_paper_rating,
    find_corrected,
    submit_rating,
)
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast

SECRET = "a-secret-key-for-tests-only-0123456789"


class Desk:
    """Asks and answers in one line each."""

    def __init__(self, session: Session, build: Builder, catalogue: Catalogue, now: datetime) -> None:
        self.session, self.build, self.catalogue, self.now = session, build, catalogue, now

    def ask(self, respondent: Respondent, instrument_id: str = "wellbeing-youth") -> OpenedForm:
        return self.open(self.build.administration(respondent, instrument_id))

    def open(self, administration: Administration) -> OpenedForm:
        return open_form(
            self.session, administration_id=administration.id, catalogue=self.catalogue, now=self.now
        )

    def fill(self, opened: OpenedForm, value: str, comment: str = "", **other: str) -> ReadForm:
        raw = {item.id: value for item in opened.items} | other
        return read_form(opened.instrument, opened.items, raw, comment)

    def submit(
        self, opened: OpenedForm, value: str, comment: str = "", now: datetime | None = None, **other: str
    ) -> Rating:
        return submit_rating(
            self.session,
            opened=opened,
            form=self.fill(opened, value, comment, **other),
            language="da",
            mode=Mode.OWN_DEVICE,
            seconds_used=40,
            now=now or self.now,
        )

    def correct(self, opened: OpenedForm, rating: Rating, value: str, now: datetime | None = None) -> Rating:
        return correct_rating(
            self.session,
            opened=opened,
            corrects=rating.id,
            form=self.fill(opened, value),
            language="da",
            seconds_used=None,
            now=now or self.now,
        )

    @property
    def ratings(self) -> list[Rating]:
        return list(self.session.scalars(select(Rating)))


@pytest.fixture
def desk(session: Session, build: Builder, catalogue: Catalogue, now: datetime, cast: Cast) -> Desk:
    return Desk(session, build, catalogue, now)


@pytest.fixture
def paula(cast: Cast, build: Builder) -> Actor:
    return Actor(cast.practitioner.id, cast.practitioner.unit_id, frozenset({Role.PRACTITIONER}), build.today)


def test_a_rating_is_scored_stored_and_noted(desk: Desk, cast: Cast, session: Session) -> None:
    opened = desk.ask(cast.child)
    rating = desk.submit(opened, "6", school="skip")
    assert rating.score == 6
    assert rating.answers["school"] == {"kind": "skipped"}
    asked = session.get_one(Administration, opened.administration_id)
    assert (asked.state, asked.answered_on) == (AdministrationState.ANSWERED, desk.build.today)
    audit = session.scalars(select(AuditLog)).one()
    assert (audit.act, audit.details) == (Act.RATING_SUBMITTED, {"rating_id": str(rating.id)})


def test_the_first_submission_notes_that_the_person_was_informed(desk: Desk, cast: Cast) -> None:
    opened = desk.ask(cast.child)
    assert not opened.informed
    desk.submit(opened, "6")
    assert desk.ask(cast.child).informed


def test_the_same_form_sent_twice_is_one_rating(desk: Desk, cast: Cast) -> None:
    opened = desk.ask(cast.child)
    first = desk.submit(opened, "6")
    assert desk.submit(opened, "6", now=desk.now + timedelta(minutes=3)).id == first.id
    assert len(desk.ratings) == 1


def test_another_form_on_an_answered_administration_is_refused(desk: Desk, cast: Cast) -> None:
    opened = desk.ask(cast.child)
    desk.submit(opened, "6")
    with pytest.raises(FormGone) as refused:
        desk.submit(opened, "7")
    assert refused.value.gone is Gone.ANSWERED
    assert len(desk.ratings) == 1


def test_a_cancelled_administration_takes_no_rating(desk: Desk, cast: Cast, session: Session) -> None:
    opened = desk.ask(cast.child)
    session.get_one(Administration, opened.administration_id).state = AdministrationState.CANCELLED
    with pytest.raises(FormGone) as refused:
        desk.submit(opened, "7")
    assert refused.value.gone is Gone.CANCELLED
    assert not desk.ratings


def test_a_form_with_problems_is_never_stored(desk: Desk, cast: Cast) -> None:
    with pytest.raises(ValueError, match="problems"):
        desk.submit(desk.ask(cast.child), "11")


def test_a_form_left_all_blank_is_stored_without_a_score(desk: Desk, cast: Cast) -> None:
    rating = desk.submit(desk.ask(cast.child), "")
    assert rating.score is None


@pytest.mark.parametrize(("value", "noticed"), [("4", True), ("5", False)])
def test_a_low_safety_rating_is_to_be_noticed(desk: Desk, cast: Cast, value: str, noticed: bool) -> None:
    assert desk.submit(desk.ask(cast.mother, "safety"), value).notice is noticed


def test_a_comment_is_kept_with_its_rating(desk: Desk, cast: Cast, session: Session) -> None:
    rating = desk.submit(desk.ask(cast.mother, "safety"), "3", comment="Jeg er bekymret")
    comment = session.scalars(select(Comment)).one()
    assert (comment.rating_id, comment.text, comment.read_at) == (rating.id, "Jeg er bekymret", None)


def test_what_a_rater_cannot_see_is_fixed_by_the_first_rating(desk: Desk, cast: Cast) -> None:
    form = "wellbeing-professional"
    desk.submit(desk.ask(cast.teacher, form), "8", body="3", home="cannot_see")
    later = desk.submit(
        desk.ask(cast.teacher, form), "8", body="3", home="0", now=desk.now + timedelta(days=7)
    )
    assert later.score == 6.75  # home does not count, now that it is answered


def test_a_first_rating_entered_late_rescores_the_series(
    desk: Desk, cast: Cast, paula: Actor, session: Session
) -> None:
    form = "wellbeing-professional"
    later = desk.submit(desk.ask(cast.teacher, form), "8", home="3")
    assert later.score == 7
    opened = desk.ask(cast.teacher, form)
    enter_paper_rating(
        session,
        by=paula,
        opened=opened,
        form=desk.fill(opened, "5", home="cannot_see"),
        language="da",
        rated_on=desk.build.today - timedelta(days=9),
        mode=Mode.PAPER,
        now=desk.now,
    )
    assert later.score == 8


def test_a_correction_supersedes_and_keeps_the_day(desk: Desk, cast: Cast, session: Session) -> None:
    opened = desk.ask(cast.child)
    first = desk.submit(opened, "6")
    midnight = desk.now + timedelta(minutes=29)
    second = desk.correct(opened, first, "3", now=midnight)
    assert (first.superseded_at, second.superseded_at) == (midnight, None)
    assert (second.score, second.rated_on) == (3, first.rated_on)
    assert {one.act for one in session.scalars(select(AuditLog))} == {
        Act.RATING_SUBMITTED,
        Act.RATING_CORRECTED,
    }


def test_the_same_correction_sent_twice_is_one(desk: Desk, cast: Cast) -> None:
    opened = desk.ask(cast.child)
    first = desk.submit(opened, "6")
    second = desk.correct(opened, first, "3")
    assert desk.correct(opened, first, "3").id == second.id
    with pytest.raises(FormGone):
        desk.correct(opened, first, "9")
    assert len(desk.ratings) == 2


def test_a_correction_ends_after_half_an_hour(desk: Desk, cast: Cast) -> None:
    opened = desk.ask(cast.child)
    first = desk.submit(opened, "6")
    with pytest.raises(FormGone):
        desk.correct(opened, first, "3", now=desk.now + timedelta(minutes=30))
    assert len(desk.ratings) == 1


def test_a_correction_token_opens_its_own_rating_only(desk: Desk, cast: Cast, session: Session) -> None:
    opened, other = desk.ask(cast.child), desk.ask(cast.mother, "wellbeing-adult")
    rating = desk.submit(opened, "6")
    token = correction_token(SECRET, rating.id)
    found = find_corrected(session, opened=opened, token=token, secret_key=SECRET, now=desk.now)
    assert found.id == rating.id
    for form, secret in ((other, SECRET), (opened, "another-secret")):
        with pytest.raises(FormGone):
            find_corrected(session, opened=form, token=token, secret_key=secret, now=desk.now)


def test_a_paper_rating_is_dated_by_its_day_and_names_who_entered_it(
    desk: Desk, cast: Cast, paula: Actor, session: Session
) -> None:
    opened = desk.ask(cast.child)
    day = desk.build.today - timedelta(days=4)
    facts = {"by": paula, "opened": opened, "form": desk.fill(opened, "5"), "language": "da", "now": desk.now}
    rating = enter_paper_rating(session, rated_on=day, mode=Mode.PAPER, **facts)
    assert (rating.rated_on, rating.entered_by_id, rating.mode) == (day, paula.staff_id, Mode.PAPER)
    assert enter_paper_rating(session, rated_on=day, mode=Mode.PAPER, **facts).id == rating.id
    with pytest.raises(Refused, match="day_to_come"):
        enter_paper_rating(session, rated_on=day + timedelta(days=5), mode=Mode.PAPER, **facts)
