"""The follow-up clock of every case somebody sees: when the next follow-up is due, and how late it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.follow_up import FollowUpClock
from fitsvc.services.cadences import all_standards
from fitsvc.services.follow_up_dates import Standards, propose_next
from fitsvc.storage.caseload import CaseName
from fitsvc.storage.follow_ups import FollowUpRow, list_approved_days, list_follow_ups


@dataclass(frozen=True, slots=True)
class LateFollowUp:
    """A case whose follow-up is overdue by so many days; `planned_on` is the meeting planned, if there is one."""

    case: CaseName
    clock: FollowUpClock
    planned_on: date | None


def read_clocks(session: Session, *, by: Actor, case_ids: Collection[UUID]) -> dict[UUID, FollowUpClock]:
    """The clock of each of these cases that has a measure running today: four queries however many they are."""
    return {row.case.id: clock for row, clock in _clocks(session, by, case_ids)}


def list_late(session: Session, *, by: Actor) -> list[LateFollowUp]:
    """Every case in the actor's reach whose follow-up is overdue, the law's limit first, then the longest overdue."""
    late = [
        LateFollowUp(row.case, clock, row.planned_on)
        for row, clock in _clocks(session, by, None)
        if clock.days_overdue(by.today) or clock.days_past_limit(by.today)
    ]
    return sorted(
        late,
        key=lambda one: (
            -one.clock.days_past_limit(by.today),
            -one.clock.days_overdue(by.today),
            one.case.reference,
        ),
    )


def _clocks(
    session: Session, by: Actor, case_ids: Collection[UUID] | None
) -> list[tuple[FollowUpRow, FollowUpClock]]:
    """One for each case: where several measures run, of the latest, as everywhere else (`domain.episode`)."""
    latest = {row.case.id: row for row in list_follow_ups(session, by, case_ids=case_ids)}
    of_these = [row.episode_id for row in latest.values()] if case_ids is not None else None
    approved = list_approved_days(session, of_these)
    standards = all_standards(session)
    return [(row, _clock(standards, row, approved)) for row in latest.values()]


def _clock(standards: Standards, row: FollowUpRow, approved: set[tuple[UUID, date]]) -> FollowUpClock:
    proposed = propose_next(standards, row, row.last_held_on)
    return FollowUpClock(
        by_cadence=proposed.day,
        planned_on=row.planned_on,
        statutory_limit=proposed.limit,  # none once a meeting of the measure was held
        counts_from_planned=row.planned_on is not None and (row.episode_id, row.planned_on) in approved,
    )
