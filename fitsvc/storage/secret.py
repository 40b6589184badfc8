"""Columns nobody can read in the database file: encrypted on the way in, decrypted on the way out.

The keys belong to the engine (`storage.engine.prepare` puts them on its dialect), so a column never sees those of
another database. An empty text stays empty: it hides nothing, and conditions such as `text <> ''` go on working.
"""

from typing import Annotated, Any

from sqlalchemy import Dialect, LargeBinary, Text
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator

from fitsvc.keyring import Keyring


def keys_of(dialect: Dialect) -> Keyring:
    """The keys this engine was made with."""
    found: Keyring | None = getattr(dialect, "fitsvc_keys", None)
    if found is None:
        raise RuntimeError("this engine was made without data keys: use storage.engine.build_engine")
    return found


class _NoComparing(TypeDecorator[Any].Comparator):  # type: ignore[misc]
    """The database cannot compare what it cannot read; a query that tries is a mistake in our code."""

    def operate(self, op: OperatorType, *other: Any, **options: Any) -> Any:
        if op in {is_, is_not}:
            return super().operate(op, *other, **options)
        raise TypeError(
            "an encrypted column cannot be searched or compared: decrypt within the actor's scope"
        )


class EncryptedText(TypeDecorator[str]):
    impl = Text
    cache_ok = True
    comparator_factory = _NoComparing

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return keys_of(dialect).encrypt_text(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return keys_of(dialect).decrypt_text(value) if value else value


class EncryptedBytes(TypeDecorator[bytes]):
    impl = LargeBinary
    cache_ok = True
    comparator_factory = _NoComparing

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return keys_of(dialect).encrypt(value) if value else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return keys_of(dialect).decrypt(value) if value else value


Secret = Annotated[str, mapped_column(EncryptedText())]
SecretBytes = Annotated[bytes, mapped_column(EncryptedBytes(), deferred=True)]
