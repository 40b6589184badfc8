"""The lines of the page for the meeting: codes and numbers, and the texts people wrote; no words of ours."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Generic, Protocol, TypeVar

from fitsvc.domain.expectation import ExpectedAndActual
from fitsvc.domain.meeting import ChildHeard, Decision
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.signal import SignalCode

LINE_CHARACTERS = 84
"""Characters of running text that stand on one printed line at least, long Danish words and all."""
LONGEST_TEXT = 400
"""Characters of a status, an agreement or how it went; more is cut with an ellipsis."""
LONGEST_MINUTE = 480
"""Characters of one field of the minutes on paper; the plain-text summary has all of it."""

T = TypeVar("T")


class Line(Protocol):
    """`height` in printed lines of running text."""

    @property
    def height(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The lines of one section that are on the page, and how many are not."""

    lines: tuple[T, ...] = ()
    left_out: int = 0

    def without_last(self) -> "Shown[T]":
        return Shown(self.lines[:-1], self.left_out + 1)


@dataclass(frozen=True, slots=True)
class Rater:
    """Who rates, as the page may call them: never by name.

    `number` tells two of the same role and setting apart; `is_only`: nobody else on the case has this role.
    """

    role: RaterRole
    setting: str = ""
    number: int = 0
    is_only: bool = True


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One rater's series: where it started, where it is, and what the rules say. Scores in points of the form.

    `rci` None: the noise is not known, no verdict. `expected` is what the assumed curve expected on the last day.
    """

    key: str
    rater: Rater
    baseline: float | None
    latest: float
    latest_on: date
    change: float | None
    change_class: ChangeClass
    rci: float | None
    improvement_can_show: bool
    signal: SignalCode | None
    expected: float | None

    height = 1.3


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A voice that was asked for and did not come, with the oldest day it is missed since; None: never asked yet."""

    rater: Rater
    since: date | None

    height = 1.1


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A voice that has answered what it was asked, and on which day last."""

    rater: Rater
    on: date

    height = 1.1


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal, the newest rating of it and the practitioner's status; `reached` is None while the goal stands."""

    text: str
    start_value: float
    target_value: float
    latest: float | None
    latest_on: date | None
    latest_by: Rater | None
    reached: bool | None = None
    status: str = ""

    @property
    def height(self) -> float:
        return 3.2 + printed_lines(self.status)


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Who does what by when, and how it went when it is done."""

    what: str
    who: str
    by_on: date | None
    done_on: date | None
    how_it_went: str

    @property
    def height(self) -> float:
        return 1.3 + printed_lines(self.what) + printed_lines(self.how_it_went)


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """What this meeting expects of a rater's series: `is_shared` set by the meeting, else by the actor.

    `area` is an area's id, `goal` a goal's text, both "" for the total.
    """

    rater: Rater
    is_shared: bool
    start_on: date
    start_score: float
    score: float
    due_on: date
    area: str = ""
    goal: str = ""

    height = 2.2


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What was expected before against what came; `area` and `goal` as in `AgreedLine`."""

    rater: Rater
    is_shared: bool
    held: ExpectedAndActual
    area: str = ""
    goal: str = ""

    height = 3.3


@dataclass(frozen=True, slots=True)
class Decided:
    """What this meeting decided, field by field as the minutes have it; "" and None where nothing was written."""

    held_on: date
    participants: str = ""
    child_heard: ChildHeard | None = None
    child_heard_how: str = ""
    decision: Decision | None = None
    reason: str = ""
    goals_changed: str = ""
    next_on: date | None = None
    next_reason: str = ""
    helped: str = ""
    if_harder: str = ""

    @property
    def height(self) -> float:
        texts = (
            self.participants, self.child_heard_how, self.reason, self.goals_changed, self.next_reason,
            self.helped, self.if_harder,
        )  # fmt: skip
        labels = 1.2 * (sum(1 for one in texts if one) + 2)
        return 1.9 + labels + sum(printed_lines(one, LONGEST_MINUTE) for one in texts)


def printed_lines(text: str, longest: int = LONGEST_TEXT) -> int:
    """How many lines a text takes at most, cut to its longest."""
    return ceil(min(len(text), longest) / LINE_CHARACTERS)
