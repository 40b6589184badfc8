"""Session ratings at a meeting: the family chooses, the practitioner notes it, and nothing else shows them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.brought_sessions import (
    bring_session_ratings,
    read_brought_series,
    take_back_session_ratings,
)
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import BroughtSessions
from fitsvc.storage.respondents import Respondent
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    return build.meeting(cast.episode, build.today + 3 * DAY)


class Family:
    """Brings and takes back, as somebody of the cast."""

    def __init__(self, session: Session, cast: Cast, build: Builder, meeting: FollowUpMeeting) -> None:
        self.session, self.cast, self.build, self.meeting = session, cast, build, meeting

    def bring(self, whose: Respondent, by: Staff | None = None, *, family_chose: bool = True) -> None:
        bring_session_ratings(
            self.session,
            by=acting(by or self.cast.practitioner, self.build.today),
            now=self.build.now,
            case_id=self.cast.case.id,
            meeting_id=self.meeting.id,
            respondent_id=whose.id,
            family_chose=family_chose,
        )
        self.session.flush()

    def take_back(self, whose: Respondent, by: Staff | None = None) -> None:
        take_back_session_ratings(
            self.session,
            by=acting(by or self.cast.practitioner, self.build.today),
            now=self.build.now,
            case_id=self.cast.case.id,
            meeting_id=self.meeting.id,
            respondent_id=whose.id,
        )
        self.session.flush()

    @property
    def brought(self) -> frozenset[object]:
        book = read_meeting_book(self.session, case_id=self.cast.case.id)
        return frozenset(book.brought.get(self.meeting.id, ()))

    @property
    def noted(self) -> list[bool]:
        acts = (Act.SESSION_RATINGS_BROUGHT, Act.SESSION_RATINGS_TAKEN_BACK)
        rows = self.session.scalars(select(AuditLog).where(AuditLog.act.in_(acts)))
        return sorted(row.act == Act.SESSION_RATINGS_TAKEN_BACK for row in rows)


@pytest.fixture
def family(session: Session, cast: Cast, build: Builder, meeting: FollowUpMeeting) -> Family:
    return Family(session, cast, build, meeting)


def test_bringing_is_noted_once_however_often_it_is_sent(
    family: Family, cast: Cast, session: Session
) -> None:
    family.bring(cast.child)
    family.bring(cast.child)
    assert family.brought == {cast.child.id}
    assert family.noted == [False]
    assert len(session.scalars(select(BroughtSessions)).all()) == 1


def test_what_was_brought_can_be_taken_back_and_brought_again(family: Family, cast: Cast) -> None:
    family.bring(cast.child)
    family.take_back(cast.child)
    family.take_back(cast.child)
    assert family.brought == frozenset()
    family.bring(cast.child)
    assert family.brought == {cast.child.id}
    assert family.noted == [False, False, True]


def test_without_the_familys_own_choice_nothing_is_brought(family: Family, cast: Cast) -> None:
    with pytest.raises(Refused, match="family_has_not_chosen"):
        family.bring(cast.child, family_chose=False)
    assert family.brought == frozenset()


@pytest.mark.parametrize(
    "who", ["caseworker", "colleague", "provider_leader", "authority_leader", "outsider", "administrator"]
)
def test_only_the_cases_own_practitioner_brings_and_takes_back(family: Family, cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        family.bring(cast.child, cast.staff[who])
    family.bring(cast.child)
    with pytest.raises(NotFound):
        family.take_back(cast.child, cast.staff[who])
    assert family.brought == {cast.child.id}


def test_a_teachers_ratings_are_not_the_familys_to_bring(family: Family, cast: Cast) -> None:
    with pytest.raises(NotFound):
        family.bring(cast.teacher)


def test_somebody_of_another_case_is_not_found(family: Family, build: Builder) -> None:
    stranger = build.respondent(build.case())
    for act in (family.bring, family.take_back):
        with pytest.raises(NotFound):
            act(stranger)


@pytest.mark.parametrize("over", ["held", "cancelled"])
def test_nothing_is_brought_to_a_meeting_that_is_over_but_the_family_may_still_take_back(
    family: Family, cast: Cast, build: Builder, meeting: FollowUpMeeting, over: str
) -> None:
    family.bring(cast.child)
    if over == "held":
        meeting.held_on = build.today
    else:
        meeting.cancelled_at = build.now
    with pytest.raises(Refused, match=f"meeting_{over}"):
        family.bring(cast.mother)
    family.take_back(cast.child)
    assert family.brought == frozenset()


def test_exactly_the_chosen_respondents_series_are_read_and_no_withheld_point(
    session: Session, cast: Cast, build: Builder, catalogue: Catalogue, now: datetime
) -> None:
    build.rating(cast.child, 8, build.today - 9 * DAY, "session-youth")
    build.rating(cast.child, 3, build.today - 2 * DAY, "session-youth", withheld=True)
    build.rating(cast.child, 5, build.today - 2 * DAY)
    build.rating(cast.mother, 7, build.today - 2 * DAY, "session-adult")
    for chosen, seen in (((), []), ((cast.child,), [("session-youth", [8.0])])):
        found = read_brought_series(
            session,
            by=acting(cast.caseworker, build.today),
            case_id=cast.case.id,
            respondents=[one.id for one in chosen],
            catalogue=catalogue,
            now=now,
        )
        assert [(one.instrument_id, [point.score for point in one.points]) for one in found] == seen
