"""Sealing the logs: what has been written since the last seal gets one of its own, under a key the database has not."""

from datetime import datetime

from sqlalchemy.orm import Session

from fitsvc.domain.log_chain import START, Head, SealMaker
from fitsvc.domain.log_control import LogName
from fitsvc.storage.log_chain import (
    find_last_seal,
    has_rows_after,
    hold_writers,
    keys,
    list_checkpoints,
    stream_rows,
)
from fitsvc.storage.log_seals import LogSeal

ROWS_IN_A_SEAL = 5000
"""At most: on SQLite everybody who writes waits meanwhile."""


def is_sealed(session: Session) -> bool:
    """Whether nothing has been written to a log since its last seal."""
    return not any(has_rows_after(session, log, _end(session, log)[0]) for log in LogName)


def seal(session: Session, *, now: datetime, at_most: int = ROWS_IN_A_SEAL, patient: bool = True) -> int:
    """Seal what each log has that is not sealed yet, up to so many rows; how many there were in both.

    In a writing transaction that has written nothing itself. Raises Busy when not `patient` and others are writing.
    """
    hold_writers(session, patient=patient)
    return sum(_seal(session, log, now, at_most) for log in LogName)


def seal_everything(session: Session, *, now: datetime) -> int:
    """Seal until nothing is left, committing each seal so that nobody waits long; how many rows there were."""
    rows = 0
    while found := seal(session, now=now):
        session.commit()
        rows += found
    session.rollback()
    return rows


def list_heads(session: Session) -> list[Head]:
    """Where each sealed log ends."""
    return [Head(log.value, *end) for log in LogName if (end := _end(session, log))[0]]


def _seal(session: Session, log: LogName, now: datetime, at_most: int) -> int:
    keyring = keys(session)
    after, previous = _end(session, log)
    maker = SealMaker(keyring.log_key(keyring.writing_id), log.value, previous)
    for row in stream_rows(session, log, after=after, at_most=at_most):
        maker.add(row.seq, row.packed)
    if maker.count:
        session.add(
            LogSeal(
                log=log,
                from_seq=maker.first,
                to_seq=maker.last,
                row_count=maker.count,
                key_id=keyring.writing_id,
                mac=maker.finish(keyring.writing_id, now),
                sealed_at=now,
            )
        )
        session.flush()
    return maker.count


def _end(session: Session, log: LogName) -> tuple[int, str]:
    """The last sealed row and its seal's mac; after a pruning of everything what the checkpoint remembers of them."""
    last = find_last_seal(session, log)
    if last is not None:
        return last.to_seq, last.mac
    checkpoints = list_checkpoints(session, log)
    return (checkpoints[-1].pruned_to, checkpoints[-1].last_mac) if checkpoints else (0, START)
