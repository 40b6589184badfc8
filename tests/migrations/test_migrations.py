"""Migrations go up from every earlier version with data in them, and end where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from fitsvc.schema import alembic_config, current_revision, newest_revision
from fitsvc.storage.base import Base


def test_the_schema_after_the_migrations_is_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_there_is_one_line_of_revisions_ending_at_the_newest(engine: Engine) -> None:
    script = ScriptDirectory.from_config(alembic_config(""))
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
