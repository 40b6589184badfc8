"""Password and PIN hashes (argon2id), the same for the web and for commands."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()


def hash_secret(secret: str) -> str:
    """An argon2id hash with its own salt and parameters in it."""
    return _hasher.hash(secret)


def matches(secret: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, secret)
    except (VerificationError, InvalidHashError):
        return False
