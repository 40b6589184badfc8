"""Which data keys a database was written with, and writing it anew with another.

For every key that ever wrote there is a check value among the installation's facts. A key that is missing, or is
another one of the same id, is found out before anything is read or written.
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    TableClause,
    Text,
    column,
    delete,
    func,
    literal,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session

from fitsvc.keyring import Keyring, WrongKey
from fitsvc.storage.base import Base
from fitsvc.storage.installation import InstallationFact
from fitsvc.storage.log_seals import LogCheckpoint, LogSeal
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.secret import EncryptedBytes, EncryptedText

CHECK = "data_key_"
"""What the facts with check values are called, before the key's id."""
APPEND_ONLY = frozenset({AccessLog.__tablename__, AuditLog.__tablename__})
"""Their rows cannot be written anew: a key is needed as long as one of them was written with it."""


def require_known_keys(session: Session, keys: Keyring) -> None:
    """Raises WrongKey, with what to do, unless these are all the keys that the database was written with."""
    known = find_known_keys(session)
    if not known:
        _require_reading(session, keys)
    for key_id, check in known.items():
        if key_id not in keys.keys:
            raise WrongKey(
                f"the key {key_id} is missing. The database was written with it, and without it nothing can be read;"
                " put it back. When it has been replaced: `fitsvc rotate-data-keys` says when it can go"
            )
        if not compare_digest(check, keys.check_value(key_id)):
            raise WrongKey(
                f"the key {key_id} is not the one the database was written with. Nothing was read or changed; put the"
                " right key back, and give a new key an id of its own"
            )


def list_new_keys(session: Session, keys: Keyring) -> list[str]:
    """The ids of keys the database does not know yet."""
    return sorted(keys.keys.keys() - find_known_keys(session).keys())


def note_key(session: Session, keys: Keyring, key_id: str) -> None:
    """From now on the database cannot do without this key."""
    session.merge(InstallationFact(name=CHECK + key_id, value=keys.check_value(key_id)))


def find_known_keys(session: Session) -> dict[str, str]:
    """The check values by the id of their key."""
    rows = session.execute(
        select(InstallationFact.name, InstallationFact.value).where(
            InstallationFact.name.startswith(CHECK, autoescape=True)
        )
    )
    return {name.removeprefix(CHECK): value for name, value in rows}


def forget_key(session: Session, key_id: str) -> None:
    """The database can do without this key from now on."""
    session.execute(delete(InstallationFact).where(InstallationFact.name == CHECK + key_id))


def _require_reading(session: Session, keys: Keyring) -> None:
    """A database that knows no keys may hold values all the same."""
    names = table("cases", column("display_name", Text))
    stored = session.scalar(select(names.c.display_name).limit(1))
    if stored:
        try:
            keys.decrypt_text(stored)
        except WrongKey as error:
            raise WrongKey(f"the database was written with another key ({error})") from error


# --- writing anew -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SecretColumns:
    """One table's encrypted columns, seen as they are stored; `table` has the primary key's columns too."""

    table: TableClause
    key: tuple[str, ...]
    texts: tuple[str, ...]
    bytes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.texts + self.bytes

    def written_with(self, name: str, key_id: str) -> ColumnElement[bool]:
        """The condition that a column's value was encrypted with this key."""
        mark: Any = f"{key_id}:" if name in self.texts else f"{key_id}:".encode()
        return func.substr(self.table.c[name], 1, len(mark)) == literal(mark, self.table.c[name].type)


def list_secret_columns() -> list[SecretColumns]:
    """Every table with encrypted columns."""
    found = []
    for one in Base.metadata.sorted_tables:
        texts = tuple(c.name for c in one.c if isinstance(c.type, EncryptedText))
        binary = tuple(c.name for c in one.c if isinstance(c.type, EncryptedBytes))
        if texts or binary:
            keys: list[Column[Any]] = list(one.primary_key.columns)
            as_stored = [
                *(column(c.name, c.type) for c in keys),
                *(column(name, Text) for name in texts),
                *(column(name, LargeBinary) for name in binary),
            ]
            found.append(
                SecretColumns(table(one.name, *as_stored), tuple(c.name for c in keys), texts, binary)
            )
    return found


def write_anew(session: Session, secret: SecretColumns, key_id: str, keys: Keyring, limit: int) -> int:
    """Encrypt up to `limit` rows that have values of this key with the key that writes; how many rows."""
    old = [secret.written_with(name, key_id) for name in secret.secrets]
    wanted = select(secret.table).where(old[0] if len(old) == 1 else _any(old)).limit(limit)
    rows = session.execute(wanted.with_for_update()).all()
    prefix = f"{key_id}:"
    for row in rows:
        new: dict[str, Any] = {}
        for name in secret.texts:
            value = getattr(row, name)
            if value and value.startswith(prefix):
                new[name] = keys.encrypt_text(keys.decrypt_text(value))
        for name in secret.bytes:
            value = getattr(row, name)
            if value and bytes(value).startswith(prefix.encode()):
                new[name] = keys.encrypt(keys.decrypt(bytes(value)))
        same = [secret.table.c[one] == getattr(row, one) for one in secret.key]
        session.execute(update(secret.table).where(*same).values(new))
    return len(rows)


def count_needing(session: Session, key_id: str) -> dict[str, int]:
    """How many rows of each table were written with this key; seals and checkpoints of the logs too."""
    counts = {}
    for secret in list_secret_columns():
        condition = _any([secret.written_with(name, key_id) for name in secret.secrets])
        counts[secret.name] = session.scalar(select(func.count()).select_from(secret.table).where(condition))
    for model in (LogSeal, LogCheckpoint):
        query = select(func.count()).select_from(model).where(model.key_id == key_id)
        counts[model.__tablename__] = session.scalar(query)
    return {name: number for name, number in counts.items() if number}


def _any(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    whole = conditions[0]
    for one in conditions[1:]:
        whole = whole | one
    return whole
