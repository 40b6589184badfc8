"""Looking whether the logs are as they were written: rows against seals, seals against one another and checkpoints.

Every row is read once, some thousand in memory at a time. What was written since the last seal is not under a seal yet
and only counted. An end that was cut off together with its seals shows only against a head kept elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from fitsvc.domain.log_chain import START, Head, SealMaker, checkpoint_mac, is_same, microseconds
from fitsvc.domain.log_control import LogName
from fitsvc.keyring import Keyring, WrongKey
from fitsvc.storage.log_chain import (
    StoredRow,
    hold_still,
    keys,
    list_case_readings,
    list_checkpoints,
    stream_rows,
    stream_seals,
)
from fitsvc.storage.log_seals import LogCheckpoint, LogSeal
from fitsvc.storage.log_triggers import missing_triggers


class Fault(StrEnum):
    ROWS_MISSING = "rows_missing"
    ROWS_ADDED = "rows_added"
    ROWS_CHANGED = "rows_changed"
    SEALS_BROKEN = "seals_broken"
    KEY_MISSING = "key_missing"
    CHECKPOINT_FORGED = "checkpoint_forged"
    PRUNED_IS_THERE = "pruned_is_there"
    INDEX_DIFFERS = "index_differs"
    END_CUT_OFF = "end_cut_off"
    TRIGGER_MISSING = "trigger_missing"


WORDS = {
    Fault.ROWS_MISSING: "{log}: rows are missing between {first} and {last}",
    Fault.ROWS_ADDED: "{log}: rows were put in between {first} and {last}",
    Fault.ROWS_CHANGED: "{log}: a row or the seal of rows {first} to {last} was changed, or a seal before it is gone",
    Fault.SEALS_BROKEN: "{log}: the seal of rows {first} to {last} does not follow the one before it",
    Fault.KEY_MISSING: "{log}: rows {first} to {last} cannot be verified: their key is not in FITSVC_DATA_KEYS",
    Fault.CHECKPOINT_FORGED: "{log}: the checkpoint that says rows up to {last} were pruned is not ours",
    Fault.PRUNED_IS_THERE: "{log}: rows from {first} on are there though everything up to {last} was pruned",
    Fault.INDEX_DIFFERS: "{log}: the index of cases disagrees with rows {first} to {last}",
    Fault.END_CUT_OFF: "{log}: the log ended at row {last} once, and does not any more: its end was cut off or remade",
    Fault.TRIGGER_MISSING: "{log}: a trigger that refuses changes is missing or was replaced",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is not as it was written, in rows `first` to `last` of a log."""

    log: str
    fault: Fault
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        return WORDS[self.fault].format(log=self.log, first=self.first, last=self.last)


@dataclass(slots=True)
class LogState:
    """What was found in one log. `unsealed` rows were written after the last seal, the oldest of them then."""

    log: LogName
    rows: int = 0
    pruned: int = 0
    seals: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None
    head: Head | None = None
    findings: list[Finding] = field(default_factory=list)

    def find(self, fault: Fault, first: int, last: int) -> None:
        self.findings.append(Finding(self.log.value, fault, first, last))


@dataclass(frozen=True, slots=True)
class Verdict:
    logs: list[LogState]
    findings: list[Finding]

    @property
    def is_whole(self) -> bool:
        return not self.findings


def verify(session: Session, *, expected: Sequence[Head] = ()) -> Verdict:
    """Read both logs from end to end. `expected`: heads told earlier, which must still be where they were."""
    if not session.in_transaction():
        hold_still(session)
    states = [
        _verify_log(session, log, {head.seq: head.mac for head in expected if head.log == log.value})
        for log in LogName
    ]
    findings = [Finding(table, Fault.TRIGGER_MISSING) for table in missing_triggers(session.connection())]
    return Verdict(states, findings + [one for state in states for one in state.findings])


def _verify_log(session: Session, log: LogName, expected: dict[int, str]) -> LogState:
    state, keyring = LogState(log), keys(session)
    pruned_to, previous = _verify_checkpoints(session, state, keyring)
    seen = {pruned_to: previous}
    rows = _Rows(_with_index(session, state, pruned_to), state)
    reached = pruned_to
    for seal in stream_seals(session, log):
        state.seals += 1
        if seal.from_seq <= reached or seal.to_seq < seal.from_seq:
            state.find(Fault.SEALS_BROKEN, seal.from_seq, seal.to_seq)
        _verify_seal(state, keyring, seal, previous, rows.up_to(seal.to_seq))
        reached, previous = max(reached, seal.to_seq), seal.mac
        if seal.to_seq in expected:
            seen[seal.to_seq] = seal.mac
        state.head = Head(log.value, seal.to_seq, seal.mac)
    for row in rows.rest():
        state.unsealed += 1
        state.unsealed_since = state.unsealed_since or row.at
    if state.head is None and pruned_to:
        state.head = Head(log.value, pruned_to, previous)
    for seq, mac in expected.items():
        # What was pruned since cannot be compared any more, and its pruning is under a checkpoint of ours.
        if seq >= pruned_to and not is_same(seen.get(seq, ""), mac):
            state.find(Fault.END_CUT_OFF, seq, seq)
    return state


