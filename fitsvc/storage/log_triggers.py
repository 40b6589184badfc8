"""Triggers that refuse every change of the logs, on both databases.

Rows are added. They are never changed, and deleted only up to where a checkpoint says that the log was pruned. Whoever
owns the database can drop a trigger; `fitsvc audit verify` finds what they do then, and that a trigger is gone.
Migration 0003 holds a copy of these statements, which stays as it is when they change here. On SQLite
`batch_alter_table` builds a table anew and loses its triggers: a migration that does so to a log creates them again.
"""

from typing import Any

from sqlalchemy import Connection, MetaData, event, text

from fitsvc.storage.base import Base

_PRUNED = "COALESCE((SELECT MAX(pruned_to) FROM log_checkpoints WHERE log = {log}), 0)"
_NUMBER_AND_LOG = {
    "access_log": ("seq", "'access'"),
    "audit_log": ("seq", "'audit'"),
    "case_readings": ("access_seq", "'access'"),
    "log_seals": ("to_seq", "OLD.log"),
    "log_checkpoints": None,
}
"""For each table what is held against the newest checkpoint, and of which log; None: no row ever goes."""
_ALREADY_THERE = {
    "access_log": "SELECT 1 FROM access_log WHERE seq = NEW.seq",
    "audit_log": "SELECT 1 FROM audit_log WHERE seq = NEW.seq",
    "log_seals": "SELECT 1 FROM log_seals WHERE seq = NEW.seq OR (log = NEW.log AND to_seq = NEW.to_seq)",
    "log_checkpoints": "SELECT 1 FROM log_checkpoints"
    " WHERE seq = NEW.seq OR (log = NEW.log AND pruned_to = NEW.pruned_to)",
}
"""SQLite deletes what INSERT OR REPLACE replaces without asking the triggers of deletion."""
PROTECTED = tuple(_NUMBER_AND_LOG)


def sqlite_triggers() -> list[str]:
    """One CREATE TRIGGER each."""
    made = []
    for table, key in _NUMBER_AND_LOG.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        kept = ""
        if key is not None:
            number, log = key
            kept = f" WHEN OLD.{number} > {_PRUNED.format(log=log)}"
        made.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        made.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}{kept} {refuse}")
        if table in _ALREADY_THERE:
            there = _ALREADY_THERE[table]
            made.append(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) {refuse}"
            )
    return made


def postgresql_triggers() -> list[str]:
    """Two functions, and then one CREATE TRIGGER each."""
    made = [
        "CREATE OR REPLACE FUNCTION fitsvc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        "CREATE OR REPLACE FUNCTION fitsvc_pruned_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF (to_jsonb(OLD) ->> TG_ARGV[0])::bigint > "
        + _PRUNED.format(log="COALESCE(to_jsonb(OLD) ->> 'log', TG_ARGV[1])")
        + " THEN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$",
    ]
    for table, key in _NUMBER_AND_LOG.items():
        never = "EXECUTE FUNCTION fitsvc_append_only()"
        made.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {never}")
        made.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {never}"
        )
        refuse = never
        if key is not None:
            log = key[1] if key[1].startswith("'") else "''"
            refuse = f"EXECUTE FUNCTION fitsvc_pruned_only('{key[0]}', {log})"
        made.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
    return made


def trigger_names(dialect: str) -> frozenset[str]:
    made = sqlite_triggers() if dialect == "sqlite" else postgresql_triggers()
    return frozenset(one.split()[2] for one in made if one.startswith("CREATE TRIGGER"))


def list_triggers(connection: Connection) -> dict[str, str]:
    """The triggers that stand guard over the logs in this database now: what each does, by name."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname, prosrc FROM pg_trigger"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    return {name: made_of for name, made_of in connection.execute(text(query)) if _is_ours(name)}


def missing_triggers(connection: Connection) -> list[str]:
    """Tables of the logs without all the triggers they were made with, or with others of those names."""
    there, dialect = list_triggers(connection), connection.dialect.name
    return [
        table
        for table in PROTECTED
        if any(
            not _does(there.get(name, ""), dialect)
            for name in trigger_names(dialect)
            if _table(name) == table
        )
    ]


def _table(trigger: str) -> str:
    return trigger.partition("_no_")[0]


def _does(made_of: str, dialect: str) -> bool:
    if dialect == "sqlite":
        return made_of in sqlite_triggers()
    return bool(made_of) and any(f"$${made_of}$$" in one for one in postgresql_triggers())


def _is_ours(name: str) -> bool:
    return any(name.startswith(f"{table}_no_") for table in PROTECTED)


@event.listens_for(Base.metadata, "after_create")
def _create(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    if trigger_names(connection.dialect.name) <= list_triggers(connection).keys():
        return  # the tables were there already
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in sqlite_triggers() if is_sqlite else postgresql_triggers():
        connection.exec_driver_sql(statement.replace("%", "%%") if not is_sqlite else statement)
