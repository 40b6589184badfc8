"""The rows of a demo while it is being made: same keys every time, stored in the order the tables depend on."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from fitsvc.domain.cadence import add_months, previous_working_day
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.calendar import is_working_day
from fitsvc.services.clock import COPENHAGEN
from fitsvc.storage.base import Base

Row = TypeVar("Row", bound=Base)

_NAMESPACE = uuid5(NAMESPACE_URL, "fitsvc:demo")


def key(*parts: object) -> UUID:
    """The same id for the same thing in every demo."""
    return uuid5(_NAMESPACE, "/".join(str(part) for part in parts))


@dataclass(slots=True)
class Rows:
    """All rows of one demo, made for one day. `add` returns what it was given."""

    today: date
    catalogue: Catalogue
    _rows: list[Base] = field(default_factory=list)

    def add(self, row: Row) -> Row:
        self._rows.append(row)
        return row

    def listed(self) -> tuple[Base, ...]:
        return tuple(self._rows)

    def store(self, session: Session) -> None:
        """Write them table by table, those that others point to first."""
        order = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
        by_table: dict[str, list[Base]] = {}
        for row in self._rows:
            by_table.setdefault(row.__tablename__, []).append(row)
        for table in sorted(by_table, key=order.__getitem__):
            session.add_all(by_table[table])
            session.flush()


def chance(*parts: object) -> Random:
    """A generator of its own for each thing, so that adding a case changes no other."""
    return Random(key("chance", *parts).int)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_of_week(today: date, weeks_ago: int, weekday: int) -> date:
    """A working day so many weeks ago; on a public holiday the one before it."""
    return previous_working_day(monday(today) + timedelta(days=weekday, weeks=-weeks_ago), is_working_day)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A Danish time of day, aware."""
    return datetime.combine(day, time(hour, minute), COPENHAGEN)


def birth_month(today: date, age: float) -> date:
    return add_months(today.replace(day=1), -round(age * 12))
