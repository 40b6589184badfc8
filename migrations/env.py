"""Alembic's environment: the address comes from the caller (`fitsvc.schema`), never from a file."""

from alembic import context

import fitsvc.storage  # noqa: F401  loads every model
from fitsvc.storage.base import Base
from fitsvc.storage.engine import build_engine, writing

database_url = context.config.attributes["database_url"]
engine = writing(build_engine(database_url, context.config.attributes["keys"]))
is_sqlite = engine.dialect.name == "sqlite"
try:
    with engine.connect() as connection:
        if is_sqlite:
            # SQLite changes a table by building it anew and dropping the old one. With foreign keys on, the drop
            # would take the rows that point to it along. They can only be switched outside a transaction.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            user_module_prefix="storage.",
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(
                    f"a migration left rows that point to nothing: {broken[:5]}; nothing was changed"
                )
finally:
    engine.dispose()
