"""The paper for the meeting: which lines stand on which page, and what is left out when a page is full.

Page one holds the curves and what they say. Page two is there only when it has something to hold: what was agreed last
time and how it went, goals, discrepancies, expectations, and what this meeting decided; what was decided goes to a page
of its own when it would push other lines out. When there is more than a page holds, lines are left out in a fixed order
and counted, so that the page can say "+2 more": nothing disappears silently. The child's own line is never left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from fitsvc.domain.agenda import Question
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.rater import FAMILY_ROLES, PARALLEL_ROLES, RATER_ORDER, RaterRole
from fitsvc.domain.report_lines import (
    AgreedLine,
    AgreementLine,
    AnsweredLine,
    Decided,
    GoalLine,
    HeldLine,
    Line,
    MissingLine,
    Shown,
    VoiceLine,
)

PAGE_LINES = 25.0
"""How many lines of text fit under the smallest curves; held against the full page in the browser and PDF tests."""
TEXT_PAGE_LINES = 53.0
"""How many lines fit on a page of text alone; held against the full page too."""
MOST_QUESTIONS = 3
RULES_VERSION = "2"
"""Raised whenever a signal, a discrepancy, reliable or expected change, or what is left out, is decided differently;
printed in the foot and kept with every frozen report."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A discrepancy to ask about."""

    question: Question

    height = 2.2


class Section(StrEnum):
    """The sections in the order in which they give up lines when their page is full: first named, first shortened."""

    ANSWERED = "answered"
    MISSING = "missing"
    VOICES = "voices"
    AGREED = "agreed"
    HELD = "held"
    AGREEMENTS = "agreements"
    GOALS = "goals"
    QUESTIONS = "questions"
    NEW_AGREEMENTS = "new_agreements"


# What stands on each page, in the order of giving; two lists beside each other give together, the longer one first.
FIRST_PAGE = ((Section.ANSWERED, Section.MISSING), (Section.VOICES,))
LOOKING_BACK = (
    (Section.AGREED,), (Section.HELD,), (Section.AGREEMENTS,), (Section.GOALS,), (Section.QUESTIONS,),
)  # fmt: skip
DECIDED = ((Section.NEW_AGREEMENTS,),)

# How many lines a section keeps before the next one in order has to give as well.
_KEEP_FIRST = {
    Section.ANSWERED: 4,
    Section.MISSING: 4,
    Section.VOICES: 6,
    Section.AGREED: 3,
    Section.HELD: 3,
    Section.AGREEMENTS: 4,
    Section.GOALS: 4,
    Section.QUESTIONS: 2,
    Section.NEW_AGREEMENTS: 4,
}
_KEEP_THEN = _KEEP_FIRST | {
    Section.AGREED: 2,
    Section.HELD: 2,
    Section.AGREEMENTS: 3,
    Section.GOALS: 3,
}
_KEEP_LAST = dict.fromkeys(Section, 1)
_HEADING = 1.9
_AROUND_VOICES = 5.0  # their heading, the table's head, the notes under it
_OVERDUE = 2.0


@dataclass(frozen=True, slots=True)
class MeetingReport:
    """Everything the paper shows, in the order of voices: child, parents, parallel raters, professionals.

    `instruments` are id and version of every form on it, `assumptions` the distinct parameters behind its expected
    courses, `measure_type` a code of `domain.law` or None without an episode. `overdue_days` is 0 while the next
    follow-up is not overdue. `last_on` is the meeting "last time", `decided` what the meeting it is made for decided.
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
    overdue_days: int = 0
    last_on: date | None = None
    decided: Decided | None = None
    voices: Shown[VoiceLine] = field(default_factory=Shown)
    missing: Shown[MissingLine] = field(default_factory=Shown)
    answered: Shown[AnsweredLine] = field(default_factory=Shown)
    questions: Shown[QuestionLine] = field(default_factory=Shown)
    goals: Shown[GoalLine] = field(default_factory=Shown)
    agreements: Shown[AgreementLine] = field(default_factory=Shown)
    held: Shown[HeldLine] = field(default_factory=Shown)
    agreed: Shown[AgreedLine] = field(default_factory=Shown)
    new_agreements: Shown[AgreementLine] = field(default_factory=Shown)

    def section(self, section: Section) -> Shown[Line]:
        shown: Shown[Line] = getattr(self, section.value)
        return shown

    @property
    def height(self) -> float:
        """Printed lines under the curves at most, headings included: the voices, then the longer column."""
        beside = max(self.section_height(one) for one in FIRST_PAGE[0])
        voices = self.section_height(Section.VOICES) + (_AROUND_VOICES if self.voices.lines else 0.0)
        return beside + voices + (_OVERDUE if self.overdue_days else 0.0)

    @property
    def looking_back_height(self) -> float:
        return sum(self.section_height(section) for (section,) in LOOKING_BACK)

    @property
    def decided_height(self) -> float:
        return (self.decided.height if self.decided else 0.0) + self.section_height(Section.NEW_AGREEMENTS)

    @property
    def has_second_page(self) -> bool:
        return self.looking_back_height + self.decided_height > 0

    @property
    def decided_has_own_page(self) -> bool:
        """What was decided does not fit under the rest of page two."""
        both = self.looking_back_height > 0 and self.decided_height > 0
        return both and self.looking_back_height + self.decided_height > TEXT_PAGE_LINES

    @property
    def pages(self) -> int:
        return 1 + self.has_second_page + self.decided_has_own_page

    def section_height(self, section: Section) -> float:
        shown = self.section(section)
        if not shown.lines:
            return 0.0
        heading = 0.0 if section is Section.VOICES else _HEADING
        lines = sum(one.height for one in shown.lines)
        return heading + lines + (1.0 if shown.left_out else 0.0)


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


def fit_to_page(
    report: MeetingReport, *, page_lines: float = PAGE_LINES, text_page_lines: float = TEXT_PAGE_LINES
) -> MeetingReport:
    """Leave lines out in the fixed order until every page holds its own; every line left out is counted.

    At most three questions are ever shown. Each section of a page that is too long first gives down to a comfortable
    number, in the order of `Section`; if that is not enough, each gives down to its last line in the same order,
    those of page two in two steps.
    """
    while len(report.questions.lines) > MOST_QUESTIONS:
        report = _shorten(report, Section.QUESTIONS)
    for groups, height, room in (
        (FIRST_PAGE, "height", page_lines),
        (LOOKING_BACK, "looking_back_height", text_page_lines),
        (DECIDED, "decided_height", text_page_lines),
    ):
        report = _fit(report, groups, height, room)
    return report


def _fit(
    report: MeetingReport, groups: Sequence[Sequence[Section]], height: str, room: float
) -> MeetingReport:
    for keep in (_KEEP_FIRST, _KEEP_THEN, _KEEP_LAST):
        for group in groups:
            while getattr(report, height) > room:
                longest = max(group, key=report.section_height)
                if len(report.section(longest).lines) <= keep[longest]:
                    break
                report = _shorten(report, longest)
    return report


def _shorten(report: MeetingReport, section: Section) -> MeetingReport:
    changes: dict[str, Any] = {section.value: report.section(section).without_last()}
    return replace(report, **changes)


def _group(role: RaterRole) -> int:
    if role is RaterRole.CHILD:
        return 0
    if role in FAMILY_ROLES:
        return 1
    return 2 if role in PARALLEL_ROLES else 3
