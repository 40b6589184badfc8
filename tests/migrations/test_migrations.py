"""Migrations go up from every earlier version with data in them, and end where the models are."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, TableClause, column, inspect, select, table, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from fitsvc.demo.build import build_demo
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationState
from fitsvc.resources import resource_folder
from fitsvc.schema import alembic_config, current_revision, migrate, newest_revision
from fitsvc.storage.base import Base
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.engine import build_engine
from fitsvc.storage.log_triggers import list_triggers, missing_triggers
from fitsvc.storage.secret import EncryptedBytes, EncryptedText
from tests.conftest import DATABASES
from tests.demo.conftest import MONDAY, quick_hash
from tests.keys import KEYS

GONE: dict[str, dict[str, Callable[[], Any]]] = {
    "follow_up_meetings": {"reason": lambda: "Ferie (Lena)"},
    "access_log": {"id": lambda: uuid4().hex},
    "audit_log": {"id": lambda: uuid4().hex},
}
"""Columns that earlier revisions had and could not do without."""
REVISIONS = [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
Data = dict[str, list[dict[str, Any]]]


def test_the_schema_after_the_migrations_is_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_there_is_one_line_of_revisions_ending_at_the_newest(engine: Engine) -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == 1
    assert current_revision(engine) == newest_revision()


@pytest.mark.parametrize(
    "constraint",
    [
        "INSERT INTO external_series (id, case_id, series_key, name, value_unit, minimum, maximum, direction, sd,"
        " purpose, created_at)"
        " VALUES ('{id}', '{case}', 'x', 'x', '', 0, 10, 'higher_is_better', 2.0, '', '2026-01-01')",
        "INSERT INTO goals (id, case_id, episode_id, number, text, start_value, target_value, set_on, created_at)"
        " VALUES ('{id}', '{case}', '{episode}', 4, 'x', 0, 5, '2026-01-01', '2026-01-01')",
    ],
)
def test_the_database_itself_refuses_half_a_pair(engine: Engine, cast, constraint: str) -> None:  # type: ignore[no-untyped-def]
    statement = constraint.format(id="1" * 32, case=cast.case.id.hex, episode=cast.episode.id.hex)
    with engine.connect() as connection, pytest.raises(Exception, match="ck_"):
        connection.execute(text(statement))


# --- with data in place ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kommune(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Data:
    """Every row of the demo, by table, those that others point to first."""
    engine = build_engine(f"sqlite:///{tmp_path_factory.mktemp('kommune') / 'demo.sqlite'}", KEYS)
    Base.metadata.create_all(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitsvc.demo.build.hash_secret", quick_hash)
        demo = build_demo(MONDAY, catalogue)
    with Session(engine) as session:
        demo.rows.store(session)
        session.commit()
        tables = Base.metadata.sorted_tables
        data = {one.name: [dict(row) for row in session.execute(select(one)).mappings()] for one in tables}
    engine.dispose()
    return data


@pytest.fixture(params=DATABASES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite'}"
        return
    url: str = request.getfixturevalue("postgresql_url")
    engine = build_engine(url, KEYS).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS bare"))
        connection.execute(text("CREATE DATABASE bare"))
    yield engine.url.set(database="bare").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE bare WITH (FORCE)"))
    engine.dispose()


def as_it_was(connection: Connection, name: str) -> TableClause:
    """The table with those columns of its model that it has at this revision; before 0003 nothing was encrypted."""
    there = {one["name"] for one in inspect(connection).get_columns(name)}
    is_plain = not inspect(connection).has_table("log_seals")
    return table(
        name,
        *(
            column(one.name, one.type.impl_instance if is_plain and _is_secret(one.type) else one.type)
            for one in Base.metadata.tables[name].c
            if one.name in there
        ),
    )


def _is_secret(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, EncryptedText | EncryptedBytes)


def gone_columns(connection: Connection, name: str) -> dict[str, Callable[[], Any]]:
    there = {one["name"] for one in inspect(connection).get_columns(name)}
    return {one: value for one, value in GONE.get(name, {}).items() if one in there}


def fill(engine: Engine, data: Data) -> Data:
    """Store what of the data has a place at this revision; returns it."""
    stored: Data = {}
    with engine.begin() as connection:
        present = set(inspect(connection).get_table_names())
        for name, all_rows in data.items():
            if name in present and all_rows:
                target = as_it_was(connection, name)
                stored[name] = [{one.name: row[one.name] for one in target.c} for row in all_rows]
                gone = gone_columns(connection, name)
                everything = table(
                    name, *(column(one.name, one.type) for one in target.c), *map(column, gone)
                )
                connection.execute(
                    everything.insert(),
                    [row | {one: make() for one, make in gone.items()} for row in stored[name]],
                )
    return stored


def read(engine: Engine, like: Data) -> Data:
    """What is stored now of the same tables and columns."""
    with engine.connect() as connection:
        return {
            name: [
                dict(row)
                for row in connection.execute(
                    select(
                        *(column(key, Base.metadata.tables[name].c[key].type) for key in rows[0])
                    ).select_from(table(name))
                ).mappings()
            ]
            for name, rows in like.items()
        }


def in_order(data: Data) -> Data:
    return {name: sorted(rows, key=repr) for name, rows in data.items()}


@pytest.mark.parametrize("revision", REVISIONS)
def test_data_of_every_revision_is_there_unchanged_at_the_newest(
    bare_url: str, kommune: Data, revision: str
) -> None:
    migrate(bare_url, KEYS, revision)
    engine = build_engine(bare_url, KEYS)
    stored = fill(engine, kommune)
    assert {"cases", "ratings", "links", "follow_up_meetings", "goals", "access_log"} <= set(stored)
    migrate(bare_url, KEYS)
    assert in_order(read(engine, stored)) == in_order(stored)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert missing_triggers(connection) == []
    engine.dispose()


def test_the_triggers_after_the_migrations_are_those_of_create_all(bare_url: str) -> None:
    engine = build_engine(bare_url, KEYS)
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        made = list_triggers(connection)
    Base.metadata.drop_all(engine)
    migrate(bare_url, KEYS)
    with engine.connect() as connection:
        assert list_triggers(connection) == made
    assert len(made) >= 3 * 5 - 1
    engine.dispose()


def next_migration(folder: Path, url: str, does: str) -> None:
    """Run a migration that could come after the newest."""
    scripts = folder / "migrations"
    copytree(resource_folder("migrations"), scripts)
    (scripts / "versions" / "9999_next.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision = '9999'\ndown_revision = {newest_revision()!r}\n"
        f"def upgrade():\n{does}\n"
    )
    config = alembic_config(url, KEYS)
    config.set_main_option("script_location", str(scripts))
    command.upgrade(config, "head")


def test_building_a_table_anew_on_sqlite_takes_no_row_along_that_points_to_it(
    tmp_path: Path, kommune: Data
) -> None:
    url = f"sqlite:///{tmp_path / 'bare.sqlite'}"
    migrate(url, KEYS)
    engine = build_engine(url, KEYS)
    stored = fill(engine, kommune)
    next_migration(
        tmp_path,
        url,
        "    with op.batch_alter_table('cases', recreate='always') as cases:\n"
        "        cases.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))",
    )
    assert in_order(read(engine, stored)) == in_order(stored)
    engine.dispose()


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_undone(tmp_path: Path, kommune: Data) -> None:
    url = f"sqlite:///{tmp_path / 'bare.sqlite'}"
    migrate(url, KEYS)
    engine = build_engine(url, KEYS)
    stored = fill(engine, kommune)
    with pytest.raises(RuntimeError, match="point to nothing"):
        next_migration(tmp_path, url, "    op.execute('DELETE FROM units')")
    assert in_order(read(engine, stored)) == in_order(stored)
    assert current_revision(engine) == newest_revision()
    engine.dispose()


def test_a_reason_on_a_meeting_becomes_a_deviation_with_who_decided_it(bare_url: str, kommune: Data) -> None:
    migrate(bare_url, KEYS, "0001")
    engine = build_engine(bare_url, KEYS)
    meetings = fill(engine, kommune)["follow_up_meetings"]
    migrate(bare_url, KEYS)
    with Session(engine) as session:
        found = session.scalars(select(Deviation)).all()
        assert {one.meeting_id for one in found} == {one["id"] for one in meetings}
        assert {(one.kind, one.state, one.reason, one.decided_by) for one in found} == {
            (DeviationKind.LATER, DeviationState.APPROVED, "Ferie", "Lena")
        }
    engine.dispose()
