"""Every reading of one case with what is known of its reader: the names and parts behind the ids of the access log."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import TeamMember, TeamPart
from fitsvc.storage.logs import AccessLog, CaseReading
from fitsvc.storage.special_access import EmergencyAccess


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    staff_id: UUID
    access: Access
    why: str


@dataclass(frozen=True, slots=True)
class Membership:
    """`substitute_for_id`: in that colleague's place."""

    staff_id: UUID
    part: TeamPart
    from_on: date
    until_on: date | None
    substitute_for_id: UUID | None


def list_readings_of(session: Session, case_id: UUID) -> list[Reading]:
    """Oldest first."""
    rows = session.execute(
        select(AccessLog.at, AccessLog.staff_id, AccessLog.access, AccessLog.why)
        .join(CaseReading, CaseReading.access_seq == AccessLog.seq)
        .where(CaseReading.case_id == case_id)
        .order_by(AccessLog.seq)
    )
    return [Reading(*row) for row in rows]


def list_memberships_of(session: Session, case_id: UUID) -> list[Membership]:
    """Everybody who ever was on the case."""
    rows = session.execute(
        select(
            TeamMember.staff_id,
            TeamMember.part,
            TeamMember.from_on,
            TeamMember.until_on,
            TeamMember.substitute_for_id,
        ).where(TeamMember.case_id == case_id)
    )
    return [Membership(*row) for row in rows]


def list_emergencies_of(session: Session, case_id: UUID) -> dict[tuple[UUID, date], str]:
    """Who opened the case in an emergency on which day, and why."""
    rows = session.execute(
        select(EmergencyAccess.staff_id, EmergencyAccess.on_day, EmergencyAccess.reason).where(
            EmergencyAccess.case_id == case_id
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def list_readers(session: Session, staff_ids: set[UUID]) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.id.in_(staff_ids))).unique())
