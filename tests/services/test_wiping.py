"""What was deleted is in none of the database's own files, and the nightly command says so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from fitsvc.cli import main
from fitsvc.demo.build import build_demo
from fitsvc.domain.catalogue import Catalogue
from fitsvc.keyring import Keyring
from fitsvc.storage import deleting
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.wiping import wipe
from tests.builders import Builder
from tests.cast import Cast
from tests.demo.conftest import MONDAY, quick_hash
from tests.keys import DATA_KEYS, KEYS

DAY = timedelta(days=1)


def _marks(session: Session, case: Case) -> set[bytes]:
    """What of a case can be looked for as bytes: every id, ciphertext and digest that only it has."""
    dialect = session.get_bind().dialect.name
    found = deleting._under(session, Base.metadata.tables["cases"], [case.id])
    persons = deleting._persons_of(session, found["respondents"])
    marks = {case.reference.encode()}
    for name, ids in {**found, "persons": list(persons)}.items():
        table = Base.metadata.tables[name]
        if len(table.primary_key.columns) != 1:
            continue
        wanted = [one.hex if dialect == "sqlite" else str(one) for one in ids]
        rows = session.execute(
            text(f'SELECT * FROM "{name}" WHERE id IN ({", ".join(f":i{n}" for n in range(len(wanted)))})'),
            {f"i{n}": one for n, one in enumerate(wanted)},
        )
        for value in (value for row in rows for value in row):
            raw = value.encode() if isinstance(value, str) else value
            if isinstance(raw, bytes | memoryview) and bytes(raw).startswith(b"test:") and len(raw) > 30:
                marks.add(bytes(raw)[:60])
        marks |= {one.hex.encode() if dialect == "sqlite" else one.bytes for one in ids if one != case.id}
    return marks


@pytest.fixture
def filled(engine: Engine, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr("fitsvc.demo.build.hash_secret", quick_hash)
    demo = build_demo(MONDAY, catalogue)
    with Session(writing(engine)) as session:
        demo.rows.store(session)
        session.commit()
        yield session


def _delete_one(session: Session) -> set[bytes]:
    """Delete the first case of a demo, and say what must be found nowhere."""
    case = session.scalars(
        select(Case).order_by(Case.reference).where(Case.closed_on.is_(None)).limit(1)
    ).one()
    marks = _marks(session, case)
    assert len(marks) > 100
    deleting.delete_case(session, case)
    session.commit()
    return marks


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_byte_of_a_deleted_case_is_left_in_sqlites_files(
    engine: Engine, filled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitsvc.storage.wiping.WAIT_MS", 20)
    file = Path(str(engine.url.database))

    def left(marks: set[bytes]) -> int:
        whole = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        return sum(mark in whole for mark in marks)

    filled.execute(text("SELECT 1"))
    case_marks = _delete_one(filled)
    assert left(case_marks) > 100, "before: the look does find what is there"
    reader = build_engine(str(engine.url), KEYS)
    with reader.connect() as reading:
        reading.execute(text("SELECT count(*) FROM cases")).scalar()
        assert wipe(engine, whole=False, pause=lambda tried: None) is False
    reader.dispose()
    assert wipe(engine, whole=False, pause=lambda tried: None) is True
    assert left(case_marks) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_byte_of_a_deleted_case_is_left_in_postgresqls_tables_written_anew(
    engine: Engine, filled: Session
) -> None:
    marks = _delete_one(filled)
    filled.close()
    assert wipe(engine, whole=True, pause=lambda tried: None) is True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        base = Path(str(connection.scalar(text("SHOW data_directory")))) / "base"
        own = str(connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()")))
        kept = {
            f"{one}" for one in connection.scalars(text("SELECT pg_relation_filenode(oid) FROM pg_class"))
        }
    files = [one for one in (base / own).iterdir() if one.name.split(".")[0] in kept]
    whole = b"".join(one.read_bytes() for one in files)
    assert len(whole) > 100_000
    assert [mark for mark in marks if mark in whole] == []


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_looks_deletes_cleans_and_reports(
    session: Session, engine: Engine, build: Builder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = datetime.now(UTC).date()
    cast.case.opened_on, cast.case.closed_on = real - 900 * DAY, real - 400 * DAY
    cast.case.journal_confirmed_at, cast.case.journal_confirmed_by_id = build.now, cast.caseworker.id
    session.commit()
    for name, value in {
        "FITSVC_DATABASE_URL": str(engine.url), "FITSVC_DATA_KEYS": DATA_KEYS, "FITSVC_SECRET_KEY": "k" * 40,
        "FITSVC_BASE_URL": "http://localhost",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    looked = CliRunner().invoke(main, ["housekeeping", "--dry-run"])
    assert looked.exit_code == 0, looked.output
    assert "      1  closed cases" in looked.output
    assert session.get(Case, cast.case.id) is not None
    session.rollback()
    with monkeypatch.context() as busy:
        busy.setattr("fitsvc.housekeeping_command.wipe", lambda *_given, **_named: False)
        done = CliRunner().invoke(main, ["housekeeping"])
    assert (done.exit_code, "not cleaned yet" in done.output) == (3, True), done.output
    assert "      1  closed cases" in done.output
    assert "      1  rows of the logs sealed" in done.output
    again = CliRunner().invoke(main, ["housekeeping"])
    assert again.exit_code == 0, again.output
    assert "      0  closed cases" in again.output
    assert "files were cleaned" in again.output  # what the first run could not do is not forgotten
    assert "cleaned" not in CliRunner().invoke(main, ["housekeeping"]).output
    assert cast.case.display_name not in looked.output + done.output
    monkeypatch.setenv("FITSVC_DATA_KEYS", "test:" + "A" * 43 + "=")
    refused = CliRunner().invoke(main, ["housekeeping"])
    assert (refused.exit_code, "is not the one" in refused.output) == (2, True)
    assert Keyring.parse(DATA_KEYS).writing_id == "test"
