"""Setting an answer aside that its respondent kept from the meeting, when the asking it belongs to is used once more.

To everybody but the practitioner such an asking still waits for an answer: they may send a new link, stop asking, or
enter what came on paper, and it must go as it goes with any asking that waits.
"""

from uuid import uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.storage.administrations import (
    Administration,
    AdministrationState,
    get_administration_for_update,
    is_kept_from,
    was_asked_before,
)
from fitsvc.storage.asked import list_of_administration


def reopen_for(session: Session, *, by: Actor, administration: Administration) -> None:
    """Open an asking that looks open to this actor; to one that is, or whose answer they know of, nothing happens."""
    if is_kept_from(session, by, administration.id):
        set_aside(session, administration)


def set_aside(session: Session, administration: Administration) -> None:
    """Give an answer kept from the meeting an asking that only the practitioner sees, and open the old one.

    An asking that was made together with its answer stays as it is: nobody else knows of it.
    """
    administration = get_administration_for_update(session, administration.id)
    if not was_asked_before(session, administration.id):
        return
    ratings = list_of_administration(session, administration.id)
    own = Administration(
        id=uuid4(),
        case_id=administration.case_id,
        respondent_id=administration.respondent_id,
        care_session_id=administration.care_session_id,
        meeting_id=administration.meeting_id,
        instrument_id=administration.instrument_id,
        instrument_version=administration.instrument_version,
        due_on=administration.due_on,
        state=AdministrationState.ANSWERED,
        answered_on=administration.answered_on,
        created_by_id=administration.created_by_id,
        created_at=max(one.submitted_at for one in ratings),
    )
    session.add(own)
    session.flush()
    for rating in ratings:
        rating.administration_id = own.id
    administration.state, administration.answered_on = AdministrationState.OPEN, None
    session.flush()
