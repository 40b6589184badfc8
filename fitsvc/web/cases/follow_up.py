"""The follow-up clock on the case page: how late it is, what waits for a leader, and who called a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import DeviationState
from fitsvc.domain.law import MeasureType
from fitsvc.services.case_facts import CaseTrajectories, EpisodeFacts
from fitsvc.services.follow_up_dates import Standards
from fitsvc.storage.deviations import DeviationRow
from fitsvc.storage.follow_ups import CallRow
from fitsvc.web.cases.links import link_if
from fitsvc.web.deviation_words import called_words, deviation_page, sentence
from fitsvc.web.follow_up_words import clock_words, interval_words


@dataclass(frozen=True, slots=True)
class FollowUpNote:
    """`kind` as `note` draws it. `strong` is what is wrong, `text` what stands about it, `url` where to act."""

    kind: str
    strong: str
    text: str
    url: str | None = None
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class CaseFollowUp:
    """What the page needs beside the composed case: every standard, what deviates, and who called a meeting."""

    standards: Standards
    deviations: Sequence[DeviationRow]
    calls: Mapping[UUID, CallRow]
    reader_id: UUID


def notes_of(seen: CaseTrajectories, beside: CaseFollowUp) -> list[FollowUpNote]:
    """The law's limit first, then what is late, then what waits or was refused, then meetings called."""
    found = _late(seen)
    meetings = {one.id for one in seen.meetings if one.held_on is None}
    for row in beside.deviations:
        stands = row.meeting_id in meetings or (row.meeting_id is None and seen.clock is not None)
        if not stands or row.state not in {DeviationState.AWAITING, DeviationState.REFUSED}:
            continue
        page = deviation_page(row, beside.reader_id)
        if row.state is DeviationState.AWAITING:
            url = None if page.is_own else page.answer_url
            found.append(FollowUpNote("info", page.state + ".", sentence(row), url, _("Answer")))
        else:
            text = sentence(row) + " " + _("The leader's answer: %(answer)s", answer=row.answer)
            found.append(
                FollowUpNote("warning", page.state + ".", text, page.move_url, _("Move the meeting"))
            )
    found += [
        FollowUpNote("info", "", called_words(call))
        for meeting_id, call in beside.calls.items()
        if meeting_id in meetings
    ]
    return found


def cadence_words(episode: EpisodeFacts, beside: CaseFollowUp) -> str:
    """By which rule the measure is followed up."""
    if episode.chosen_interval is not None and episode.chosen_interval_unit is not None:
        interval = Interval(**{episode.chosen_interval_unit: episode.chosen_interval})
        return _("every %(interval)s, chosen for this case", interval=interval_words(interval))
    standard = beside.standards.get(episode.cadence_standard or "")
    if standard is not None:
        return _("by the standard of %(name)s", name=standard.name)
    if episode.measure_type == MeasureType.EARLY_HELP_S30:
        return _("no fixed follow-up, chosen when the measure started")
    return _("chosen for each meeting")


def _late(seen: CaseTrajectories) -> list[FollowUpNote]:
    words = clock_words(seen.clock, seen.today)
    if not words.is_late:
        return []
    following = seen.next_meeting
    if following is None:
        url, name = link_if("meetings.plan", case_id=seen.case.id), _("Plan a follow-up meeting")
    elif following.planned_on < seen.today:
        url = link_if("meetings.hold", case_id=seen.case.id, meeting_id=following.id)
        name = _("Record it as held")
    else:
        url = link_if("meetings.move", case_id=seen.case.id, meeting_id=following.id)
        name = _("Move the meeting")
    if words.past_limit:
        return [FollowUpNote("error", words.past_limit + ".", words.overdue, url, name)]
    due = _("It was due on %(day)s.", day=words.due) if words.due else ""
    return [FollowUpNote("warning", words.overdue + ".", due, url, name)]
