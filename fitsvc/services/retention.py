"""What is kept how long: the kommune's rule, the copy in the journal, and the list of what will go."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.retention import (
    FEWEST_MONTHS,
    MOST_MONTHS,
    Hindrance,
    Rule,
    answers_go_on,
    contacts_go_on,
    goes_on,
    hindrance,
    months_for,
    with_rule,
)
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.clock import local_day
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import checked_number
from fitsvc.storage.cases import Case
from fitsvc.storage.deleting import ClosedCase, list_closed_in_scope, list_persons_last_planned
from fitsvc.storage.frozen import list_frozen_reports
from fitsvc.storage.installation import RETENTION_RULES, find_fact, set_fact
from fitsvc.storage.logs import record_act
from fitsvc.storage.respondents import list_respondents


@dataclass(frozen=True, slots=True)
class Retention:
    """The kommune's rules, oldest first, and what holds before the first one."""

    rules: tuple[Rule, ...]
    default: int

    def goes_on(self, opened_on: date, closed_on: date) -> date:
        return goes_on(opened_on, closed_on, self.rules, default=self.default)

    def months_told(self, opened_on: date, today: date) -> int:
        """What those are told who are asked today in a case opened then."""
        return months_for(opened_on, today, self.rules, default=self.default)


@dataclass(frozen=True, slots=True)
class ClosedFacts:
    """One closed case: from when it may go, and what keeps it."""

    id: UUID
    reference: str
    display_name: str
    closed_on: date
    goes_on: date
    hindrance: Hindrance | None
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class CaseRetention:
    """The same of the case somebody looks at, with what the journal can be given and what goes before the case.

    `contacts_go_on`: when the last contact of those who rate goes, None when there is none or a plan has no end.
    `answers_go_on`: when answers that were taken back go.
    """

    closed: ClosedFacts
    months: int
    paper_count: int
    contacts_go_on: date | None
    answers_go_on: date | None


def read_retention(session: Session, *, default: int) -> Retention:
    """One query. `default` is the setting FITSVC_RETENTION_MONTHS."""
    return Retention(parse_rules(find_fact(session, RETENTION_RULES)), default)


def parse_rules(stored: str | None) -> tuple[Rule, ...]:
    """The rules as they are stored, a JSON list of day and months."""
    return tuple(Rule(date.fromisoformat(day), months) for day, months in json.loads(stored or "[]"))


def change_months(session: Session, *, by: Actor, now: datetime, months: int, default: int) -> Retention:
    """A new rule from today; the same again changes nothing."""
    checked_number(months, "months", FEWEST_MONTHS, MOST_MONTHS)
    found = read_retention(session, default=default)
    if found.months_told(by.today, by.today) == months:
        return found
    rules = with_rule(found.rules, Rule(by.today, months))
    set_fact(
        session, RETENTION_RULES, json.dumps([[rule.from_on.isoformat(), rule.months] for rule in rules])
    )
    record_act(
        session,
        Act.RETENTION_CHANGED,
        at=now,
        staff_id=by.staff_id,
        months=months,
        from_on=by.today.isoformat(),
    )
    return Retention(rules, default)


def list_closed(session: Session, *, by: Actor, now: datetime, default: int) -> tuple[ClosedFacts, ...]:
    """The actor's closed cases, those that go first first."""
    retention = read_retention(session, default=default)
    found = [
        _facts(retention, closed, reference, name, by.today)
        for closed, reference, name in list_closed_in_scope(session, by)
    ]
    note_reading(session, by=by, access=Access.RETENTION_LISTED, case_ids=[one.id for one in found], now=now)
    return tuple(sorted(found, key=lambda one: (one.goes_on, one.reference)))


def look_at_case(session: Session, *, by: Actor, now: datetime, case_id: UUID, default: int) -> CaseRetention:
    """Refused while the case is open: nothing of it goes by the rule."""
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is None:
        raise Refused("case_open")
    note_reading(session, by=by, access=Access.CASE_READ, case_ids=[case.id], now=now)
    retention = read_retention(session, default=default)
    closed = ClosedCase(case.id, case.opened_on, case.closed_on, case.journal_confirmed_at)
    respondents = list_respondents(session, case.id)
    reachable = {one.person_id for one in respondents if one.person.email or one.person.phone}
    planned = list_persons_last_planned(session, reachable).values() if reachable else ()
    days = [contacts_go_on(day) for day in planned if day is not None]
    taken_back = [answers_go_on(local_day(one.withdrawn_at)) for one in respondents if one.withdrawn_at]
    return CaseRetention(
        closed=_facts(retention, closed, case.reference, case.display_name, by.today),
        months=retention.months_told(case.opened_on, case.closed_on),
        paper_count=sum(one.locked_at is None for one in list_frozen_reports(session, case.id)),
        contacts_go_on=max(days) if days and None not in planned else None,
        answers_go_on=max(taken_back, default=None),
    )


def confirm_journal(session: Session, *, by: Actor, now: datetime, case_id: UUID) -> Case:
    """Somebody says that what the journal needs of a closed case is there. Done twice it is done once."""
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is None:
        raise Refused("case_open")
    if case.journal_confirmed_at is None:
        case.journal_confirmed_at, case.journal_confirmed_by_id = now, by.staff_id
        record_act(session, Act.JOURNAL_CONFIRMED, at=now, staff_id=by.staff_id, case_id=case.id)
    return case


def take_confirmation_back(session: Session, *, by: Actor, now: datetime, case_id: UUID) -> Case:
    """As long as the case is there, a mistake can be undone."""
    case = get_case(session, by=by, case_id=case_id)
    if case.journal_confirmed_at is not None:
        case.journal_confirmed_at = case.journal_confirmed_by_id = None
        record_act(session, Act.JOURNAL_UNCONFIRMED, at=now, staff_id=by.staff_id, case_id=case.id)
    return case


def _facts(retention: Retention, closed: ClosedCase, reference: str, name: str, today: date) -> ClosedFacts:
    due_on = retention.goes_on(closed.opened_on, closed.closed_on)
    return ClosedFacts(
        id=closed.id,
        reference=reference,
        display_name=name,
        closed_on=closed.closed_on,
        goes_on=due_on,
        hindrance=hindrance(due_on, today, confirmed=closed.confirmed_at is not None),
        confirmed_on=local_day(closed.confirmed_at) if closed.confirmed_at else None,
    )
