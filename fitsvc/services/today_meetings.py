"""Meetings on Today: who has answered before each, who has not and since when, and who is to be asked now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting_asking import AskState
from fitsvc.domain.permissions import Permission
from fitsvc.services.active_series import read_active_voices
from fitsvc.services.meeting_asking import AskedVoiceOfMeeting, judge_voices
from fitsvc.storage import today_meetings as storage
from fitsvc.storage.caseload import CaseName
from fitsvc.storage.today import Cut, OutstandingRow
from fitsvc.storage.today_meetings import MeetingRow

MEETINGS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MeetingSoon:
    """A meeting still to be held, and how everybody who rates stands before it."""

    id: UUID
    case: CaseName
    planned_on: date
    voices: tuple[AskedVoiceOfMeeting, ...]


@dataclass(frozen=True, slots=True)
class MeetingsOfToday:
    """`to_ask`: everybody whose time to be asked for the next meeting has come, by case."""

    overdue: Cut[MeetingSoon]
    coming: Cut[MeetingSoon]
    to_ask: dict[CaseName, list[OutstandingRow]]


def read_meetings(
    session: Session,
    *,
    by: Actor,
    catalogue: Catalogue,
    now: datetime,
    days_before: int,
    limit: int,
    reach: int,
) -> MeetingsOfToday:
    """The meetings gone by and soon, `limit` of each, and of at most `reach` meetings who is to be asked so many days
    before.

    The number of queries does not depend on the number of meetings. Only those who plan ratings are told to ask.
    """
    overdue = storage.list_overdue_meetings(session, by, limit=limit)
    coming = storage.list_coming_meetings(session, by, until=by.today + MEETINGS_AHEAD, limit=limit)
    asked_for: tuple[MeetingRow, ...] = ()
    if by.may(Permission.PLAN_RATINGS):
        last_day = by.today + timedelta(days=days_before)
        asked_for = storage.list_coming_meetings(session, by, until=last_day, limit=reach).rows
    rows = (*overdue.rows, *coming.rows, *asked_for)
    voices = read_active_voices(
        session, by=by, case_ids={row.case.id for row in rows}, catalogue=catalogue, now=now
    )

    def soon(row: MeetingRow) -> MeetingSoon:
        judged = judge_voices(
            voices[row.case.id], meeting_on=row.planned_on, days_before=days_before, today=by.today
        )
        return MeetingSoon(row.id, row.case, row.planned_on, judged)

    return MeetingsOfToday(
        overdue=Cut(tuple(soon(row) for row in overdue.rows), overdue.total),
        coming=Cut(tuple(soon(row) for row in coming.rows), coming.total),
        to_ask=_to_ask([soon(row) for row in asked_for]),
    )


def _to_ask(meetings: list[MeetingSoon]) -> dict[CaseName, list[OutstandingRow]]:
    """Of a case with several meetings ahead the nearest counts."""
    found: dict[CaseName, list[OutstandingRow]] = {}
    for meeting in meetings:
        if meeting.case in found:
            continue
        found[meeting.case] = [
            OutstandingRow(
                meeting.case.id,
                one.voice.respondent_id,
                one.voice.rater_role,
                one.voice.setting,
                form.asking.series.instrument_id,
                since=form.asking.since,
                times=0,
            )
            for one in meeting.voices
            for form in one.forms
            if form.asking.state is AskState.TO_ASK
        ]
    return found