def _verify_seal(
    state: LogState, keyring: Keyring, seal: LogSeal, previous: str, rows: Iterator[StoredRow]
) -> None:
    try:
        key = keyring.log_key(seal.key_id)
    except WrongKey:
        state.find(Fault.KEY_MISSING, seal.from_seq, seal.to_seq)
        key = b""
    maker = SealMaker(key, state.log.value, previous)
    for row in rows:
        maker.add(row.seq, row.packed)
    if not key:
        return
    if maker.count < seal.row_count:
        state.find(Fault.ROWS_MISSING, seal.from_seq, seal.to_seq)
    elif maker.count > seal.row_count:
        state.find(Fault.ROWS_ADDED, min(maker.first, seal.from_seq), seal.to_seq)
    elif (maker.first, maker.last) != (seal.from_seq, seal.to_seq) or not is_same(
        maker.finish(seal.key_id, seal.sealed_at), seal.mac
    ):
        state.find(Fault.ROWS_CHANGED, seal.from_seq, seal.to_seq)


def _verify_checkpoints(session: Session, state: LogState, keyring: Keyring) -> tuple[int, str]:
    """Up to where the log was pruned, and the mac the first seal goes on from."""
    pruned_to, last_mac, previous = 0, START, START
    for one in list_checkpoints(session, state.log):
        if not _is_ours(one, previous, keyring) or one.pruned_to <= pruned_to:
            state.find(Fault.CHECKPOINT_FORGED, one.pruned_to, one.pruned_to)
        state.pruned += one.row_count
        pruned_to, last_mac, previous = one.pruned_to, one.last_mac, one.mac
    return pruned_to, last_mac


def _is_ours(one: LogCheckpoint, previous: str, keyring: Keyring) -> bool:
    try:
        key = keyring.log_key(one.key_id)
    except WrongKey:
        return False
    return is_same(checkpoint_mac(key, previous, checkpoint_values(one)), one.mac)


def checkpoint_values(one: LogCheckpoint) -> tuple[str | int, ...]:
    """What a checkpoint's mac is made over."""
    return (
        one.log.value, one.pruned_to, one.row_count, one.last_mac, one.key_id, microseconds(one.pruned_at)
    )  # fmt: skip


class _Rows:
    """A log's rows, dealt out to the seals they lie under."""

    def __init__(self, rows: Iterator[StoredRow], state: LogState) -> None:
        self._rows, self._state = rows, state
        self._next = next(rows, None)

    def up_to(self, seq: int) -> Iterator[StoredRow]:
        while self._next is not None and self._next.seq <= seq:
            yield self._take()

    def rest(self) -> Iterator[StoredRow]:
        while self._next is not None:
            yield self._take()

    def _take(self) -> StoredRow:
        row = self._next
        if row is None:
            raise RuntimeError("no row is left")
        self._state.rows += 1
        self._next = next(self._rows, None)
        return row


def _with_index(session: Session, state: LogState, pruned_to: int) -> Iterator[StoredRow]:
    """The rows, compared on the way with the index of cases; rows that were pruned must not be there."""
    there = next(stream_rows(session, state.log, after=-(2**62), at_most=1), None)
    if there is not None and there.seq <= pruned_to:
        state.find(Fault.PRUNED_IS_THERE, there.seq, pruned_to)
    if state.log is LogName.AUDIT:
        yield from stream_rows(session, state.log, after=pruned_to)
        return
    after, page = 0, []
    for row in stream_rows(session, state.log, after=pruned_to):
        page.append(row)
        if len(page) == _COMPARED_AT_ONCE:
            _compare(session, state, after, row.seq, page)
            after, page = row.seq, []
        yield row
    _compare(session, state, after, None, page)


_COMPARED_AT_ONCE = 1000


def _compare(session: Session, state: LogState, after: int, up_to: int | None, page: list[StoredRow]) -> None:
    wanted = {(row.seq, case_id) for row in page for case_id in row.case_ids or ()}
    found = list_case_readings(session, after, up_to)
    for first in [min(seq for seq, _case_id in wanted ^ found)] if wanted != found else []:
        last = max(seq for seq, _case_id in wanted ^ found)
        state.find(Fault.INDEX_DIFFERS, first, last)
