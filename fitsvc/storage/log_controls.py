"""Controls of the log: the readings of a period, what makes a case special, the controls and their items."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.storage.cases import Case
from fitsvc.storage.log_seals import LogControl, LogControlItem
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.special_access import EmergencyAccess

OF_THE_LOG = (Access.LOG_READ, Access.LOG_EXPORTED, Access.CITIZEN_COPY_MADE)
"""What the controllers read themselves: nobody controls that alone, and it shows no case."""


class ReadingRow(NamedTuple):
    seq: int
    at: datetime
    staff_id: UUID
    access: Access
    case_ids: list[str]


def list_readings_between(session: Session, begins: datetime, ends: datetime) -> list[ReadingRow]:
    """Oldest first; without reading of the log itself."""
    rows = session.execute(
        select(AccessLog.seq, AccessLog.at, AccessLog.staff_id, AccessLog.access, AccessLog.case_ids)
        .where(AccessLog.at >= begins, AccessLog.at < ends, AccessLog.access.not_in(OF_THE_LOG))
        .order_by(AccessLog.seq)
    )
    return [ReadingRow(*row) for row in rows]


def list_protected(session: Session) -> dict[UUID, datetime]:
    rows = session.execute(select(Case.id, Case.protected_at).where(Case.protected_at.is_not(None)))
    return {case_id: since for case_id, since in rows if since is not None}


def list_emergencies_between(session: Session, first: date, last: date) -> set[tuple[UUID, UUID, date]]:
    """Case, member of staff and day."""
    rows = session.execute(
        select(EmergencyAccess.case_id, EmergencyAccess.staff_id, EmergencyAccess.on_day).where(
            EmergencyAccess.on_day >= first, EmergencyAccess.on_day <= last
        )
    )
    return {(row[0], row[1], row[2]) for row in rows}


def find_first_reading_at(session: Session) -> datetime | None:
    return session.scalar(select(func.min(AccessLog.at)))


def list_controls(session: Session) -> list[LogControl]:
    """Newest first."""
    return list(session.scalars(select(LogControl).order_by(LogControl.begun_at.desc(), LogControl.id)))


def find_control(session: Session, control_id: UUID) -> LogControl | None:
    return session.get(LogControl, control_id)


def lock_control(session: Session, control: LogControl) -> None:
    """Read it anew and hold it: nobody finishes it while it is judged."""
    session.refresh(control, with_for_update=True)


def list_items(session: Session, control_id: UUID) -> list[LogControlItem]:
    return list(
        session.scalars(
            select(LogControlItem)
            .where(LogControlItem.control_id == control_id)
            .order_by(LogControlItem.access_seq)
        )
    )


def count_items(session: Session) -> dict[UUID, tuple[int, int]]:
    """Of each control, how many items it has and how many are judged."""
    rows = session.execute(
        select(
            LogControlItem.control_id, func.count(LogControlItem.id), func.count(LogControlItem.verdict)
        ).group_by(LogControlItem.control_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def list_log_rows(session: Session, seqs: Sequence[int]) -> dict[int, AccessLog]:
    return {row.seq: row for row in session.scalars(select(AccessLog).where(AccessLog.seq.in_(seqs)))}
