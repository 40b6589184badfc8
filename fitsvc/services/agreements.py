"""Agreements: who does what by when, made at a meeting, checked off later, open ones coming back at the next."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONG_TEXT, LONGEST_LOOK_AHEAD, checked_day, checked_text
from fitsvc.services.minutes import lock_open_meeting
from fitsvc.storage.logs import record_act
from fitsvc.storage.minutes import Agreement, lock_agreement
from fitsvc.storage.once import add_once

WHO_LIMIT = 200
WHAT_LIMIT = 500


class AgreementChanged(Refused):
    """Somebody else changed the agreement since; theirs stands."""

    def __init__(self, theirs: Agreement) -> None:
        super().__init__("changed_meanwhile")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Promise:
    """What is agreed; a day is not always."""

    what: str
    who: str
    by_on: date | None


def add_agreement(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    key: UUID,
    promise: Promise,
) -> Agreement:
    """Write down what is agreed at this meeting. Sent twice with the same key it is one agreement."""
    case = get_case(session, by=by, case_id=case_id)
    there = session.get(Agreement, key)
    if there is not None:
        return get_agreement(session, case_id=case.id, agreement_id=key)
    meeting = lock_open_meeting(session, case_id=case.id, meeting_id=meeting_id)
    agreement = Agreement(
        id=key,
        case_id=case.id,
        meeting_id=meeting.id,
        done_on=None,
        done_by_id=None,
        removed_at=None,
        created_by_id=by.staff_id,
        created_at=now,
        **_checked(promise, by),
    )
    if add_once(session, agreement):
        _note(session, Act.AGREEMENT_MADE, by, now, agreement, "made")
    return agreement


def change_agreement(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    agreement_id: UUID,
    promise: Promise,
    seen_version: int,
) -> Agreement:
    """Write an agreement anew while its meeting goes on; AgreementChanged when somebody else did so meanwhile."""
    agreement = _lock(session, by, case_id, agreement_id)
    new = _checked(promise, by, stood=agreement.by_on)
    if all(getattr(agreement, name) == value for name, value in new.items()):
        return agreement
    if agreement.version != seen_version:
        raise AgreementChanged(agreement)
    lock_open_meeting(session, case_id=agreement.case_id, meeting_id=agreement.meeting_id)
    for name, value in new.items():
        setattr(agreement, name, value)
    _changed(session, by, now, agreement, "changed")
    return agreement


def remove_agreement(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, agreement_id: UUID
) -> Agreement:
    """Take out what was written by mistake, while its meeting goes on. Removed twice is removed once."""
    agreement = _lock(session, by, case_id, agreement_id)
    if agreement.removed_at is None:
        lock_open_meeting(session, case_id=agreement.case_id, meeting_id=agreement.meeting_id)
        agreement.removed_at = now
        _changed(session, by, now, agreement, "removed")
    return agreement


def check_off(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    agreement_id: UUID,
    how_it_went: str = "",
    done_on: date | None = None,
) -> Agreement:
    """Note that an agreement is done with, and how it went. Checked off again, only new words are taken in."""
    agreement = _lock(session, by, case_id, agreement_id)
    if agreement.removed_at is not None:
        raise Refused("agreement_removed")
    words = checked_text(how_it_went, "how_it_went", limit=LONG_TEXT, required=False)
    if agreement.done_on is not None and words in ("", agreement.how_it_went):
        return agreement
    if agreement.done_on is None:
        agreement.done_on = checked_day(done_on or by.today, "done_on", latest=by.today)
        agreement.done_by_id = by.staff_id
    agreement.how_it_went = words
    _changed(session, by, now, agreement, "done")
    return agreement


def reopen_agreement(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, agreement_id: UUID
) -> Agreement:
    """It was not done after all; what was said about how it went stays."""
    agreement = _lock(session, by, case_id, agreement_id)
    if agreement.done_on is not None and agreement.removed_at is None:
        agreement.done_on = agreement.done_by_id = None
        _changed(session, by, now, agreement, "reopened")
    return agreement


def get_agreement(session: Session, *, case_id: UUID, agreement_id: UUID) -> Agreement:
    """The case's agreement; NotFound when it is not this case's."""
    agreement = session.get(Agreement, agreement_id)
    if agreement is None or agreement.case_id != case_id:
        raise NotFound(agreement_id)
    return agreement


def _lock(session: Session, by: Actor, case_id: UUID, agreement_id: UUID) -> Agreement:
    case = get_case(session, by=by, case_id=case_id)
    agreement = get_agreement(session, case_id=case.id, agreement_id=agreement_id)
    lock_agreement(session, agreement)
    return agreement


def _checked(promise: Promise, by: Actor, *, stood: date | None = None) -> dict[str, object]:
    """`stood`: a day agreed earlier may stay, also when it has passed since."""
    day = promise.by_on
    if day is not None and day != stood:
        checked_day(day, "by_on", earliest=by.today, latest=by.today + LONGEST_LOOK_AHEAD)
    return {
        "what": checked_text(promise.what, "what", limit=WHAT_LIMIT),
        "who": checked_text(promise.who, "who", limit=WHO_LIMIT),
        "by_on": day,
    }


def _changed(session: Session, by: Actor, now: datetime, agreement: Agreement, how: str) -> None:
    agreement.version += 1
    session.flush()
    _note(session, Act.AGREEMENT_CHANGED, by, now, agreement, how)


def _note(session: Session, act: Act, by: Actor, now: datetime, agreement: Agreement, how: str) -> None:
    record_act(
        session,
        act,
        at=now,
        staff_id=by.staff_id,
        case_id=agreement.case_id,
        meeting=str(agreement.meeting_id),
        agreement=str(agreement.id),
        how=how,
        version=agreement.version,
    )
