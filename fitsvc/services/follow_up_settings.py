"""The kommune's own settings for follow-up: how long before a meeting things are asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.invalid import checked_number
from fitsvc.storage.installation import find_facts, set_fact
from fitsvc.storage.logs import record_act

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
    """One query. What needs them twice is handed them."""
    found = find_facts(session, (ASK_DAYS_BEFORE, STATUS_DAYS_BEFORE))
    return FollowUpSettings(
        ask_days_before=int(found.get(ASK_DAYS_BEFORE, DEFAULT_DAYS_BEFORE)),
        status_days_before=int(found.get(STATUS_DAYS_BEFORE, DEFAULT_DAYS_BEFORE)),
    )


def change_follow_up_settings(
    session: Session, *, by: Actor, now: datetime, settings: FollowUpSettings
) -> FollowUpSettings:
    """Both numbers from 1 to 28 days; the same again changes nothing. They count for every meeting still to be held."""
    checked_number(settings.ask_days_before, "ask_days_before", 1, MOST_DAYS_BEFORE)
    checked_number(settings.status_days_before, "status_days_before", 1, MOST_DAYS_BEFORE)
    if settings != read_follow_up_settings(session):
        set_fact(session, ASK_DAYS_BEFORE, str(settings.ask_days_before))
        set_fact(session, STATUS_DAYS_BEFORE, str(settings.status_days_before))
        record_act(
            session,
            Act.FOLLOW_UP_SETTINGS_CHANGED,
            at=now,
            staff_id=by.staff_id,
            ask_days_before=settings.ask_days_before,
            status_days_before=settings.status_days_before,
        )
    return settings
