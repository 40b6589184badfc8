"""Session ratings shared with the provider's leader: a named act of the case's practitioner, for a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.permissions import Permission
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import LONG_TEXT, Invalid, checked_day, checked_text
from fitsvc.services.leader_notices import tell
from fitsvc.services.people import Person, person_of
from fitsvc.storage.accounts import find_staff
from fitsvc.storage.cases import Case, is_practitioner_on
from fitsvc.storage.logs import record_act
from fitsvc.storage.special_access import SessionSharing
from fitsvc.storage.special_reading import list_provider_leaders, list_sharings, list_staff_names

LONGEST_SHARING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sharing:
    id: UUID
    by: str
    leader: str
    from_on: date
    until_on: date
    purpose: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class Sharings:
    case: Case
    rows: list[Sharing]
    leaders: list[Person]


def read_sharings(session: Session, *, by: Actor, case_id: UUID) -> Sharings:
    """Every sharing of the case, and with whom this practitioner may share. NotFound to everybody else."""
    case = _own(session, by, case_id)
    rows = list_sharings(session, case.id)
    names = list_staff_names(session, {one for row in rows for one in (row.shared_by_id, row.shared_with_id)})
    found = [
        Sharing(
            row.id,
            names[row.shared_by_id],
            names[row.shared_with_id],
            row.from_on,
            row.until_on,
            row.purpose,
            row.ended_at is None and row.until_on >= by.today,
        )
        for row in rows
    ]
    leaders = list_provider_leaders(session, case.id, by.unit_id, by.today)
    return Sharings(case, found, [person_of(one) for one in leaders if one.id != by.staff_id])


def share(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    leader_id: UUID,
    until_on: date,
    purpose: str,
    now: datetime,
) -> None:
    """From today until a day, that one included. A sharing that runs already with this leader is replaced.

    Raises NotFound unless the actor is the case's practitioner; Invalid on `leader_id`, `until_on` or `purpose`.
    """
    sharings = read_sharings(session, by=by, case_id=case_id)
    if leader_id not in {one.id for one in sharings.leaders}:
        raise Invalid("leader_id", "not_a_choice")
    checked_day(until_on, "until_on", earliest=by.today, latest=by.today + LONGEST_SHARING)
    purpose = checked_text(purpose, "purpose", limit=LONG_TEXT)
    for row in list_sharings(session, case_id):
        if row.shared_with_id == leader_id and row.ended_at is None:
            row.ended_at = now
    sharing = SessionSharing(
        case_id=case_id,
        shared_by_id=by.staff_id,
        shared_with_id=leader_id,
        from_on=by.today,
        until_on=until_on,
        purpose=purpose,
        created_at=now,
    )
    session.add(sharing)
    session.flush()
    record_act(
        session,
        Act.SESSION_RATINGS_SHARED,
        at=now,
        staff_id=by.staff_id,
        case_id=case_id,
        why=purpose,
        sharing=str(sharing.id),
        leader=str(leader_id),
        until_on=until_on.isoformat(),
    )
    staff = find_staff(session, by.staff_id)
    if staff is None:
        raise NotFound(by.staff_id)
    tell(
        session,
        NoticeKind.SESSIONS_SHARED,
        about=staff,
        by=by.staff_id,
        now=now,
        case_id=case_id,
        leader=str(leader_id),
        until_on=until_on.isoformat(),
    )


def end_sharing(session: Session, *, by: Actor, case_id: UUID, sharing_id: UUID, now: datetime) -> None:
    """At once; twice is once. Raises NotFound."""
    case = _own(session, by, case_id)
    row = session.get(SessionSharing, sharing_id)
    if row is None or row.case_id != case.id:
        raise NotFound(sharing_id)
    if row.ended_at is not None:
        return
    row.ended_at = now
    record_act(
        session,
        Act.SESSION_SHARING_ENDED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        sharing=str(row.id),
        leader=str(row.shared_with_id),
    )


def _own(session: Session, by: Actor, case_id: UUID) -> Case:
    case = get_case(session, by=by, case_id=case_id)
    if not by.may(Permission.SHARE_SESSION_RATINGS) or not is_practitioner_on(session, by, case.id):
        raise NotFound(case_id)
    return case
