"""The page for the meeting: codes and numbers, no words, and what is left out when the page is full.

One A4 page holds what a meeting can talk about. When there is more, lines are left out in a fixed order and counted,
so that the page can say "+2 more": nothing disappears silently. The child's own line is never left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from fitsvc.domain.rater import FAMILY_ROLES, PARALLEL_ROLES, RATER_ORDER, RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.signal import SignalCode

PAGE_LINES = 30
"""How many lines of text fit under the curve; measured on the full page in the browser and PDF tests."""
MOST_QUESTIONS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The lines of one section that are on the page, and how many are not."""

    lines: tuple[T, ...] = ()
    left_out: int = 0

    def without_last(self) -> "Shown[T]":
        return Shown(self.lines[:-1], self.left_out + 1)


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One rater's series: where it started, where it is, and what the rules say. Scores in points of the form.

    `rci` None: the noise is not known, no verdict. `expected` is what the assumed curve expected on the last day.
    """

    rater_role: RaterRole
    setting: str
    baseline: float | None
    baseline_on: date | None
    latest: float | None
    latest_on: date | None
    change: float | None
    change_class: ChangeClass
    rci: float | None
    signal: SignalCode | None
    expected: float | None
    n: int


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A discrepancy to ask about: two raters' values of one area (the area's id, the instrument that names it)."""

    area: str
    low_role: RaterRole
    low_setting: str
    low_value: float
    high_role: RaterRole
    high_setting: str
    high_value: float


@dataclass(frozen=True, slots=True)
class GoalLine:
    text: str
    start_value: float
    target_value: float
    latest: float | None
    latest_on: date | None


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """An agreed expectation: who set it (`is_shared` by the meeting, else the actor), its score and its date."""

    rater_role: RaterRole
    setting: str
    is_shared: bool
    start_score: float
    score: float
    due_on: date
    agreed_on: date


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A voice that was asked for and did not come, with the oldest day it is missed since."""

    rater_role: RaterRole
    setting: str
    since: date


class Section(StrEnum):
    """The sections in the order in which they give up lines when the page is full: first named, first shortened."""

    AGREED = "agreed"
    GOALS = "goals"
    MISSING = "missing"
    QUESTIONS = "questions"
    VOICES = "voices"


# How many lines a section keeps before the next one in order has to give as well.
_KEEP_FIRST = {
    Section.AGREED: 3,
    Section.GOALS: 4,
    Section.MISSING: 3,
    Section.QUESTIONS: 2,
    Section.VOICES: 6,
}
_KEEP_LAST = {
    Section.AGREED: 1,
    Section.GOALS: 2,
    Section.MISSING: 1,
    Section.QUESTIONS: 1,
    Section.VOICES: 1,
}
# How many printed lines one entry of a section takes.
_HEIGHT = {
    Section.AGREED: 1.0,
    Section.GOALS: 1.0,
    Section.MISSING: 1.0,
    Section.QUESTIONS: 2.0,
    Section.VOICES: 2.0,
}
_HEADING = 2.0


@dataclass(frozen=True, slots=True)
class MeetingReport:
    """Everything the page shows, in the order of voices: child, parents, parallel raters, professionals."""

    reference: str
    display_name: str
    made_on: date
    episode_started_on: date | None
    next_meeting_on: date | None
    instruments: tuple[tuple[str, str], ...]
    voices: Shown[VoiceLine] = field(default_factory=Shown)
    questions: Shown[QuestionLine] = field(default_factory=Shown)
    goals: Shown[GoalLine] = field(default_factory=Shown)
    agreed: Shown[AgreedLine] = field(default_factory=Shown)
    missing: Shown[MissingLine] = field(default_factory=Shown)

    def section(self, section: Section) -> "Shown[object]":
        shown: Shown[object] = getattr(self, section.value)
        return shown

    @property
    def height(self) -> float:
        """Printed lines under the curve, headings included."""
        return sum(
            _HEADING + _HEIGHT[section] * len(self.section(section).lines)
            for section in Section
            if self.section(section).lines
        )


def order_voices(voices: Sequence[VoiceLine]) -> tuple[VoiceLine, ...]:
    """The child first, then the family, parallel raters and professionals; within a group by role and setting."""
    return tuple(
        sorted(voices, key=lambda one: (_group(one.rater_role), RATER_ORDER[one.rater_role], one.setting))
    )


def fit_to_page(report: MeetingReport, *, page_lines: float = PAGE_LINES) -> MeetingReport:
    """Leave lines out in the fixed order until the page holds them; every line left out is counted.

    At most three questions are ever shown. Each section first gives down to a comfortable number, in the order of
    `Section`; if that is not enough, each gives down to its last lines in the same order.
    """
    while len(report.questions.lines) > MOST_QUESTIONS:
        report = _shorten(report, Section.QUESTIONS)
    for keep in (_KEEP_FIRST, _KEEP_LAST):
        for section in Section:
            while report.height > page_lines and len(report.section(section).lines) > keep[section]:
                report = _shorten(report, section)
    return report


def _shorten(report: MeetingReport, section: Section) -> MeetingReport:
    changes = {section.value: report.section(section).without_last()}
    return replace(report, **changes)  # type: ignore[arg-type]


def _group(role: RaterRole) -> int:
    if role is RaterRole.CHILD:
        return 0
    if role in FAMILY_ROLES:
        return 1
    return 2 if role in PARALLEL_ROLES else 3
