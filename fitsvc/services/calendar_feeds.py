"""Follow-up meetings for calendars: one as a file, one's own behind a secret link. Days, nothing of the case."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.clock import local_day
from fitsvc.services.links import TOKEN_BYTES, UnknownLink, hash_token
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.accounts import Staff, find_staff
from fitsvc.storage.calendar_feeds import (
    CalendarFeed,
    find_feed_by_hash,
    find_standing_feed,
    list_meeting_changes,
    list_own_meetings,
    lock_owner,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.organisation import UnitKind
from fitsvc.storage.own_part import limit_to_own_part

KEPT_BACK = timedelta(days=30)
"""How long a meeting that was, or was cancelled, stays in the feed."""


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """What a calendar learns of a meeting. `uid` is always the same for a meeting and tells nothing about it.

    `starts_at` is the time of day in Denmark, None for a day without one; `sequence` rises with every change.
    """

    uid: str
    on: date
    starts_at: time | None
    is_cancelled: bool
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A member of staff's own meetings, in their language."""

    language: str
    meetings: tuple[CalendarMeeting, ...]


def feed_made_at(session: Session, *, by: Actor) -> datetime | None:
    """When one's standing link was made; None when there is none."""
    feed = find_standing_feed(session, by.staff_id)
    return feed.created_at if feed else None


def make_feed(session: Session, *, by: Actor, now: datetime) -> str:
    """A new link's token, kept nowhere: show it now or never. The link before it stops working."""
    lock_owner(session, by.staff_id)
    _revoke(session, by, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(staff_id=by.staff_id, token_hash=hash_token(token), created_at=now))
    session.flush()
    record_act(session, Act.CALENDAR_FEED_MADE, at=now, staff_id=by.staff_id)
    return token


def revoke_feed(session: Session, *, by: Actor, now: datetime) -> None:
    """One's link stops working. Revoked twice is revoked once."""
    lock_owner(session, by.staff_id)
    _revoke(session, by, now)


def read_feed(session: Session, *, token: str, now: datetime) -> Feed:
    """The meetings of cases on whose team the link's owner is today, from 30 days back on. Reads only.

    Raises UnknownLink: never given, revoked, or the account may not see cases any more; they look the same.
    """
    feed = find_feed_by_hash(session, hash_token(token))
    owner = find_staff(session, feed.staff_id) if feed else None
    if owner is None or not owner.active:
        raise UnknownLink
    actor = _acting(owner, local_day(now))
    limit_to_own_part(session, actor)
    if not actor.may(Permission.SEE_CASES):
        raise UnknownLink
    meetings = list_own_meetings(
        session, actor, since=actor.today - KEPT_BACK, cancelled_since=now - KEPT_BACK
    )
    return Feed(owner.language, _for_calendar(session, meetings))


def read_meeting(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID
) -> CalendarMeeting:
    """One meeting of a case the reader may see; the reading is noted."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    note_reading(session, by=by, access=Access.MEETING_READ, case_ids=[case.id], now=now)
    return _for_calendar(session, [meeting])[0]


def meeting_uid(meeting_id: UUID) -> str:
    """A meeting's name among calendars: from its random id, which cannot be found back from it."""
    return sha256(b"fitsvc meeting in calendars" + meeting_id.bytes).hexdigest()[:32] + "@fitsvc"


def _for_calendar(session: Session, meetings: Sequence[FollowUpMeeting]) -> tuple[CalendarMeeting, ...]:
    changes: dict[str, list[datetime]] = defaultdict(list)
    for meeting_id, moment in list_meeting_changes(session, {one.case_id for one in meetings}):
        changes[meeting_id].append(moment)
    return tuple(_calendar_meeting(one, changes[str(one.id)]) for one in meetings)


def _calendar_meeting(meeting: FollowUpMeeting, changed: Sequence[datetime]) -> CalendarMeeting:
    on = meeting.held_on or meeting.planned_on
    return CalendarMeeting(
        uid=meeting_uid(meeting.id),
        on=on,
        starts_at=meeting.planned_at if on == meeting.planned_on else None,
        is_cancelled=meeting.cancelled_at is not None,
        sequence=len(changed),
        changed_at=max([meeting.created_at, *changed]),
    )


def _revoke(session: Session, by: Actor, now: datetime) -> None:
    standing = find_standing_feed(session, by.staff_id)
    if standing is not None:
        standing.revoked_at = now
        session.flush()
        record_act(session, Act.CALENDAR_FEED_REVOKED, at=now, staff_id=by.staff_id)


def _acting(owner: Staff, today: date) -> Actor:
    """Nobody is signed in: the link's owner, as they would be today."""
    return Actor(
        staff_id=owner.id,
        unit_id=owner.unit_id,
        roles=frozenset(Role(role.name) for role in owner.roles),
        today=today,
        external=owner.unit.kind is UnitKind.EXTERNAL_PROVIDER,
    )
