"""A new data key takes over: everything is encrypted anew with it, a few hundred rows at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fitsvc.keyring import Keyring
from fitsvc.storage.data_keys import (
    APPEND_ONLY,
    count_needing,
    find_known_keys,
    forget_key,
    list_secret_columns,
    write_anew,
)

AT_ONCE = 200
Transactions = Callable[[], AbstractContextManager[Session]]
"""Begins a writing transaction that is committed when its block ends."""


@dataclass(frozen=True, slots=True)
class OldKey:
    """What still needs a key that no longer writes: rows by table; nothing means that it can go."""

    id: str
    needed_by: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rotation:
    rows_written: int
    old_keys: tuple[OldKey, ...]


def rotate(transactions: Transactions, *, keys: Keyring) -> Rotation:
    """Write anew what older keys wrote, but for the logs, which nobody changes. Stopped halfway, run it again.

    A key that nothing needs any more is forgotten by the database: from then on it may be taken out of the settings.
    Until every server has been started with the new order of keys, the old one may still write.
    """
    with transactions() as session:
        old = [one for one in find_known_keys(session) if one != keys.writing_id]
    written = 0
    for key_id in old:
        for secret in list_secret_columns():
            while secret.name not in APPEND_ONLY:
                with transactions() as session:
                    done = write_anew(session, secret, key_id, keys, AT_ONCE)
                written += done
                if done < AT_ONCE:
                    break
    return Rotation(written, tuple(_look(transactions, key_id) for key_id in old))


def _look(transactions: Transactions, key_id: str) -> OldKey:
    with transactions() as session:
        needed_by = count_needing(session, key_id)
        if not needed_by:
            forget_key(session, key_id)
    return OldKey(key_id, needed_by)
