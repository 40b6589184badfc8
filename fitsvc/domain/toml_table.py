"""Reading a TOML table key by key, with errors that say where, what was expected and what stood there."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from fitsvc.domain.instrument import InstrumentError

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LARGEST = 1e9
NOTHING: Any = object()
Code = TypeVar("Code", bound=StrEnum)
Value = TypeVar("Value")


def show(value: Any) -> str:
    """What stood there, short enough for an error message."""
    if value is NOTHING:
        return "nothing"
    if isinstance(value, str) and not value.strip():
        return "an empty text"
    shown = repr(value) if not isinstance(value, dict) else "a table"
    return shown if len(shown) <= 60 else shown[:57] + "..."


def is_number(value: Any) -> bool:
    """A number of a size that makes sense; true, false, nan and infinities are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


class Table:
    """One table of a file. Every key is taken once; `finish` refuses what nobody took (a misspelt key)."""

    def __init__(self, content: Mapping[str, Any], file: str, path: str = "") -> None:
        self._left = dict(content)
        self._known: list[str] = []
        self.file = file
        self.path = path

    def where(self, key: str) -> str:
        """The full name of a key, as in `items[2].text.da.prompt`; items are counted from 1."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, expected: str, got: Any) -> NoReturn:
        """Stop here."""
        raise InstrumentError(self.file, self.where(key), expected, show(got))

    def take(self, key: str) -> Any:
        """The value of a key, or NOTHING."""
        self._known.append(key)
        return self._left.pop(key, NOTHING)

    def has(self, key: str) -> bool:
        """Whether the key is there and not yet taken."""
        return key in self._left

    def finish(self) -> None:
        """Refuse keys that have no meaning here."""
        for key, value in self._left.items():
            self.refuse(key, "only these keys here: " + ", ".join(sorted(set(self._known))), value)

    def text(self, key: str) -> str:
        """A text with something in it."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, "a non-empty text", value)
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        """A text with something in it, or None when the key is not there."""
        return self.text(key) if self.has(key) else self.absent(key, None)

    def draft_text(self, key: str) -> str:
        """A text that may be missing or empty, as in a pack whose texts are not filled in."""
        value = self.take(key)
        if value is not NOTHING and not isinstance(value, str):
            self.refuse(key, "a text", value)
        return "" if value is NOTHING else value.strip()

    def slug(self, key: str) -> str:
        """A name for machines: lower-case letters a–z, digits and single hyphens."""
        value = self.take(key)
        if not isinstance(value, str) or not SLUG.fullmatch(value):
            self.refuse(key, "lower-case letters, digits and hyphens", value)
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.take(key)
        if value is NOTHING:
            return default
        if not isinstance(value, bool):
            self.refuse(key, "true or false", value)
        return value

    def number(
        self, key: str, low: float = float("-inf"), high: float = float("inf"), *, open_ends: bool = False
    ) -> float:
        """A finite number from low to high; with `open_ends` strictly between them."""
        value = self.take(key)
        if not is_number(value):
            self.refuse(key, _range_words(low, high, open_ends), value)
        inside = low < value < high if open_ends else low <= value <= high
        if not inside:
            self.refuse(key, _range_words(low, high, open_ends), value)
        return float(value)

    def optional_number(self, key: str, low: float, high: float) -> float | None:
        """A number from low to high, or None when the key is not there."""
        return self.number(key, low, high) if self.has(key) else self.absent(key, None)

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number from low to high."""
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.refuse(key, f"a whole number from {low} to {high}", value)
        return value

    def optional_whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number from low to high, or None when the key is not there."""
        return self.whole(key, low, high) if self.has(key) else self.absent(key, None)

    def code(self, key: str, codes: type[Code]) -> Code:
        """One of the words of an enumeration."""
        value = self.take(key)
        if not isinstance(value, str) or value not in set(codes):
            self.refuse(key, "one of " + ", ".join(codes), value)
        return codes(value)

    def values(self, key: str, expected: str) -> list[Any]:
        """A list with something in it."""
        value = self.take(key)
        if not isinstance(value, list) or not value:
            self.refuse(key, expected, value)
        return value

    def table(self, key: str) -> "Table":
        """A table within this one."""
        value = self.take(key)
        if not isinstance(value, dict):
            self.refuse(key, "a table", value)
        return Table(value, self.file, self.where(key))

    def optional_table(self, key: str) -> "Table | None":
        """A table within this one, or None when it is not there."""
        return self.table(key) if self.has(key) else self.absent(key, None)

    def table_or_empty(self, key: str) -> "Table":
        """A table within this one, empty when it is not there, so that each missing key is named."""
        return self.table(key) if self.has(key) else Table({}, self.file, self.where(key))

    def tables(self, key: str) -> list["Table"]:
        """A list of tables, named key[1], key[2] … in errors."""
        found = []
        for place, content in enumerate(self.values(key, f"at least one [[{key}]]"), start=1):
            if not isinstance(content, dict):
                self.refuse(f"{key}[{place}]", "a table", content)
            found.append(Table(content, self.file, self.where(f"{key}[{place}]")))
        return found

    def absent(self, key: str, default: Value) -> Value:
        """What stands for a key that is not there, but might have been."""
        self._known.append(key)
        return default


def _range_words(low: float, high: float, open_ends: bool) -> str:
    if low == high:
        return f"{low:g}"
    if low == float("-inf") and high == float("inf"):
        return "a number"
    if high == float("inf"):
        return f"a number above {low:g}" if open_ends else f"a number from {low:g} up"
    return f"a number between {low:g} and {high:g}" if open_ends else f"a number from {low:g} to {high:g}"
