"""What the readable copy needs around a row: who is who, and how values are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.access_request import Row
from fitsvc.services.access_request import WholeCase
from fitsvc.services.clock import local_day
from fitsvc.web.templates import day, points
from fitsvc.web.words import rater_name

LONG_DAY = "d. MMMM yyyy"


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of a form with its answer in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, on one day. `answers` are those of a rating."""

    on: date
    at: datetime | None
    heading: str
    lines: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answered, ...] = ()


class Around:
    """Looks up what ids stand for."""

    def __init__(self, whole: WholeCase) -> None:
        self.whole = whole
        rows = whole.rows
        self.by_id: Mapping[UUID, Row] = {
            row["id"]: row for some in rows.values() for row in some if isinstance(row.get("id"), UUID)
        }
        persons = {row["id"]: row for row in rows["persons"]}
        self.people = {
            row["id"]: self._person(row, persons.get(row["person_id"])) for row in rows["respondents"]
        }

    @staticmethod
    def _person(row: Row, person: Row | None) -> str:
        told = rater_name(row["rater_role"], row["setting"])
        return f"{person['name']}, {told}" if person and person["name"] else told

    def who(self, staff_id: UUID | None) -> str:
        """A member of staff by name and unit; whoever is not known any more is said to be so."""
        if staff_id is None:
            return _("a respondent, or the service itself")
        found = self.whole.staff.get(staff_id)
        return f"{found[0]} ({found[1]})" if found else _("an account that is no longer there")

    def respondent(self, respondent_id: UUID | None) -> str:
        return self.people.get(respondent_id, "–") if respondent_id else "–"

    def form(self, instrument_id: str, version: str | None) -> str:
        """The form's Danish title; its id when no catalogue has it any more. A plan names no version: any will do."""
        if instrument_id == "goal":
            return _("Goal")  # the family's own: no form of the catalogue
        if version is None:
            known = [one for (id_, _v), one in self.whole.instruments.items() if id_ == instrument_id and one]
            return known[-1].text("da").title if known else instrument_id
        found = self.whole.instruments.get((instrument_id, version))
        if found is None:
            return f"{instrument_id} {version or ''}".strip()
        return f"{found.text('da').title} ({instrument_id} {version})"

    @staticmethod
    def language(code: str) -> str:
        """A language by its name."""
        return {"da": _("Danish"), "en": _("English")}.get(code, code)

    def meeting(self, meeting_id: UUID | None) -> str:
        row = self.by_id.get(meeting_id) if meeting_id else None
        return day(row["held_on"] or row["planned_on"], LONG_DAY) if row else "–"

    def goal(self, goal_id: UUID | None) -> str:
        row = self.by_id.get(goal_id) if goal_id else None
        return str(row["text"]) if row else "–"


def said(*lines: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    """The lines that say something, each value as Danish writes it."""
    return tuple((label, plain(value)) for label, value in lines if value is not None and plain(value) != "")


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return day(local_day(value), LONG_DAY)
    if isinstance(value, date):
        return day(value, LONG_DAY)
    if isinstance(value, float):
        return points(value)
    return str(value)


def on_moment(moment: datetime, heading: str, *lines: tuple[str, Any]) -> Entry:
    return Entry(local_day(moment), moment, heading, said(*lines))
