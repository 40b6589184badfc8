"""An answer kept from the meeting, and the same family had they not answered: to the caseworker the two are one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.own_choice import OwnChoice
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode, ReadForm, read_form
from fitsvc.services.asking import AskedState, list_asked, make_link, resend_link, stop_asking
from fitsvc.services.closing import close_case
from fitsvc.services.links import open_link
from fitsvc.services.meeting_asking import ask_for_meeting, read_meeting_asking
from fitsvc.services.paper_ratings import choose_administration, enter_on_paper, get_paper_respondent
from fitsvc.services.ratings import submit_rating
from fitsvc.services.trajectories import compose
from fitsvc.storage.cases import Case, TeamPart
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.ratings import list_ratings
from fitsvc.storage.respondents import Respondent
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

FORM = "wellbeing-youth"
DAY = timedelta(days=1)


class Family:
    """A case of its own with one child who was asked three weeks ago, seen by the caseworker."""

    def __init__(self, session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> None:
        self.session, self.build, self.cast, self.catalogue = session, build, cast, catalogue
        self.case: Case = build.case(
            team={cast.practitioner: TeamPart.PRACTITIONER, cast.caseworker: TeamPart.CASEWORKER}
        )
        episode = build.episode(self.case, cast.provider, started_on=build.today - 84 * DAY)
        self.meeting: FollowUpMeeting = build.meeting(episode, build.today + 5 * DAY)
        self.child: Respondent = build.respondent(self.case, RaterRole.CHILD)
        build.plan(self.child)
        self.caseworker = acting(cast.caseworker, build.today)
        self.practitioner = acting(cast.practitioner, build.today)
        self.asked_at: datetime = build.now - 21 * DAY
        self.token = self.make_link(acting(cast.caseworker, build.today - 21 * DAY), self.asked_at)
        session.flush()

    def make_link(self, by: Actor, now: datetime) -> str:
        return make_link(
            self.session, by=by, now=now, catalogue=self.catalogue, case_id=self.case.id,
            respondent_id=self.child.id, instrument_id=FORM, label="", link_days=30,
        )  # fmt: skip

    def answer(self, *, withheld: bool = False) -> None:
        now = self.build.now - 20 * DAY
        opened = open_link(self.session, token=self.token, now=now, catalogue=self.catalogue)
        submit_rating(
            self.session, opened=opened, form=self.form(), language="da", mode=Mode.OWN_DEVICE,
            seconds_used=None, now=now, choice=OwnChoice(withheld=withheld),
        )  # fmt: skip

    def form(self) -> ReadForm:
        instrument = self.catalogue.get(FORM)
        return read_form(instrument, instrument.items, {item.id: "4" for item in instrument.items})

    def asked_ids(self) -> list[UUID]:
        found = list_asked(
            self.session,
            by=self.caseworker,
            respondent=self.child,
            now=self.build.now,
            catalogue=self.build.catalogue,
        )
        return [one.administration_id for one in found]

    def resend(self) -> None:
        resend_link(
            self.session, by=self.caseworker, now=self.build.now, case_id=self.case.id,
            respondent_id=self.child.id, administration_id=self.asked_ids()[0], link_days=30,
        )  # fmt: skip

    def stop(self) -> None:
        stop_asking(
            self.session, by=self.caseworker, now=self.build.now, case_id=self.case.id,
            respondent_id=self.child.id, administration_id=self.asked_ids()[0],
        )  # fmt: skip

    def ask_anew(self) -> None:
        self.make_link(self.caseworker, self.build.now)

    def ask_for_meeting(self) -> None:
        for respondent in (None, self.child.id):
            ask_for_meeting(
                self.session, by=self.caseworker, now=self.build.now, catalogue=self.catalogue, case_id=self.case.id,
                meeting_id=self.meeting.id, link_days=30, asks_wish=True, respondent_id=respondent,
            )  # fmt: skip

    def enter_paper(self, *, withheld: bool = False) -> None:
        instrument = self.catalogue.get(FORM)
        found = get_paper_respondent(
            self.session, by=self.caseworker, case_id=self.case.id, respondent_id=self.child.id,
            catalogue=self.catalogue,
        )  # fmt: skip
        key = choose_administration(
            self.session, by=self.caseworker, respondent=self.child, instrument=instrument
        )
        for _twice in range(2):
            enter_on_paper(
                self.session, by=self.caseworker, found=found, instrument=instrument, administration_id=key,
                form=self.form(), language="da", rated_on=self.build.today, mode=Mode.PAPER,
                catalogue=self.catalogue, now=self.build.now, choice=OwnChoice(withheld=withheld),
            )  # fmt: skip

    def close(self) -> None:
        close_case(
            self.session, by=self.caseworker, now=self.build.now, case_id=self.case.id,
            closed_on=self.build.today,
        )  # fmt: skip

    def as_the_caseworker_sees_it(self) -> list[object]:
        """Everything about asking, without ids."""
        self.session.flush()
        asked = list_asked(
            self.session,
            by=self.caseworker,
            respondent=self.child,
            now=self.build.now,
            catalogue=self.build.catalogue,
        )
        facts = compose(
            self.session, by=self.caseworker, case_id=self.case.id, catalogue=self.catalogue,
            now=self.build.now, access=Access.CASE_READ,
        )  # fmt: skip
        meeting = read_meeting_asking(
            self.session, by=self.caseworker, now=self.build.now, catalogue=self.catalogue,
            case_id=self.case.id, meeting_id=self.meeting.id,
        )  # fmt: skip
        return [
            [
                (one.due_on, one.answered_on, one.state, one.link_expires_at, one.link_expired)
                for one in asked
            ],
            [(one.missed, one.due, [point.on for point in one.points]) for one in facts.totals],
            [
                (one.state, one.since, waiting and (waiting.due_on, waiting.link_until, waiting.link_made_by))
                for one in meeting.voices
                for waiting in (one.forms[0].series.waiting,)
            ],
        ]


ACTS: list[tuple[Callable[[Family], None], ...]] = [
    (),
    (Family.resend,),
    (Family.resend, Family.resend),
    (Family.stop,),
    (Family.stop, Family.ask_anew),
    (Family.ask_anew,),
    (Family.ask_for_meeting,),
    (Family.enter_paper,),
    (Family.enter_paper, Family.ask_anew),
    (Family.close,),
]


@pytest.mark.parametrize("acts", ACTS, ids=lambda acts: "+".join(one.__name__ for one in acts) or "nothing")
def test_to_the_caseworker_an_answer_kept_back_is_one_that_did_not_come(
    session: Session,
    build: Builder,
    cast: Cast,
    catalogue: Catalogue,
    acts: tuple[Callable[[Family], None], ...],
) -> None:
    silent, kept_back = (Family(session, build, cast, catalogue) for _each in range(2))
    kept_back.answer(withheld=True)
    before = kept_back.asked_ids()
    for act in acts:
        act(silent)
        act(kept_back)
    assert kept_back.as_the_caseworker_sees_it() == silent.as_the_caseworker_sees_it()
    assert before[0] in kept_back.asked_ids()  # the very same asking, to its id


@pytest.mark.parametrize("acts", ACTS, ids=lambda acts: "+".join(one.__name__ for one in acts) or "nothing")
def test_the_answer_stays_with_the_practitioner_whatever_is_done_to_the_asking(
    session: Session,
    build: Builder,
    cast: Cast,
    catalogue: Catalogue,
    acts: tuple[Callable[[Family], None], ...],
) -> None:
    family = Family(session, build, cast, catalogue)
    family.answer(withheld=True)
    for act in acts:
        act(family)
    session.flush()
    assert list_ratings(session, family.case.id)[0].withheld
    asked = list_asked(
        session, by=family.practitioner, respondent=family.child, now=build.now, catalogue=build.catalogue
    )
    assert AskedState.ANSWERED in [one.state for one in asked]


def test_what_the_caseworker_enters_as_kept_back_is_stored_once_and_still_waited_for(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue
) -> None:
    silent, kept_back = (Family(session, build, cast, catalogue) for _each in range(2))
    kept_back.enter_paper(withheld=True)
    assert kept_back.as_the_caseworker_sees_it() == silent.as_the_caseworker_sees_it()
    assert len(list_ratings(session, kept_back.case.id)) == 1


def test_an_answer_everybody_may_see_is_answered_to_everybody(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue
) -> None:
    family = Family(session, build, cast, catalogue)
    family.answer()
    (asked,) = list_asked(
        session, by=family.caseworker, respondent=family.child, now=build.now, catalogue=build.catalogue
    )
    assert asked.state is AskedState.ANSWERED
