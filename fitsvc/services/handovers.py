"""A signed-in device in a respondent's hands: locked to one form until password or PIN opens it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Kind
from fitsvc.services.care_sessions import describe_session
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.passwords import matches
from fitsvc.storage.accounts import DeviceHandover, Staff, find_open_handover, find_staff
from fitsvc.storage.administrations import (
    Administration,
    AdministrationState,
    find_administration,
    list_session_administrations,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.sessions import CareSession, get_care_session

MOST_FAILED_UNLOCKS = 5


def hand_over(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    session_id: UUID,
    administration_id: UUID,
    login_key: str,
    catalogue: Catalogue,
    now: datetime,
) -> DeviceHandover:
    """Lock this browser's sign-in to one open form of the session.

    Raises NotFound when the form is not part of the session, Refused `answered` when it is not open any more, and
    `no_pin` when nothing could open the device again: whoever signs in through the kommune needs a PIN.
    """
    staff = find_staff(session, by.staff_id)
    if staff is not None and staff.oidc_subject is not None and staff.pin_hash is None:
        raise Refused("no_pin")
    facts = describe_session(session, by=by, case_id=case_id, session_id=session_id, catalogue=catalogue)
    form = next((one for one in facts.forms if one.administration_id == administration_id), None)
    if form is None:
        raise NotFound(administration_id)
    if not form.is_open or facts.is_ended:
        raise Refused("answered")
    already = find_open_handover(session, login_key)
    if already is not None:
        return already
    handover = DeviceHandover(
        login_key=login_key,
        staff_id=by.staff_id,
        care_session_id=session_id,
        administration_id=administration_id,
        started_at=now,
        failed_unlocks=0,
    )
    session.add(handover)
    session.flush()
    record_act(
        session,
        Act.DEVICE_LOCKED,
        at=now,
        staff_id=by.staff_id,
        case_id=case_id,
        administration=str(administration_id),
    )
    return handover


def continue_with_next_form(
    session: Session, *, handover: DeviceHandover, catalogue: Catalogue
) -> Administration | None:
    """After an answer: the same respondent's next open form of the same part of the session, now on the screen.

    None when there is none left; forms before the session are not followed by those after it.
    """
    done = _get_administration(session, handover.administration_id)
    was_session_form = _is_session_form(done, catalogue)
    for one in list_session_administrations(session, handover.care_session_id):
        if (
            one.respondent_id == done.respondent_id
            and one.state is AdministrationState.OPEN
            and _is_session_form(one, catalogue) == was_session_form
        ):
            handover.administration_id = one.id
            return one
    return None


def is_own_secret(staff: Staff, secret: str) -> bool:
    """Whether this is the staff member's PIN or password. Slow on purpose: ask before the database is locked."""
    return any(hashed is not None and matches(secret, hashed) for hashed in (staff.pin_hash, staff.password))


def unlock(
    session: Session, *, handover: DeviceHandover, staff: Staff, is_own: bool, now: datetime
) -> CareSession | None:
    """Open the device again; `is_own` says that PIN or password was right (`is_own_secret`). None when it was wrong.

    After five wrong tries nothing opens it: the caller signs the device out (`is_exhausted`). Tries sent at the same
    time wait for one another, so that each is counted.
    """
    session.refresh(handover, with_for_update=True)
    if is_exhausted(handover) or handover.ended_at is not None:
        return None
    if not is_own:
        handover.failed_unlocks += 1
        return None
    handover.ended_at = now
    record_act(session, Act.DEVICE_UNLOCKED, at=now, staff_id=staff.id, handover=str(handover.id))
    return get_care_session(session, handover.care_session_id)


def is_exhausted(handover: DeviceHandover) -> bool:
    return handover.failed_unlocks >= MOST_FAILED_UNLOCKS


def give_up(session: Session, *, handover: DeviceHandover, now: datetime) -> None:
    """End the handover because the device is being signed out."""
    handover.ended_at = now
    record_act(
        session,
        Act.DEVICE_UNLOCKED,
        at=now,
        staff_id=handover.staff_id,
        handover=str(handover.id),
        signed_out=True,
    )


def _get_administration(session: Session, administration_id: UUID) -> Administration:
    found = find_administration(session, administration_id)
    if found is None:
        raise NotFound(administration_id)
    return found


def _is_session_form(administration: Administration, catalogue: Catalogue) -> bool:
    instrument = catalogue.get(administration.instrument_id, administration.instrument_version)
    return instrument.kind is Kind.SESSION
