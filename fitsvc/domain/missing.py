"""Ratings that were due and did not come. Silence is never read as "no problem"."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

GRACE = timedelta(days=3)


class Rhythm(StrEnum):
    """How often a respondent is asked on one instrument."""

    EVERY_SESSION = "every_session"
    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every_two_weeks"
    MONTHLY = "monthly"
    BEFORE_MEETING = "before_meeting"


RHYTHM_DAYS = {Rhythm.WEEKLY: 7, Rhythm.EVERY_TWO_WEEKS: 14, Rhythm.MONTHLY: 28}


class DueState(StrEnum):
    """How a rating stands that somebody was asked for."""

    ANSWERED = "answered"
    NOT_YET_DUE = "not_yet_due"
    DUE = "due"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class DueRating:
    """One rating somebody was asked for: when it is due and when, if ever, it came."""

    due_on: date
    answered_on: date | None = None


def due_state(rating: DueRating, today: date) -> DueState:
    """Missed from the fourth day after the due day: a weekend's delay is not silence."""
    if rating.answered_on is not None:
        return DueState.ANSWERED
    if today < rating.due_on:
        return DueState.NOT_YET_DUE
    return DueState.MISSED if today > rating.due_on + GRACE else DueState.DUE


def next_due(
    rhythm: Rhythm,
    last: date | None,
    *,
    start: date,
    next_meeting: date | None,
    ask_before_days: int = 10,
) -> date | None:
    """The next day a rating is due, or None when nothing is planned.

    Fixed rhythms count from the last rating (the start when there is none); "before meeting" counts backwards
    from the meeting and asks once for each; "every session" is asked for at the session itself.
    """
    if rhythm is Rhythm.EVERY_SESSION:
        return None
    if rhythm is Rhythm.BEFORE_MEETING:
        if next_meeting is None:
            return None
        day = max(next_meeting - timedelta(days=ask_before_days), start)
        return None if last is not None and last >= day else day
    return start if last is None else last + timedelta(days=RHYTHM_DAYS[rhythm])
