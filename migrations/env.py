"""Alembic's environment: the address comes from the caller (`fitsvc.schema`), never from a file."""

from alembic import context

import fitsvc.storage  # noqa: F401  loads every model
from fitsvc.storage.base import Base
from fitsvc.storage.engine import build_engine, writing

database_url = context.config.attributes["database_url"]
engine = writing(build_engine(database_url))
with engine.connect() as connection:
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
engine.dispose()
