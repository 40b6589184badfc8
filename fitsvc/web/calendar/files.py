"""Calendar files (RFC 5545), for calendars the kommune does not run: a day, a word and the way to the service."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event

from fitsvc.services.calendar_feeds import CalendarMeeting
from fitsvc.services.clock import COPENHAGEN

_USUAL_LENGTH = timedelta(hours=1)
_LOOK_AGAIN = timedelta(hours=4)


def calendar_file(meetings: Iterable[CalendarMeeting], front_page: str, *, is_feed: bool = False) -> bytes:
    """The meetings in the language of now. The same meetings give the same bytes."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//fitsvc//follow-up meetings//EN")
    if is_feed:
        calendar.add("x-wr-calname", _("Follow-up meetings"))
        calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_event(meeting, front_page))
    return bytes(calendar.to_ical())


def _event(meeting: CalendarMeeting, front_page: str) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("summary", _("Follow-up meeting"))
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("url", front_page)
    if meeting.starts_at is None:
        event.add("dtstart", meeting.on)
        event.add("transp", "TRANSPARENT")  # a day without a time does not fill the day
    else:
        # In UTC: the same moment everywhere, and no table of summer times in the file.
        local = datetime.combine(meeting.on, meeting.starts_at, COPENHAGEN)
        event.add("dtstart", local.astimezone(UTC))
        event.add("duration", _USUAL_LENGTH)
    return event
