"""After deleting: nothing of it is left in the database's own files.

SQLite overwrites what is deleted (secure_delete), but a page that was split earlier may hold an older copy, and the
write-ahead log holds pages as they were. So the file is written anew (VACUUM) and the log is emptied. PostgreSQL frees
the rows' space (VACUUM), and their bytes stay until it is used again; `whole` writes the tables anew and lets go of the
old files, while nobody can use them.
"""

from collections.abc import Callable
from sqlite3 import OperationalError

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from fitsvc.storage.base import Base
from fitsvc.storage.logs import AccessLog, AuditLog, CaseReading

TRIES, WAIT_MS = 5, 2_000
_APPEND_ONLY = {AccessLog.__tablename__, AuditLog.__tablename__, CaseReading.__tablename__}


def wipe(engine: Engine, *, whole: bool, pause: Callable[[int], None]) -> bool:
    """False when somebody who reads, or a full disk, kept it from happening: the next time will do.

    `pause` waits between two tries; it is told how many there have been.
    """
    if engine.dialect.name == "sqlite":
        return _wipe_sqlite(engine, pause)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted(Base.metadata.tables.keys() - _APPEND_ONLY):
            connection.exec_driver_sql(f'VACUUM {"(FULL)" if whole else ""} "{table}"')
    return True


def _wipe_sqlite(engine: Engine, pause: Callable[[int], None]) -> bool:
    held = engine.raw_connection()  # without the BEGIN that SQLAlchemy's would send: VACUUM stands alone
    try:
        cursor = held.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        for tried in range(1, TRIES + 1):
            if _rewritten(cursor):
                return True
            if tried < TRIES:
                pause(tried)
        return False
    finally:
        held.invalidate()  # its waiting time was changed
        held.close()


def _rewritten(cursor: DBAPICursor) -> bool:
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_sizes) = cursor.fetchone() or (1,)
    except OperationalError:  # somebody writes or reads, or there is no room for a second copy
        return False
    return not busy
