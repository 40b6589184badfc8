"""What the readable copy consists of. Templates get these records and nothing else."""

from dataclasses import dataclass

from fitsvc.web.access_request.around import Entry


@dataclass(frozen=True, slots=True)
class Facts:
    """A headed list of facts, with lists under it."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class UsedForm:
    """A form as it was when it was answered: its words and its rules."""

    heading: str
    intro: str
    questions: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """`recipient` says for whom it was made; `kommune` and `contact` whom to ask."""

    kommune: str
    made: str
    recipient: str
    case: Facts
    team: Table
    people: tuple[Facts, ...]
    months: tuple[Month, ...]
    forms: tuple[UsedForm, ...]
    asked: Table
    readings: Table
    changes: Table
    files: tuple[str, ...]
