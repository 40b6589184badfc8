"""Asking a respondent now: the forms they are asked on, what has come of it, and a link that is shown once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.missing import DueRating, DueState, due_state
from fitsvc.domain.rater import RaterRole
from fitsvc.services.administrations import create_administration, offered_items
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.services.links import cancel_link, replace_link
from fitsvc.services.rating_plans import plans_of
from fitsvc.services.respondents import get_respondent, why_not_asked
from fitsvc.services.set_aside import reopen_for
from fitsvc.storage.administrations import (
    Administration,
    AdministrationState,
    KnownAsking,
    is_kept_from,
    list_known_askings,
    list_respondent_links,
    was_asked_before,
)
from fitsvc.storage.after_end import list_planned_forms
from fitsvc.storage.asked import list_live_links
from fitsvc.storage.cases import is_practitioner_on, sees_session_ratings
from fitsvc.storage.respondents import Respondent, lock_respondent


class AskedState(StrEnum):
    """How one asking stands today."""

    NOT_YET_DUE = "not_yet_due"
    DUE = "due"
    MISSED = "missed"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking. `link_expires_at` is None when no link works, `link_expired` when its time has run out."""

    administration_id: UUID
    instrument_id: str
    instrument_version: str
    due_on: date
    answered_on: date | None
    state: AskedState
    link_expires_at: datetime | None
    link_expired: bool

    @property
    def is_open(self) -> bool:
        return self.state not in (AskedState.ANSWERED, AskedState.CANCELLED)


def list_asked(
    session: Session, *, by: Actor, respondent: Respondent, now: datetime, catalogue: Catalogue
) -> tuple[Asked, ...]:
    """What this respondent has been asked, newest first. The caller has found them within the actor's scope.

    An answer kept from the meeting is there for the case's practitioner only; nothing is of who took all back, nor
    of session forms to whom session ratings are not shown.
    """
    if respondent.withdrawn_at is not None:
        return ()
    rows = [one for one in _known(session, by, respondent) if one.respondent_id == respondent.id]
    if not sees_session_ratings(session, by, respondent.case_id):
        private = {one.id for one in catalogue if one.kind is Kind.SESSION}
        rows = [one for one in rows if one.instrument_id not in private]
    links = list_respondent_links(session, by, respondent.id)
    expiry = {link.administration_id: link.expires_at for link in links}
    return tuple(_asked(one, expiry.get(one.id), now, by.today) for one in reversed(rows))


def forms_to_ask(session: Session, *, respondent: Respondent, catalogue: Catalogue) -> tuple[Instrument, ...]:
    """The forms of the running plans, and those planned for after an episode, that can be sent by link; session forms
    are given at the session.
    """
    running = [plan.instrument_id for plan in plans_of(session, respondent) if plan.ends_on is None]
    wanted = dict.fromkeys([*running, *list_planned_forms(session, respondent.id)])
    found = [catalogue.find(one) for one in wanted]
    return tuple(
        one for one in found if one is not None and one.may_be_given and one.kind is not Kind.SESSION
    )


def make_link(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    catalogue: Catalogue,
    case_id: UUID,
    respondent_id: UUID,
    instrument_id: str,
    label: str,
    link_days: int,
) -> str:
    """A link's token, to be shown once.

    There is one open asking per form: when one is open already it gets a new link and the old link stops working,
    so that the same button pressed twice asks once. Raises Refused when the respondent may not be asked.
    """
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    stands_in_the_way = why_not_asked(session, case=case, respondent=respondent, today=by.today)
    if stands_in_the_way is not None:
        raise Refused(stands_in_the_way.value)
    forms = forms_to_ask(session, respondent=respondent, catalogue=catalogue)
    instrument = next((one for one in forms if one.id == instrument_id), None)
    if instrument is None:
        raise Invalid("instrument_id", "not_a_choice")
    if not offered_items(session, case_id=case.id, instrument=instrument):
        raise Refused("no_open_goals")
    label = _label(respondent.rater_role, label)
    lock_respondent(session, respondent.id)
    administration = _open_asking(session, by, respondent, instrument) or create_administration(
        session, by=by, respondent=respondent, instrument=instrument, due_on=by.today, now=now
    )
    reopen_for(session, by=by, administration=administration)
    return replace_link(
        session, administration=administration, label=label, by=by, now=now, link_days=link_days
    )


def resend_link(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    respondent_id: UUID,
    administration_id: UUID,
    link_days: int,
) -> str:
    """A new link to the same asking, with the same label; the old one stops working."""
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    stands_in_the_way = why_not_asked(session, case=case, respondent=respondent, today=by.today)
    if stands_in_the_way is not None:
        raise Refused(stands_in_the_way.value)
    administration = _administration(session, by, respondent, administration_id)
    reopen_for(session, by=by, administration=administration)
    label = next((one.label for one in list_live_links(session, administration.id)), respondent.label)
    return replace_link(
        session,
        administration=administration,
        label=_label(respondent.rater_role, label),
        by=by,
        now=now,
        link_days=link_days,
    )


def stop_asking(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    respondent_id: UUID,
    administration_id: UUID,
) -> None:
    """Cancel one asking and its link. Cancelled twice is cancelled once; answered, it is Refused."""
    _case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    administration = _administration(session, by, respondent, administration_id)
    reopen_for(session, by=by, administration=administration)
    if administration.state is not AdministrationState.CANCELLED:
        cancel_link(session, administration=administration, by=by, now=now)


def _asked(row: KnownAsking, link_expires_at: datetime | None, now: datetime, today: date) -> Asked:
    is_expired = link_expires_at is not None and link_expires_at <= now
    return Asked(
        administration_id=row.id,
        instrument_id=row.instrument_id,
        instrument_version=row.instrument_version,
        due_on=row.due_on,
        answered_on=row.answered_on,
        state=_state(row, today),
        link_expires_at=None if is_expired else link_expires_at,
        link_expired=is_expired,
    )


def _state(row: KnownAsking, today: date) -> AskedState:
    if row.state is AdministrationState.CANCELLED:
        return AskedState.CANCELLED
    answered_on = row.answered_on if row.state is AdministrationState.ANSWERED else None
    state: DueState = due_state(DueRating(row.due_on, answered_on), today)
    return AskedState(state.value)


def _known(session: Session, by: Actor, respondent: Respondent) -> list[KnownAsking]:
    is_own = is_practitioner_on(session, by, respondent.case_id)
    return list_known_askings(session, respondent.case_id, to_practitioner=is_own)


def _open_asking(
    session: Session, by: Actor, respondent: Respondent, instrument: Instrument
) -> Administration | None:
    found = next(
        (
            one
            for one in _known(session, by, respondent)
            if one.respondent_id == respondent.id
            and one.instrument_id == instrument.id
            and one.instrument_version == instrument.version
            and one.state is AdministrationState.OPEN
            and not one.is_from_session
        ),
        None,
    )
    return session.get(Administration, found.id) if found else None


def _administration(
    session: Session, by: Actor, respondent: Respondent, administration_id: UUID
) -> Administration:
    found = session.get(Administration, administration_id)
    if found is None or found.respondent_id != respondent.id:
        raise NotFound(administration_id)
    if is_kept_from(session, by, found.id) and not was_asked_before(session, found.id):
        raise NotFound(administration_id)
    return found


def _label(role: RaterRole, label: str) -> str:
    """Who rates another person is told which child it is: without a label nobody is asked."""
    return "" if role is RaterRole.CHILD else checked_text(label, "label")
