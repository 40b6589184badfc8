"""One import at a time. The lock goes with the process or the connection that holds it, so a crash leaves none."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

LOCK_NUMBER = 7_246_001
"""Any number that no other program uses for an advisory lock in the same database."""


class ImportUnderWay(Exception):
    """Another import is running on this database."""


@contextmanager
def only_import(engine: Engine) -> Iterator[None]:
    """Hold the import lock of this database; ImportUnderWay when somebody else has it.

    On PostgreSQL an advisory lock of a connection of its own; beside an SQLite file a locked file.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": LOCK_NUMBER}):
                raise ImportUnderWay
            connection.commit()  # the lock belongs to the connection; no transaction stands open meanwhile
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": LOCK_NUMBER})
        return
    with Path(f"{engine.url.database}.import-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportUnderWay from error
        yield
