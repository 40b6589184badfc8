"""How rows of a log become one number nobody can make without the key: HMAC-SHA256 over the rows, seal after seal.

Each seal takes the one before it in, so that no row can be changed, moved, taken out or put in without every later
seal being made anew. Values are written with their kind and length before them: no two lists of values look the same.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = "0" * 64
"""What stands in the place of the seal before the first one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a sealed log ends: its last sealed row and that seal. Kept elsewhere, it shows when an end was cut off."""

    log: str
    seq: int
    mac: str

    def __str__(self) -> str:
        return f"{self.log}:{self.seq}:{self.mac}"

    @classmethod
    def parse(cls, written: str) -> "Head":
        """Raises ValueError."""
        log, seq, mac = written.strip().split(":")
        if log not in {"access", "audit"} or len(mac) != len(START):
            raise ValueError("not a head")
        return cls(log, int(seq), mac)


class SealMaker:
    """The mac of one seal, fed row by row."""

    def __init__(self, key: bytes, log: str, previous: str) -> None:
        self._mac = hmac.new(key, packed(("fitsvc seal 1", log, previous)), hashlib.sha256)
        self.count, self.first, self.last = 0, 0, 0

    def add(self, seq: int, row: bytes) -> None:
        self._mac.update(row)
        self.first = self.first or seq
        self.count, self.last = self.count + 1, seq

    def finish(self, key_id: str, sealed_at: datetime) -> str:
        """Hexadecimal, over what was added and where it began and ended."""
        end = packed(("end", self.first, self.last, self.count, key_id, microseconds(sealed_at)))
        self._mac.update(end)
        return self._mac.hexdigest()


def checkpoint_mac(key: bytes, previous: str, values: Iterable[Value]) -> str:
    """Hexadecimal; `previous` is the mac of the checkpoint before, or START."""
    return hmac.new(key, packed(("fitsvc checkpoint 1", previous, *values)), hashlib.sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def packed(values: Sequence[Value]) -> bytes:
    """Each value as kind, length and text; the whole begins with how many there are."""
    parts = [len(values).to_bytes(2, "big")]
    for value in values:
        kind = b"-" if value is None else b"#" if isinstance(value, int) else b"$"
        text = b"" if value is None else str(value).encode("utf-8", "surrogatepass")
        parts += (kind, len(text).to_bytes(4, "big"), text)
    return b"".join(parts)


def microseconds(moment: datetime) -> int:
    """Since 1970 in UTC; exact."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
