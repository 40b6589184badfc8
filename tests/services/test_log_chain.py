"""Whoever owns the database and not the key changes the logs behind our back: each way is found, no honest one is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.log_chain import START, Head
from fitsvc.domain.log_control import LogName
from fitsvc.services.errors import Refused
from fitsvc.services.log_pruning import prune
from fitsvc.services.log_sealing import list_heads, seal, seal_everything
from fitsvc.services.log_verifying import Fault, verify
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.log_chain import stream_rows
from fitsvc.storage.log_seals import LogCheckpoint, LogSeal
from fitsvc.storage.log_triggers import PROTECTED
from fitsvc.storage.logs import AccessLog, record_access, record_act
from tests.keys import KEYS

LONG_AGO = datetime(2020, 5, 4, 8, 30, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 1, 1, tzinfo=UTC)
STAFF, CASE, OTHER_CASE = (UUID(int=number) for number in (1, 2, 3))


def write_some(session: Session, at: datetime, rows: int = 3) -> None:
    for number in range(rows):
        moment = at + timedelta(seconds=number)
        why = "Akut: mor ringer" if number == 1 else ""
        record_access(
            session, staff_id=STAFF, access=Access.CASE_READ, case_ids=[CASE, OTHER_CASE], at=moment, why=why
        )
        record_act(
            session, Act.GOAL_CLOSED, at=moment, staff_id=STAFF, case_id=CASE, goal=str(CASE), reached=True
        )


def write_three_seals(session: Session) -> None:
    """Rows 1–3, 4–6 and 7–9 of each log, a day apart, and one row that is not sealed yet."""
    for day in range(3):
        write_some(session, LONG_AGO + timedelta(days=day))
        seal(session, now=LONG_AGO + timedelta(days=day, hours=1))
    write_some(session, LONG_AGO + timedelta(days=4), rows=1)
    session.commit()


def off_guard(session: Session) -> None:
    """Take the triggers away in this transaction, as whoever owns the database can."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def faults(session: Session, *expected: Head) -> set[tuple[str, Fault, int, int]]:
    """What is found, the missing triggers aside."""
    session.expire_all()
    found = verify(session, expected=expected).findings
    return {
        (one.log, one.fault, one.first, one.last) for one in found if one.fault is not Fault.TRIGGER_MISSING
    }


FORGED = f"""INSERT INTO log_checkpoints (log, pruned_to, row_count, last_mac, key_id, mac, pruned_at)
    SELECT 'access', 3, 3, mac, key_id, '{START}', sealed_at FROM log_seals WHERE log = 'access' AND to_seq = 3"""
