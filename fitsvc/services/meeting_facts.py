"""What a case's meetings have written down, as plain facts: minutes, agreements, statuses, wishes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Minute, Visibility
from fitsvc.services.case_facts import MeetingFacts
from fitsvc.storage.agendas import list_wishes
from fitsvc.storage.goals import list_goal_statuses
from fitsvc.storage.minutes import list_agreements, list_brought_sessions, list_minutes


@dataclass(frozen=True, slots=True)
class MinuteFacts:
    """One field of the minutes. Whoever changes it says which `version` they saw; 0 when nothing is written yet."""

    text: str = ""
    version: int = 0
    changed_by_id: UUID | None = None
    changed_at: datetime | None = None


NOTHING_WRITTEN = MinuteFacts()


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    id: UUID
    meeting_id: UUID
    what: str
    who: str
    by_on: date | None
    done_on: date | None
    how_it_went: str
    version: int

    @property
    def is_open(self) -> bool:
        return self.done_on is None


@dataclass(frozen=True, slots=True)
class GoalStatusFacts:
    meeting_id: UUID
    goal_id: UUID
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class WishFacts:
    id: UUID
    respondent_id: UUID
    meeting_id: UUID | None
    text: str
    visibility: Visibility
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingBook:
    """Everything written around a case's meetings. `brought` are, by meeting, the respondents whose session ratings
    the family chose to bring there.
    """

    minutes: Mapping[UUID, Mapping[Minute, MinuteFacts]]
    agreements: tuple[AgreementFacts, ...]
    statuses: tuple[GoalStatusFacts, ...]
    wishes: tuple[WishFacts, ...]
    brought: Mapping[UUID, frozenset[UUID]]

    def minute(self, meeting_id: UUID, field: Minute) -> MinuteFacts:
        return self.minutes.get(meeting_id, {}).get(field, NOTHING_WRITTEN)

    @property
    def open_agreements(self) -> tuple[AgreementFacts, ...]:
        return tuple(one for one in self.agreements if one.is_open)


def read_meeting_book(session: Session, *, case_id: UUID, for_practitioner: bool = False) -> MeetingBook:
    """The book of one case, in five queries. The caller has found the case within the actor's scope.

    Wishes meant for the practitioner alone come along only `for_practitioner`.
    """
    minutes: dict[UUID, dict[Minute, MinuteFacts]] = defaultdict(dict)
    for row in list_minutes(session, case_id):
        minutes[row.meeting_id][row.field] = MinuteFacts(
            row.text, row.version, row.changed_by_id, row.changed_at
        )
    brought: dict[UUID, set[UUID]] = defaultdict(set)
    for one in list_brought_sessions(session, case_id):
        brought[one.meeting_id].add(one.respondent_id)
    return MeetingBook(
        minutes=minutes,
        agreements=tuple(
            AgreementFacts(
                one.id,
                one.meeting_id,
                one.what,
                one.who,
                one.by_on,
                one.done_on,
                one.how_it_went,
                one.version,
            )
            for one in list_agreements(session, case_id)
        ),
        statuses=tuple(
            GoalStatusFacts(one.meeting_id, one.goal_id, one.text, one.written_at)
            for one in list_goal_statuses(session, case_id)
        ),
        wishes=tuple(
            WishFacts(one.id, one.respondent_id, one.meeting_id, one.text, one.visibility, one.created_at)
            for one in list_wishes(session, case_id)
            if for_practitioner or one.visibility is Visibility.MEETING
        ),
        brought={meeting: frozenset(who) for meeting, who in brought.items()},
    )


def last_held(meetings: Iterable[MeetingFacts], this: MeetingFacts | None) -> MeetingFacts | None:
    """The newest meeting held before this one."""
    held = [one for one in meetings if one.held_on is not None and one != this]
    before = [one for one in held if this is None or this.held_on is None or one.on <= this.on]
    return max(before, key=lambda one: one.on, default=None)
