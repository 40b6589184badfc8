"""Password and PIN hashes (argon2id), the same for the web and for commands."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD = 12

# One verification takes about 0.15 s of one core, more than the least OWASP asks for (19 MiB, 2 rounds).
MEMORY_KIB = 65_536
ROUNDS = 2
LANES = 1

_hasher = PasswordHasher(memory_cost=MEMORY_KIB, time_cost=ROUNDS, parallelism=LANES)


def hash_secret(secret: str) -> str:
    """An argon2id hash with its own salt and parameters in it."""
    return _hasher.hash(_normal(secret))


def matches(secret: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, _normal(secret))
    except (VerificationError, InvalidHashError):
        return False


def _normal(secret: str) -> str:
    """One form of letters such as å, which keyboards send as one sign or as two; Flask-Security uses the same."""
    return unicodedata.normalize("NFKD", secret)
