"""A session with the family: which forms are filled in before and after it, and on whose device."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.asking import hindrance
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.episode import current_episode
from fitsvc.domain.instrument import Kind
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.services.administrations import create_administration
from fitsvc.services.case_access import get_case
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.respondents import carries_asking
from fitsvc.services.set_aside import set_aside
from fitsvc.storage.administrations import AdministrationState, list_session_administrations
from fitsvc.storage.cases import Case, is_practitioner_on
from fitsvc.storage.episodes import list_episodes
from fitsvc.storage.logs import record_act
from fitsvc.storage.respondents import RatingPlan, list_plans, list_respondents, list_sharing_bases
from fitsvc.storage.sessions import CareSession, find_care_session, find_running_care_session

# Outcome form first, session form last.
_KIND_ORDER = {
    kind: place for place, kind in enumerate((*[k for k in Kind if k is not Kind.SESSION], Kind.SESSION))
}


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """One form somebody may be given in the session. `choice` names it on the page ("respondent:instrument")."""

    choice: str
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    name: str
    instrument_id: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class SessionForm:
    """One form given in the session and whether it is answered."""

    administration_id: UUID
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    name: str
    instrument_id: str
    instrument_version: str
    kind: Kind
    is_open: bool


@dataclass(frozen=True, slots=True)
class SessionFacts:
    id: UUID
    case_id: UUID
    held_on: date
    is_ended: bool
    forms: tuple[SessionForm, ...]


def list_offered_forms(
    session: Session, *, by: Actor, case_id: UUID, catalogue: Catalogue
) -> tuple[OfferedForm, ...]:
    """The forms the case's active plans name, in the order they are filled in: session forms last.

    Nobody is offered a form here whom a link could not be sent to. Raises NotFound unless the actor is the case's
    practitioner.
    """
    case = _get_own_case(session, by, case_id)
    bases = {one.respondent_id: one for one in list_sharing_bases(session, case_id)}  # the latest of each
    respondents = {
        one.id: one
        for one in list_respondents(session, case_id)
        if one.started_on <= by.today
        and hindrance(
            one.rater_role,
            one.has_custody,
            has_basis=carries_asking(bases.get(one.id)),
            has_ended=one.ended_on is not None and one.ended_on <= by.today,
            case_closed=case.closed_on is not None,
        )
        is None
    }
    offered = [
        OfferedForm(
            choice=f"{respondent.id}:{instrument.id}",
            respondent_id=respondent.id,
            rater_role=respondent.rater_role,
            setting=respondent.setting,
            name=respondent.person.name,
            instrument_id=instrument.id,
            kind=instrument.kind,
        )
        for plan in list_plans(session, case_id)
        if plan.respondent_id in respondents and _runs(plan, by.today)
        for respondent in (respondents[plan.respondent_id],)
        if (instrument := catalogue.find(plan.instrument_id)) is not None and instrument.may_be_given
    ]
    unique = {one.choice: one for one in offered}
    return tuple(
        sorted(
            unique.values(), key=lambda one: (_KIND_ORDER[one.kind], RATER_ORDER[one.rater_role], one.choice)
        )
    )


def start_session(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    session_id: UUID,
    choices: Collection[str],
    catalogue: Catalogue,
    now: datetime,
) -> CareSession:
    """Start a session with the chosen forms open. The same `session_id` sent twice starts one session.

    Raises Refused: `no_forms` when nothing was chosen, `unknown_form` when a choice is not offered.
    """
    offered = {
        one.choice: one for one in list_offered_forms(session, by=by, case_id=case_id, catalogue=catalogue)
    }
    already = find_care_session(session, case_id, session_id)
    if already is not None:
        return already
    if not choices:
        raise Refused("no_forms")
    if not offered.keys() >= set(choices):
        raise Refused("unknown_form")
    episode = current_episode(list_episodes(session, case_id), by.today)
    care_session = CareSession(
        id=session_id,
        case_id=case_id,
        episode_id=episode.id if episode else None,
        practitioner_id=by.staff_id,
        held_on=local_day(now),
        started_at=now,
    )
    session.add(care_session)
    session.flush()
    respondents = {one.id: one for one in list_respondents(session, case_id)}
    for choice in (one for one in offered if one in choices):
        create_administration(
            session,
            by=by,
            respondent=respondents[offered[choice].respondent_id],
            instrument=catalogue.get(offered[choice].instrument_id),
            due_on=local_day(now),
            care_session_id=care_session.id,
            now=now,
        )
    record_act(
        session,
        Act.SESSION_STARTED,
        at=now,
        staff_id=by.staff_id,
        case_id=case_id,
        care_session=str(session_id),
    )
    return care_session


def describe_session(
    session: Session, *, by: Actor, case_id: UUID, session_id: UUID, catalogue: Catalogue
) -> SessionFacts:
    """The session's forms in the order they are filled in. Raises NotFound unless it is the actor's to see."""
    _get_own_case(session, by, case_id)
    care_session = find_care_session(session, case_id, session_id)
    if care_session is None:
        raise NotFound(session_id)
    respondents = {one.id: one for one in list_respondents(session, case_id)}
    forms = [
        SessionForm(
            administration_id=one.id,
            respondent_id=one.respondent_id,
            rater_role=respondents[one.respondent_id].rater_role,
            setting=respondents[one.respondent_id].setting,
            name=respondents[one.respondent_id].person.name,
            instrument_id=one.instrument_id,
            instrument_version=one.instrument_version,
            kind=catalogue.get(one.instrument_id, one.instrument_version).kind,
            is_open=one.state is AdministrationState.OPEN,
        )
        for one in list_session_administrations(session, session_id)
        if one.state is not AdministrationState.CANCELLED
    ]
    forms.sort(
        key=lambda one: (_KIND_ORDER[one.kind], RATER_ORDER[one.rater_role], str(one.administration_id))
    )
    return SessionFacts(
        id=care_session.id,
        case_id=case_id,
        held_on=care_session.held_on,
        is_ended=care_session.ended_at is not None,
        forms=tuple(forms),
    )


def find_running_session(session: Session, *, by: Actor, case_id: UUID) -> UUID | None:
    """The session the actor is in the middle of on this case today."""
    running = find_running_care_session(session, case_id, by.staff_id, by.today)
    return running.id if running else None


def end_session(session: Session, *, by: Actor, case_id: UUID, session_id: UUID, now: datetime) -> None:
    """End the session; forms nobody filled in are cancelled, so that they are not waited for."""
    _get_own_case(session, by, case_id)
    care_session = find_care_session(session, case_id, session_id)
    if care_session is None:
        raise NotFound(session_id)
    if care_session.ended_at is not None:
        return
    care_session.ended_at = now
    for one in list_session_administrations(session, session_id):
        set_aside(session, one)  # to everybody else it was left unanswered
        if one.state is AdministrationState.OPEN:
            one.state = AdministrationState.CANCELLED
    record_act(
        session,
        Act.SESSION_ENDED,
        at=now,
        staff_id=by.staff_id,
        case_id=case_id,
        care_session=str(session_id),
    )


def _get_own_case(session: Session, by: Actor, case_id: UUID) -> Case:
    case = get_case(session, by=by, case_id=case_id)
    if not is_practitioner_on(session, by, case_id):
        raise NotFound(case_id)
    return case


def _runs(plan: RatingPlan, today: date) -> bool:
    return plan.starts_on <= today and (plan.ends_on is None or plan.ends_on >= today)
