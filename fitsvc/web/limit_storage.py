"""Where the rate limits are counted: in our own database, so that they hold over all workers without a second server.

The library `limits` (behind Flask-Limiter) knows its storages by the beginning of an address; ours is `fitsvc://`.
Each look and each count is a transaction of its own, shorter than a millisecond, outside the request's.
"""

from limits.storage import Storage
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fitsvc.storage.engine import writing
from fitsvc.storage.limits import add_to_counter, delete_counter, delete_counters, read_counter
from fitsvc.web import current

DATABASE_LIMITS = "fitsvc://"


class DatabaseStorage(Storage):
    """Counters in `limit_counters`."""

    STORAGE_SCHEME = ["fitsvc"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, engine: Engine) -> None:
        super().__init__(uri, wrap_exceptions)
        self.engine = engine

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with Session(writing(self.engine)) as session, session.begin():
            return add_to_counter(session, key, amount, seconds=expiry, now=_seconds())

    def get(self, key: str) -> int:
        return self._read(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._read(key)[1]

    def check(self) -> bool:
        self._read("")
        return True

    def reset(self) -> int | None:
        with Session(writing(self.engine)) as session, session.begin():
            return delete_counters(session)

    def clear(self, key: str) -> None:
        with Session(writing(self.engine)) as session, session.begin():
            delete_counter(session, key)

    def _read(self, key: str) -> tuple[int, float]:
        with Session(self.engine) as session:
            return read_counter(session, key, now=_seconds())


def _seconds() -> float:
    return current.moment_now().timestamp()
