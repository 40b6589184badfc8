"""Today's sections about the follow-up clock, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from fitsvc.services.follow_up_clock import LateFollowUp
from fitsvc.services.today_follow_up import FollowUpToday
from fitsvc.storage.deviations import DeviationRow
from fitsvc.storage.follow_ups import CallRow
from fitsvc.storage.today import Cut
from fitsvc.web.access import may_open
from fitsvc.web.case_rows import CaseLink, case_link
from fitsvc.web.deviation_words import called_words, deviation_page, sentence
from fitsvc.web.follow_up_words import clock_words
from fitsvc.web.templates import day

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FollowUpEntry:
    """`strong` is said loudest; `url` leads to where it is dealt with."""

    case: CaseLink
    strong: str
    text: str
    url: str | None
    url_name: str


@dataclass(frozen=True, slots=True)
class FollowUpSection:
    entries: Sequence[FollowUpEntry]
    total: int
    cut: str


@dataclass(frozen=True, slots=True)
class FollowUpSections:
    late: FollowUpSection
    to_decide: FollowUpSection
    refused: FollowUpSection
    called: FollowUpSection

    @property
    def is_quiet(self) -> bool:
        return not (self.late.total or self.to_decide.total or self.refused.total)


def follow_up_sections(found: FollowUpToday, today: date, reader_id: UUID) -> FollowUpSections:
    return FollowUpSections(
        late=_section(found.late, lambda row: _late(row, today)),
        to_decide=_section(found.to_decide, lambda row: _to_decide(row, reader_id)),
        refused=_section(found.refused, lambda row: _refused(row, reader_id)),
        called=_section(found.called, _called),
    )


def _section(cut: Cut[Row], entry: Callable[[Row], Any]) -> FollowUpSection:
    shown = len(cut.rows)
    words = _("Showing %(shown)s of %(total)s.", shown=shown, total=cut.total) if shown < cut.total else ""
    return FollowUpSection([entry(row) for row in cut.rows], cut.total, words)


def _late(row: LateFollowUp, today: date) -> FollowUpEntry:
    words = clock_words(row.clock, today)
    planned = (
        _("A meeting is planned for %(day)s.", day=day(row.planned_on))
        if row.planned_on is not None
        else _("No meeting is planned.")
    )
    said = [words.overdue + "."] if words.past_limit and words.overdue else []
    url = url_for("meetings.plan", case_id=row.case.id) if may_open("meetings.plan") else None
    return FollowUpEntry(
        case=case_link(row.case),
        strong=words.past_limit or words.overdue,
        text=" ".join([*said, planned]),
        url=url if row.planned_on is None else None,
        url_name=_("Plan a follow-up meeting"),
    )


def _to_decide(row: DeviationRow, reader_id: UUID) -> FollowUpEntry:
    page = deviation_page(row, reader_id)
    return FollowUpEntry(
        case=page.case,
        strong="",
        text=sentence(row),
        url=None if page.is_own else page.answer_url,
        url_name=_("Answer"),
    )


def _refused(row: DeviationRow, reader_id: UUID) -> FollowUpEntry:
    page = deviation_page(row, reader_id)
    return FollowUpEntry(
        case=page.case,
        strong="",
        text=sentence(row) + " " + _("The leader's answer: %(answer)s", answer=row.answer),
        url=page.move_url,
        url_name=_("Move the meeting"),
    )


def _called(row: CallRow) -> FollowUpEntry:
    return FollowUpEntry(case_link(row.case), "", called_words(row), None, "")
