"""A deviation from the cadence in words: what is wanted instead of what, why, who asks, and what was answered."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import DeviationKind, DeviationState
from fitsvc.services.deviations import read_written
from fitsvc.storage.deviations import DeviationRow
from fitsvc.storage.follow_ups import CallRow
from fitsvc.web.access import may_open
from fitsvc.web.case_rows import CaseLink, case_link
from fitsvc.web.follow_up_words import LONG_DAY, interval_words
from fitsvc.web.templates import day, moment
from fitsvc.web.words import DEVIATION_REASONS


@dataclass(frozen=True, slots=True)
class DeviationPage:
    """`answer_url` is set for those who answer such a request; `is_own`: they asked for it themselves, and may not."""

    case: CaseLink
    by_cadence: str
    wanted: str
    reason: str
    words: str
    asked: str
    decided_by: str
    state: str
    answered: str
    answer: str
    is_awaiting: bool
    is_own: bool
    answer_url: str | None
    move_url: str | None


def deviation_page(row: DeviationRow, reader_id: UUID) -> DeviationPage:
    is_awaiting = row.state is DeviationState.AWAITING
    is_refused = row.state is DeviationState.REFUSED
    still_planned = row.meeting_id is not None and row.held_on is None
    return DeviationPage(
        case=case_link(row.case),
        by_cadence=_instead_of(row),
        wanted=_wanted(row),
        reason=str(DEVIATION_REASONS[row.reason_code]),
        words=row.reason,
        asked=_("%(name)s, %(when)s", name=row.asked_by or _("unknown"), when=moment(row.asked_at)),
        decided_by=row.decided_by,
        state=state_words(row),
        answered=_("%(name)s, %(when)s", name=row.answered_by or _("unknown"), when=moment(row.answered_at))
        if row.answered_at
        else "",
        answer=row.answer,
        is_awaiting=is_awaiting,
        is_own=row.asked_by_id == reader_id,
        answer_url=url_for("deviations.answer", case_id=row.case.id, deviation_id=row.id)
        if is_awaiting and may_open("deviations.answer")
        else None,
        move_url=url_for("meetings.move", case_id=row.case.id, meeting_id=row.meeting_id)
        if is_refused and still_planned and may_open("meetings.move")
        else None,
    )


def state_words(row: DeviationRow) -> str:
    return {
        DeviationState.NOTED: _("Noted"),
        DeviationState.AWAITING: _("Awaits the leader's answer"),
        DeviationState.APPROVED: _("Approved"),
        DeviationState.REFUSED: _("Refused"),
        DeviationState.WITHDRAWN: _("Stands no longer"),
    }[row.state]


def sentence(row: DeviationRow) -> str:
    """What the case page and Today say about it in one line."""
    if row.kind is DeviationKind.LESS_OFTEN:
        if row.state is DeviationState.AWAITING:
            return _(
                "%(wanted)s is asked for instead of %(standard)s. Until the leader has answered, the standard's dates "
                "stand.",
                wanted=_wanted(row),
                standard=_instead_of(row),
            )
        if row.state is DeviationState.REFUSED:
            return _(
                "%(wanted)s was refused. %(standard)s stands.",
                wanted=_wanted(row),
                standard=_instead_of(row),
            )
    values = {"wanted": _wanted(row), "cadence": _instead_of(row)}
    if row.state is DeviationState.AWAITING:
        return _(
            "The meeting on %(wanted)s is later than the cadence's %(cadence)s. Until the leader has answered, the "
            "cadence's date counts.",
            **values,
        )
    return _(
        "The meeting on %(wanted)s was refused: later than the cadence's %(cadence)s. Plan another day.",
        **values,
    )


def called_words(call: CallRow) -> str:
    """Who called a meeting from the provider's side, and why it is not on the cadence's day."""
    when = day(call.planned_on, LONG_DAY)
    if call.reason_code is None:
        return _("%(name)s has called the meeting on %(day)s.", name=call.called_by, day=when)
    return _(
        "%(name)s has called the meeting on %(day)s. %(reason)s: %(words)s",
        name=call.called_by,
        day=when,
        reason=str(DEVIATION_REASONS[call.reason_code]),
        words=call.reason,
    )


def _wanted(row: DeviationRow) -> str:
    if row.chosen_interval is not None:
        return _("every %(interval)s", interval=_interval(row.chosen_interval))
    return day(row.planned_on, LONG_DAY)


def _instead_of(row: DeviationRow) -> str:
    if row.by_cadence_interval is not None:
        return _("every %(interval)s", interval=_interval(row.by_cadence_interval))
    return day(row.by_cadence_on, LONG_DAY) or _("no date")


def _interval(text: str) -> str:
    number, unit = read_written(text)
    return interval_words(Interval(**{unit: number}))
