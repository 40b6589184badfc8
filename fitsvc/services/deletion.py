"""What goes, goes: a closed case, answers that were taken back, contacts nobody needs; each in one transaction.

What is left is a row in `deletions` and one in the audit log, with ids and counts and nothing else.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.retention import DeletionRule, answers_go_on, hindrance, latest_planned_for_going
from fitsvc.services.clock import local_day
from fitsvc.services.errors import Refused
from fitsvc.services.retention import Retention
from fitsvc.storage import deleting
from fitsvc.storage.deletions import Deletion, DeletionKind
from fitsvc.storage.logs import record_act
from fitsvc.storage.respondents import Respondent, lock_respondent

PERSONS_AT_ONCE = 200


def list_due_cases(session: Session, *, retention: Retention, today: date) -> list[UUID]:
    """Closed cases whose day has come and whose copy is in the journal."""
    return [
        one.id
        for one in deleting.list_closed_cases(session)
        if hindrance(
            retention.goes_on(one.opened_on, one.closed_on), today, confirmed=one.confirmed_at is not None
        )
        is None
    ]


def list_due_withdrawals(session: Session, *, today: date) -> list[UUID]:
    """Respondents whose answers were taken back so long ago that it cannot be undone any more."""
    return [
        one.respondent_id
        for one in deleting.list_withdrawn(session)
        if answers_go_on(local_day(one.withdrawn_at)) <= today
    ]


def delete_case(session: Session, *, now: datetime, case_id: UUID, retention: Retention) -> bool:
    """Delete a case that is due; False when it is gone already. Refused when it runs or is not due."""
    case = deleting.get_closed_for_update(session, case_id)
    if case is None:
        return False
    if case.closed_on is None:
        raise Refused("case_open")
    due_on = retention.goes_on(case.opened_on, case.closed_on)
    if hindrance(due_on, local_day(now), confirmed=case.journal_confirmed_at is not None) is not None:
        raise Refused("case_not_due")
    counts = deleting.delete_case(session, case)
    deletion = _note(
        session, DeletionKind.CASE, DeletionRule.MONTHS_AFTER_CLOSING, now, counts, case_id=case_id
    )
    record_act(session, Act.CASE_DELETED, at=now, case_id=case_id, deletion=str(deletion))
    return True


def delete_withdrawn(session: Session, *, now: datetime, respondent_id: UUID) -> bool:
    """Delete what a respondent took back; False when it is gone, was undone, or can still be undone."""
    lock_respondent(session, respondent_id)
    respondent = session.get(Respondent, respondent_id, populate_existing=True)
    if respondent is None or respondent.withdrawn_at is None:
        return False
    if answers_go_on(local_day(respondent.withdrawn_at)) > local_day(now):
        return False
    case_id = respondent.case_id
    session.expunge(respondent)
    counts = deleting.delete_respondent(session, respondent_id)
    deletion = _note(
        session,
        DeletionKind.RESPONDENT,
        DeletionRule.DAYS_AFTER_WITHDRAWAL,
        now,
        counts,
        case_id=case_id,
        respondent_id=respondent_id,
    )
    record_act(
        session,
        Act.RESPONDENT_DELETED,
        at=now,
        case_id=case_id,
        respondent=str(respondent_id),
        deletion=str(deletion),
    )
    return True


def delete_some_contacts(session: Session, *, now: datetime) -> int:
    """E-mail and telephone of up to some hundred persons who will not be asked any more; how many persons."""
    until = latest_planned_for_going(local_day(now))
    persons = deleting.find_due_contacts(session, until, PERSONS_AT_ONCE)
    if persons:
        deleting.delete_contacts(session, persons)
        deletion = _note(
            session,
            DeletionKind.CONTACTS,
            DeletionRule.DAYS_AFTER_LAST_RATING,
            now,
            {"persons": len(persons)},
        )
        record_act(
            session,
            Act.CONTACTS_DELETED,
            at=now,
            deletion=str(deletion),
            persons=[str(person) for person in persons],
        )
    return len(persons)


def _note(
    session: Session,
    kind: DeletionKind,
    rule: DeletionRule,
    now: datetime,
    counts: deleting.Counts,
    *,
    case_id: UUID | None = None,
    respondent_id: UUID | None = None,
) -> UUID:
    row = Deletion(
        id=uuid4(),
        kind=kind,
        case_id=case_id,
        respondent_id=respondent_id,
        rule=rule.value,
        counts=counts,
        deleted_at=now,
        staff_id=None,
    )
    session.add(row)
    session.flush()
    return row.id
