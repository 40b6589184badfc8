"""Minutes: a meeting's fields, each saved by itself while people talk. Nobody overwrites somebody else unseen."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import WRITTEN_AFTERWARDS, ChildHeard, Decision, Minute
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import LONG_TEXT, LONGEST_LOOK_AHEAD, Invalid, checked_day, checked_text
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.cases import Case
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, lock_meeting
from fitsvc.storage.minutes import MinuteText, find_minute

_CODES = {Minute.DECISION: Decision, Minute.CHILD_HEARD: ChildHeard}


class ChangedMeanwhile(Refused):
    """Somebody else wrote another text in the field since: theirs stands, with its version; nothing is lost."""

    def __init__(self, theirs: MinuteText) -> None:
        super().__init__("changed_meanwhile")
        self.theirs = theirs


def write_minute(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    field: Minute,
    text: str,
    seen_version: int,
) -> MinuteText | None:
    """Write one field. `seen_version` is the one its writer had before them, 0 for an empty field.

    The same text again changes nothing, whatever version was seen; None when the field was and stays empty. Raises
    ChangedMeanwhile when another text came in between, Invalid for a text the field cannot take, Refused when the
    meeting is over.
    """
    case = get_case(session, by=by, case_id=case_id)
    meeting = lock_open_meeting(session, case_id=case.id, meeting_id=meeting_id, field=field)
    tidy = _checked(field, text, by)
    there = find_minute(session, meeting.id, field)
    if (there.text if there else "") == tidy:
        return there
    if there is None:
        there = MinuteText(
            case_id=case.id,
            meeting_id=meeting.id,
            field=field,
            text=tidy,
            version=1,
            changed_by_id=by.staff_id,
            changed_at=now,
        )
        session.add(there)
    elif there.version != seen_version:
        raise ChangedMeanwhile(there)
    else:
        there.text, there.version = tidy, there.version + 1
        there.changed_by_id, there.changed_at = by.staff_id, now
    session.flush()
    record_act(
        session,
        Act.MINUTE_WRITTEN,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        meeting=str(meeting.id),
        field=field.value,
        version=there.version,
    )
    return there


def lock_open_meeting(
    session: Session, *, case_id: UUID, meeting_id: UUID, field: Minute | None = None
) -> FollowUpMeeting:
    """The case's meeting, locked until the request is done, so that two who write at once come one after the other.

    Refused when it was cancelled, when it is held or its case is closed and the record rests.
    """
    meeting = get_meeting(session, case_id=case_id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    if meeting.cancelled_at is not None:
        raise Refused("meeting_cancelled")
    if meeting.held_on is not None and field not in WRITTEN_AFTERWARDS:
        raise Refused("meeting_held")
    case = session.get_one(Case, case_id)
    if case.closed_on is not None and field not in WRITTEN_AFTERWARDS:
        raise Refused("case_closed")
    return meeting


def _checked(field: Minute, text: str, by: Actor) -> str:
    tidy = checked_text(text, field.value, limit=LONG_TEXT, required=False)
    if not tidy:
        return ""
    if field in _CODES and tidy not in set(_CODES[field]):
        raise Invalid(field.value, "not_a_choice")
    if field is Minute.NEXT_ON:
        return _checked_next(tidy, by).isoformat()
    return tidy


def _checked_next(text: str, by: Actor) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(Minute.NEXT_ON.value, "not_a_date") from error
    return checked_day(day, Minute.NEXT_ON.value, earliest=by.today, latest=by.today + LONGEST_LOOK_AHEAD)
