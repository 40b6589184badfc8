"""Taking the oldest rows of the logs away: whole seals only, from the oldest end, with a checkpoint in their place."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import add_months
from fitsvc.domain.log_chain import START, checkpoint_mac
from fitsvc.domain.log_control import LogName
from fitsvc.services.clock import local_day
from fitsvc.services.errors import Refused
from fitsvc.services.log_verifying import checkpoint_values, verify
from fitsvc.storage.log_chain import (
    delete_up_to,
    hold_writers,
    keys,
    list_checkpoints,
    newest_moment,
    stream_seals,
)
from fitsvc.storage.log_seals import LogCheckpoint, LogSeal
from fitsvc.storage.logs import record_act


@dataclass(frozen=True, slots=True)
class Pruned:
    log: LogName
    rows: int
    pruned_to: int


def prune(
    session: Session, *, now: datetime, before: date, keep_months: int, by: UUID | None = None
) -> list[Pruned]:
    """Delete what is under seals whose every row is older than `before` (a Danish day); what went of each log.

    Rows that are not sealed stay. Raises Refused("log_too_young") when `before` lies within the months that are kept,
    Refused("log_not_whole") when the logs do not verify: what shows that must not go.
    """
    if before > add_months(local_day(now), -keep_months):
        raise Refused("log_too_young")
    hold_writers(session)
    if not verify(session).is_whole:
        raise Refused("log_not_whole")
    return [done for log in LogName if (done := _prune(session, log, now, before, by)) is not None]


def _prune(session: Session, log: LogName, now: datetime, before: date, by: UUID | None) -> Pruned | None:
    last, rows = _find_last(session, log, before)
    if last is None:
        return None
    keyring, earlier = keys(session), list_checkpoints(session, log)
    checkpoint = LogCheckpoint(
        log=log,
        pruned_to=last.to_seq,
        row_count=rows,
        last_mac=last.mac,
        key_id=keyring.writing_id,
        mac="",
        pruned_at=now,
    )
    previous = earlier[-1].mac if earlier else START
    checkpoint.mac = checkpoint_mac(
        keyring.log_key(keyring.writing_id), previous, checkpoint_values(checkpoint)
    )
    session.add(checkpoint)
    session.flush()
    delete_up_to(session, log, last.to_seq)
    record_act(
        session,
        Act.LOG_PRUNED,
        at=now,
        staff_id=by,
        log=log.value,
        pruned_to=last.to_seq,
        rows=rows,
        before=before.isoformat(),
    )
    return Pruned(log, rows, last.to_seq)


def _find_last(session: Session, log: LogName, before: date) -> tuple[LogSeal | None, int]:
    """The last seal from the oldest end that may go, and how many rows go with it and those before it."""
    last, rows = None, 0
    for seal in stream_seals(session, log):
        newest = newest_moment(session, log, seal.from_seq, seal.to_seq)
        if newest is None or local_day(newest) >= before:
            break
        last, rows = seal, rows + seal.row_count
    return last, rows
