"""The kommune's own settings for follow-up: how long before a meeting things are asked for."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fitsvc.storage.installation import find_fact

ASK_DAYS_BEFORE = "ask_days_before_meeting"
STATUS_DAYS_BEFORE = "status_days_before_meeting"
DEFAULT_DAYS_BEFORE = 10
MOST_DAYS_BEFORE = 28


@dataclass(frozen=True, slots=True)
class FollowUpSettings:
    """Days before a follow-up meeting: when ratings are asked for, and when the status of each goal is due."""

    ask_days_before: int = DEFAULT_DAYS_BEFORE
    status_days_before: int = DEFAULT_DAYS_BEFORE


def read_follow_up_settings(session: Session) -> FollowUpSettings:
    return FollowUpSettings(
        ask_days_before=int(find_fact(session, ASK_DAYS_BEFORE) or DEFAULT_DAYS_BEFORE),
        status_days_before=int(find_fact(session, STATUS_DAYS_BEFORE) or DEFAULT_DAYS_BEFORE),
    )