FIRST_GONE = (
    "DELETE FROM case_readings WHERE access_seq <= 3",
    "DELETE FROM access_log WHERE seq <= 3",
    "DELETE FROM log_seals WHERE log = 'access' AND to_seq = 3",
)
TAMPERINGS: dict[str, tuple[tuple[str, ...], tuple[str, Fault, int, int]]] = {
    "a reading removed from the middle": (
        ("DELETE FROM access_log WHERE seq = 5", "DELETE FROM case_readings WHERE access_seq = 5"),
        ("access", Fault.ROWS_MISSING, 4, 6),
    ),
    "a change removed": (("DELETE FROM audit_log WHERE seq = 1",), ("audit", Fault.ROWS_MISSING, 1, 3)),
    "who read": (
        (f"UPDATE access_log SET staff_id = '{UUID(int=9).hex}' WHERE seq = 2",),
        ("access", Fault.ROWS_CHANGED, 1, 3),
    ),
    "when": (
        ("UPDATE access_log SET at = '2020-05-05 08:30:01.123457' WHERE seq = 5",),
        ("access", Fault.ROWS_CHANGED, 4, 6),
    ),
    "which cases": (
        ("UPDATE access_log SET case_ids = '[]' WHERE seq = 5", "DELETE FROM case_readings WHERE access_seq = 5"),
        ("access", Fault.ROWS_CHANGED, 4, 6),
    ),
    "from where": (
        ("UPDATE access_log SET origin = '10.0.0.9' WHERE seq = 9",),
        ("access", Fault.ROWS_CHANGED, 7, 9),
    ),
    "why": (("UPDATE access_log SET why = '' WHERE seq = 2",), ("access", Fault.ROWS_CHANGED, 1, 3)),
    "another row's reason": (
        ("UPDATE access_log SET why = (SELECT why FROM access_log WHERE seq = 2) WHERE seq = 5",),
        ("access", Fault.ROWS_CHANGED, 4, 6),
    ),
    "what was done": (
        ("UPDATE audit_log SET act = 'goal_set' WHERE seq = 4",),
        ("audit", Fault.ROWS_CHANGED, 4, 6),
    ),
    "a code nobody knows": (
        ("UPDATE audit_log SET act = 'nothing_at_all' WHERE seq = 4",),
        ("audit", Fault.ROWS_CHANGED, 4, 6),
    ),
    "a detail": (
        ("""UPDATE audit_log SET details = '{"goal": "x", "reached": false}' WHERE seq = 4""",),
        ("audit", Fault.ROWS_CHANGED, 4, 6),
    ),
    "two rows swapped": (
        (
            "UPDATE audit_log SET seq = 100 WHERE seq = 4",
            "UPDATE audit_log SET seq = 4 WHERE seq = 5",
            "UPDATE audit_log SET seq = 5 WHERE seq = 100",
        ),
        ("audit", Fault.ROWS_CHANGED, 4, 6),
    ),
    "a row moved to the end": (
        ("UPDATE audit_log SET seq = 100 WHERE seq = 4",),
        ("audit", Fault.ROWS_MISSING, 4, 6),
    ),
    "a row put in": (
        (
            "INSERT INTO audit_log (seq, at, staff_id, act, case_id, details, origin, why)"
            " SELECT 0, at, staff_id, act, case_id, details, origin, why FROM audit_log WHERE seq = 1",
        ),
        ("audit", Fault.PRUNED_IS_THERE, 0, 0),
    ),
    "a seal changed": (
        ("UPDATE log_seals SET row_count = 2 WHERE log = 'audit' AND to_seq = 6",),
        ("audit", Fault.ROWS_ADDED, 4, 6),
    ),
    "a seal made later": (
        ("UPDATE log_seals SET sealed_at = '2021-01-01 00:00:00' WHERE log = 'audit' AND to_seq = 6",),
        ("audit", Fault.ROWS_CHANGED, 4, 6),
    ),
    "a seal removed": (
        ("DELETE FROM log_seals WHERE log = 'audit' AND to_seq = 6",),
        ("audit", Fault.ROWS_ADDED, 4, 9),
    ),
    "two seals swapped": (
        (
            "UPDATE log_seals SET seq = 100 WHERE log = 'audit' AND to_seq = 3",
        ),
        ("audit", Fault.SEALS_BROKEN, 1, 3),
    ),
    "the beginning gone": (FIRST_GONE, ("access", Fault.ROWS_CHANGED, 4, 6)),
    "the beginning gone behind a forged checkpoint": (
        (FORGED, *FIRST_GONE),
        ("access", Fault.CHECKPOINT_FORGED, 3, 3),
    ),
    "a reading hidden from its case": (
        (f"DELETE FROM case_readings WHERE access_seq = 5 AND case_id = '{CASE.hex}'",),
        ("access", Fault.INDEX_DIFFERS, 5, 5),
    ),
    "a reading put to a case nobody read": (
        (f"INSERT INTO case_readings (case_id, access_seq) VALUES ('{UUID(int=7).hex}', 77)",),
        ("access", Fault.INDEX_DIFFERS, 77, 77),
    ),
    "a key nobody has": (
        ("UPDATE log_seals SET key_id = 'stolen' WHERE log = 'access' AND to_seq = 9",),
        ("access", Fault.KEY_MISSING, 7, 9),
    ),
}  # fmt: skip


def test_every_way_of_changing_the_logs_behind_our_back_is_found(session: Session) -> None:
    write_three_seals(session)
    unfound = []
    for name, (statements, wanted) in TAMPERINGS.items():
        assert faults(session) == set()
        off_guard(session)
        for statement in statements:
            assert session.execute(text(statement)).rowcount, name  # type: ignore[attr-defined]
        found = faults(session)
        if wanted not in found:
            unfound.append(f"{name}: {found}")
        session.rollback()
    assert not unfound, "\n".join(unfound)


