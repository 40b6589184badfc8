"""Session ratings at a meeting: only when the family chose to bring them, one respondent's to one meeting."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.episode import current_episode
from fitsvc.domain.instrument import Kind
from fitsvc.domain.rater import FAMILY_ROLES
from fitsvc.services.case_access import get_case
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.services.case_records import read_records
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.meetings import get_meeting
from fitsvc.services.series import gather_sources, total_of
from fitsvc.storage.cases import Case, is_practitioner_on
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import BroughtSessions, find_brought_sessions
from fitsvc.storage.respondents import find_respondent


def bring_session_ratings(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    respondent_id: UUID,
    family_chose: bool,
) -> None:
    """Note that the family chose to bring this respondent's session ratings to this meeting; twice is once.

    Raises NotFound unless the actor is the case's own practitioner and the respondent of the family; Refused when the
    meeting is over, or when nobody says that the family chose it.
    """
    case, meeting = _own_meeting(session, by=by, case_id=case_id, meeting_id=meeting_id)
    respondent = find_respondent(session, case.id, respondent_id)
    if respondent is None or respondent.rater_role not in FAMILY_ROLES or respondent.withdrawn_at is not None:
        raise NotFound(respondent_id)
    if meeting.cancelled_at is not None:
        raise Refused("meeting_cancelled")
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    if not family_chose:
        raise Refused("family_has_not_chosen")
    found = find_brought_sessions(session, meeting.id, respondent_id)
    if found is None:
        found = BroughtSessions(
            case_id=case.id,
            meeting_id=meeting.id,
            respondent_id=respondent_id,
            brought_by_id=by.staff_id,
            brought_at=now,
            taken_back_at=None,
        )
        session.add(found)
    elif found.taken_back_at is None:
        return
    else:
        found.taken_back_at = None
        found.brought_by_id, found.brought_at = by.staff_id, now
    _note(session, by=by, now=now, brought=found, taken_back=False)


def take_back_session_ratings(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID, respondent_id: UUID
) -> None:
    """The family wants them out again, whatever has become of the meeting; what was not brought stays out."""
    case, meeting = _own_meeting(session, by=by, case_id=case_id, meeting_id=meeting_id)
    if find_respondent(session, case.id, respondent_id) is None:
        raise NotFound(respondent_id)
    found = find_brought_sessions(session, meeting.id, respondent_id)
    if found is None or found.taken_back_at is not None:
        return
    found.taken_back_at = now
    _note(session, by=by, now=now, brought=found, taken_back=True)


def may_bring(session: Session, *, by: Actor, case_id: UUID) -> bool:
    """Whether this reader is asked about bringing session ratings: the case's own practitioner, nobody else."""
    return is_practitioner_on(session, by, case_id)


def read_brought_series(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    respondents: Collection[UUID],
    catalogue: Catalogue,
    now: datetime,
) -> tuple[SeriesFacts, ...]:
    """The session ratings of exactly these respondents, as the whole meeting may see them; nothing is read for none.

    `respondents` are those of `MeetingBook.brought` for the meeting that looks.
    """
    if not respondents:
        return ()
    case = get_case(session, by=by, case_id=case_id)
    today = local_day(now)
    records = read_records(session, case.id, today)
    episode = current_episode(records.episodes, today)
    return tuple(
        total_of(source, episode.started_on if episode else None)
        for source in gather_sources(records, catalogue, today, with_sessions=True)
        if source.instrument.kind is Kind.SESSION and source.respondent.id in respondents
    )


def _own_meeting(
    session: Session, *, by: Actor, case_id: UUID, meeting_id: UUID
) -> tuple[Case, FollowUpMeeting]:
    case = get_case(session, by=by, case_id=case_id)
    if not is_practitioner_on(session, by, case_id):
        raise NotFound(case_id)
    return case, get_meeting(session, case_id=case.id, meeting_id=meeting_id)


def _note(session: Session, *, by: Actor, now: datetime, brought: BroughtSessions, taken_back: bool) -> None:
    record_act(
        session,
        Act.SESSION_RATINGS_TAKEN_BACK if taken_back else Act.SESSION_RATINGS_BROUGHT,
        at=now,
        staff_id=by.staff_id,
        case_id=brought.case_id,
        meeting=str(brought.meeting_id),
        respondent=str(brought.respondent_id),
    )
