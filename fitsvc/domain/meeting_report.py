"""The page for the meeting: codes and numbers, no words, and what is left out when the page is full.

One A4 page holds what a meeting can talk about. When there is more, lines are left out in a fixed order and counted,
so that the page can say "+2 more": nothing disappears silently. The child's own line is never left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.rater import FAMILY_ROLES, PARALLEL_ROLES, RATER_ORDER, RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.signal import SignalCode

PAGE_LINES = 31.0
"""How many lines of text fit under the smallest curves; held against the full page in the browser and PDF tests."""
MOST_QUESTIONS = 3
RULES_VERSION = "1"
"""Raised whenever a signal, a discrepancy, reliable or expected change is decided differently; printed in the foot."""

T = TypeVar("T")


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
    baseline_on: date | None
    latest: float
    latest_on: date
    change: float | None
    change_class: ChangeClass
    rci: float | None
    improvement_can_show: bool
    signal: SignalCode | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A discrepancy to ask about: two raters' values of one area (the area's id), 0–10 with higher as better."""

    area: str
    low: Rater
    low_value: float
    high: Rater
    high_value: float


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal and the newest rating of it; `reached` is None while the goal stands."""

    text: str
    start_value: float
    target_value: float
    latest: float | None
    latest_on: date | None
    latest_by: Rater | None
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """An agreed expectation of a rater's series: `is_shared` set by the meeting, else by the actor.

    `meeting_on` is the day of the meeting it was agreed at; None when it was agreed on `start_on`, outside a meeting.
    """

    rater: Rater
    is_shared: bool
    start_on: date
    start_score: float
    score: float
    due_on: date
    meeting_on: date | None
    latest: float | None


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A voice that was asked for and did not come, with the oldest day it is missed since; None: never asked yet."""

    rater: Rater
    since: date | None


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
# How many printed lines one entry takes at most; a section's heading and what stands around it come on top.
_HEIGHT = {
    Section.AGREED: 2.2,
    Section.GOALS: 3.2,
    Section.MISSING: 1.2,
    Section.QUESTIONS: 2.6,
    Section.VOICES: 1.3,
}
_HEADING = 1.9
_AROUND_VOICES = 5.0  # their heading, the table's head, the notes under it
# Under the voices, which take the page's whole width, the sections stand in two columns.
_COLUMNS = ((Section.QUESTIONS, Section.MISSING), (Section.GOALS, Section.AGREED))


@dataclass(frozen=True, slots=True)
class MeetingReport:
    """Everything the page shows, in the order of voices: child, parents, parallel raters, professionals.

    `instruments` are id and version of every form on the page, `assumptions` the distinct parameters behind its
    expected courses, `measure_type` a code of `domain.law` or None without an episode.
    """

    reference: str
    display_name: str
    age_years: int
    made_on: date
    measure_type: str | None
    episode_started_on: date | None
    next_meeting_on: date | None
    instruments: tuple[tuple[str, str], ...]
    assumptions: tuple[Assumptions, ...]
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
        """Printed lines under the curves at most, headings included: the voices, then the longer column."""
        return self._voices_height + max(self._column_height(column) for column in _COLUMNS)

    def height_with(self, section: Section) -> float:
        """Printed lines down to the end of the column this section stands in."""
        if section is Section.VOICES:
            return self.height
        return self._voices_height + next(
            self._column_height(column) for column in _COLUMNS if section in column
        )

    @property
    def _voices_height(self) -> float:
        return self._section_height(Section.VOICES) + (_AROUND_VOICES if self.voices.lines else 0.0)

    def _column_height(self, column: tuple[Section, ...]) -> float:
        return sum(self._section_height(section) for section in column)

    def _section_height(self, section: Section) -> float:
        shown = self.section(section)
        if not shown.lines:
            return 0.0
        heading = 0.0 if section is Section.VOICES else _HEADING
        return heading + _HEIGHT[section] * len(shown.lines) + (1.0 if shown.left_out else 0.0)


def order_voices(voices: Sequence[VoiceLine]) -> tuple[VoiceLine, ...]:
    """The child first, then the family, parallel raters and professionals; within a group by role and setting."""
    return tuple(
        sorted(
            voices,
            key=lambda one: (
                _group(one.rater.role),
                RATER_ORDER[one.rater.role],
                one.rater.setting,
                one.rater.number,
            ),
        )
    )


def fit_to_page(report: MeetingReport, *, page_lines: float = PAGE_LINES) -> MeetingReport:
    """Leave lines out in the fixed order until the page holds them; every line left out is counted.

    At most three questions are ever shown. Each section first gives down to a comfortable number, in the order of
    `Section`; if that is not enough, each gives down to its last lines in the same order. A section gives only where
    its own column is too long.
    """
    while len(report.questions.lines) > MOST_QUESTIONS:
        report = _shorten(report, Section.QUESTIONS)
    for keep in (_KEEP_FIRST, _KEEP_LAST):
        for section in Section:
            while (
                report.height_with(section) > page_lines
                and len(report.section(section).lines) > keep[section]
            ):
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
