"""What the parts of one demo case share while it is being told."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from fitsvc.demo.plots import Plot, Voice
from fitsvc.storage.administrations import Administration
from fitsvc.storage.cases import Case
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.sessions import CareSession


@dataclass(frozen=True, slots=True)
class CaseStage:
    """What all voices of a case share. `sessions` are by the number of weeks ago."""

    plot: Plot
    case: Case
    first_day: date
    weekday: int
    practitioner_id: UUID
    recorded_by_id: UUID
    sessions: dict[int, CareSession]


@dataclass(slots=True)
class Told:
    """What a voice has said: its ratings by instrument id, oldest first, and the administrations still open."""

    voice: Voice
    respondent: Respondent
    ratings: dict[str, list[Rating]] = field(default_factory=dict)
    open: list[Administration] = field(default_factory=list)


def weeks_asked(plot: Plot, every: int) -> list[int]:
    """The weeks ago in which this case's raters were asked in the current episode, oldest first."""
    return sorted(range(1 + plot.ended, plot.weeks + 1, every), reverse=True)
