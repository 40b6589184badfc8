"""The data keys: names, contacts and free text are unreadable in the database without them (AES-256-GCM)."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[a-z0-9-]{1,16}")
_VALUE, _LOG, _CHECK = b"fitsvc value", b"fitsvc log", b"fitsvc check"


class WrongKey(Exception):
    """A value cannot be read: its key is not here, is another one of the same name, or the value was changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Keyring:
    """Keys by id, in the order given. The first one writes; every one reads what was written with it.

    From each key three are derived (HKDF, RFC 5869): one for values, one that seals the logs, and a check value that
    may be known to anybody and tells whether a key is the one it was.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    writing_id: str
    _ciphers: Mapping[str, AESGCM] = field(repr=False)

    @classmethod
    def of(cls, keys: Mapping[str, bytes]) -> "Keyring":
        """Raises ValueError when there is no key, or one has no proper id or length."""
        if not keys or any(
            not _KEY_ID.fullmatch(name) or len(key) != KEY_BYTES for name, key in keys.items()
        ):
            raise ValueError("a keyring is keys of 32 bytes, each with an id of small letters, digits and -")
        return cls(
            dict(keys), next(iter(keys)), {name: AESGCM(_derived(key, _VALUE)) for name, key in keys.items()}
        )

    @classmethod
    def parse(cls, written: str) -> "Keyring":
        """From `id:key` pairs between blanks, commas or line ends, each key 32 bytes in URL-safe base64.

        Raises ValueError, which never repeats a key.
        """
        keys: dict[str, bytes] = {}
        for pair in re.split(r"[\s,]+", written.strip()):
            name, _, key = pair.partition(":")
            if name in keys:
                raise ValueError("two keys have one id")
            try:
                keys[name] = base64.b64decode(
                    key.replace("-", "+").replace("_", "/") + "=" * (-len(key) % 4), validate=True
                )
            except (binascii.Error, ValueError):
                raise ValueError("a key is not base64") from None
        return cls.of(keys)

    def encrypt(self, value: bytes) -> bytes:
        """`id:` and then nonce, ciphertext and tag; the id is authenticated with the value."""
        nonce, name = os.urandom(_NONCE_BYTES), self.writing_id.encode()
        return name + b":" + nonce + self._ciphers[self.writing_id].encrypt(nonce, value, name)

    def decrypt(self, stored: bytes) -> bytes:
        """Raises WrongKey."""
        name, _, sealed = stored.partition(b":")
        cipher = self._ciphers.get(name.decode("ascii", "replace"))
        if cipher is None:
            raise WrongKey("written with a key that is not among FITSVC_DATA_KEYS")
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name)
        except (InvalidTag, ValueError) as error:
            raise WrongKey("its key does not open it") from error

    def encrypt_text(self, value: str) -> str:
        """`id:` and then the rest of `encrypt` in base64."""
        name, _, sealed = self.encrypt(value.encode()).partition(b":")
        return f"{name.decode()}:{base64.b64encode(sealed).decode()}"

    def decrypt_text(self, stored: str) -> str:
        """Raises WrongKey."""
        name, _, sealed = stored.partition(":")
        try:
            return self.decrypt(name.encode() + b":" + base64.b64decode(sealed, validate=True)).decode()
        except (binascii.Error, UnicodeError) as error:
            raise WrongKey("not a value of this service") from error

    def log_key(self, key_id: str) -> bytes:
        """The key that seals the logs; raises WrongKey when there is no such key."""
        if key_id not in self.keys:
            raise WrongKey("sealed with a key that is not among FITSVC_DATA_KEYS")
        return _derived(self.keys[key_id], _LOG)

    def check_value(self, key_id: str) -> str:
        """Tells one key from another of the same id, and nothing else of it. KeyError when it is not here."""
        return _derived(self.keys[key_id], _CHECK).hex()


def new_key() -> str:
    """A new random key as settings want it, without its id."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