def test_a_row_that_cannot_even_be_read_is_found_and_hides_no_other(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL stores nothing there that is no time")
    write_three_seals(session)
    off_guard(session)
    session.execute(text("UPDATE access_log SET at = 'once' WHERE seq = 2"))
    session.execute(text("UPDATE access_log SET origin = 'x' WHERE seq = 8"))
    assert {one[1:] for one in faults(session)} == {
        (Fault.ROWS_CHANGED, 1, 3),
        (Fault.INDEX_DIFFERS, 2, 2),
        (Fault.ROWS_CHANGED, 7, 9),
    }


def test_an_end_cut_off_with_its_seal_is_found_by_the_head_kept_elsewhere(session: Session) -> None:
    write_three_seals(session)
    heads = list_heads(session)
    assert faults(session, *heads) == set()
    assert Head.parse(str(heads[0])) == heads[0]
    off_guard(session)
    for statement in (
        "DELETE FROM audit_log WHERE seq > 6",
        "DELETE FROM log_seals WHERE log = 'audit' AND to_seq > 6",
    ):
        session.execute(text(statement))
    assert faults(session) == set()
    assert faults(session, *heads) == {("audit", Fault.END_CUT_OFF, 9, 9)}


def test_a_trigger_that_was_taken_away_or_emptied_is_missed(engine: Engine, session: Session) -> None:
    assert verify(session).is_whole
    if engine.dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER audit_log_no_delete"))
    else:
        session.execute(text("DROP TRIGGER audit_log_no_delete"))
    assert [str(one) for one in verify(session).findings] == [
        "audit_log: a trigger that refuses changes is missing or was replaced"
    ]


@pytest.mark.parametrize("table", PROTECTED)
def test_the_database_itself_refuses_to_change_or_delete(session: Session, table: str) -> None:
    write_three_seals(session)
    prune(session, now=datetime(2026, 1, 1, tzinfo=UTC), before=date(2020, 5, 5), keep_months=24)
    session.commit()
    column = {"case_readings": "access_seq", "log_seals": "row_count", "log_checkpoints": "row_count"}
    name = column.get(table, "origin")
    attempts = [f"UPDATE {table} SET {name} = {name}", f"DELETE FROM {table}"]
    if session.get_bind().dialect.name == "postgresql":
        attempts.append(f"TRUNCATE {table}")
    elif table != "case_readings":
        attempts.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    for attempt in attempts:
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            session.execute(text(attempt))
        session.rollback()


def test_pruning_takes_whole_seals_from_the_oldest_end_and_the_logs_still_verify(session: Session) -> None:
    write_three_seals(session)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    done = prune(session, now=now, before=date(2020, 5, 6), keep_months=24)
    session.commit()
    assert [(one.log, one.rows, one.pruned_to) for one in done] == [
        (LogName.ACCESS, 6, 6),
        (LogName.AUDIT, 6, 6),
    ]
    assert [row.seq for row in stream_rows(session, LogName.ACCESS, after=0)] == [7, 8, 9, 10]
    verdict = verify(session)
    assert verdict.is_whole
    assert [(state.rows, state.pruned, state.unsealed) for state in verdict.logs] == [(4, 6, 1), (6, 6, 3)]
    seal(session, now=now)
    assert prune(session, now=now, before=date(2020, 5, 7), keep_months=24)
    assert faults(session) == set()
    assert len(session.scalars(select(LogCheckpoint)).all()) == 4
    off_guard(session)
    session.execute(text("DELETE FROM log_checkpoints WHERE log = 'audit' AND pruned_to = 6"))
    assert ("audit", Fault.CHECKPOINT_FORGED, 9, 9) in faults(session)


def test_everything_pruned_the_chain_goes_on_from_the_checkpoint(session: Session) -> None:
    write_three_seals(session)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    seal(session, now=now)
    prune(session, now=now, before=date(2021, 1, 1), keep_months=24)
    assert session.scalars(select(AccessLog)).all() == []
    write_some(session, now)
    seal(session, now=now)
    assert faults(session, *list_heads(session)) == set()


def test_pruning_refuses_what_is_young_and_what_does_not_verify(session: Session) -> None:
    write_three_seals(session)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="log_too_young"):
        prune(session, now=now, before=date(2024, 1, 2), keep_months=24)
    off_guard(session)
    session.execute(text("UPDATE access_log SET origin = 'x' WHERE seq = 2"))
    with pytest.raises(Refused, match="log_not_whole"):
        prune(session, now=now, before=date(2021, 1, 1), keep_months=24)


SAME_MACS = [
    "6e96e0283ab91773af4954f1beccbcf333467d2bd55e8b9dd4d14392dfb02c66",
    "e069e5739d4eb0961e5a7ee3a360814059fc35c79f52210a35bee67a17ce00f3",
]
"""Of these rows under the tests' key. Other numbers would mean that no log sealed so far verifies any more."""


def test_a_seal_of_the_same_rows_is_the_same_on_both_databases_and_for_all_time(session: Session) -> None:
    write_some(session, LONG_AGO, rows=1)
    seal(session, now=LONG_AGO)
    assert [one.mac for one in session.scalars(select(LogSeal).order_by(LogSeal.seq))] == SAME_MACS


STEPS = st.lists(
    st.sampled_from(["write", "many", "undone", "seal", "prune", "rotate"]), min_size=1, max_size=12
)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_honest_history_is_complained_about(
    migrated_sqlite: Path, tmp_path: Path, steps: list[str]
) -> None:
    file = tmp_path / f"{uuid4()}.sqlite"
    copyfile(migrated_sqlite, file)
    engine = build_engine(f"sqlite:///{file}", KEYS)
    moment, heads = LONG_AGO, []
    do: dict[str, Callable[[Session], object]] = {
        "write": lambda session: write_some(session, moment, rows=1),
        "many": lambda session: write_some(session, moment, rows=5),
        "seal": lambda session: seal_everything(session, now=moment),
        "prune": lambda session: prune(
            session, now=datetime(2026, 1, 1, tzinfo=UTC), before=moment.date(), keep_months=1
        ),
    }
    with Session(writing(engine)) as session:
        for step in steps:
            moment += timedelta(days=1)
            if step == "undone":
                write_some(session, moment)
                session.rollback()
            elif step in do:
                do[step](session)
                session.commit()
            assert faults(session, *heads) == set()
            heads = list_heads(session)
            session.rollback()
    engine.dispose()
