"""What respondents wrote or answered that staff are to read today: comments and low safety ratings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Kind
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound
from fitsvc.storage.asked import find_comment
from fitsvc.storage.cases import is_practitioner_on
from fitsvc.storage.logs import record_act
from fitsvc.storage.ratings import Comment, Rating


def mark_read(
    session: Session, *, by: Actor, now: datetime, catalogue: Catalogue, case_id: UUID, rating_id: UUID
) -> Rating:
    """Mark a rating's comment and notice as read by this person. Read twice is read once, by the first.

    NotFound for another case's rating, and to anybody but the case's practitioner for a session rating and for one kept
    from the meeting.
    """
    case = get_case(session, by=by, case_id=case_id)
    rating = session.get(Rating, rating_id)
    if rating is None or rating.case_id != case.id:
        raise NotFound(rating_id)
    instrument = catalogue.find(rating.instrument_id, rating.instrument_version)
    is_private = instrument is None or instrument.kind is Kind.SESSION or rating.withheld
    if is_private and not is_practitioner_on(session, by, case.id):
        raise NotFound(rating_id)
    comment = find_comment(session, rating.id)
    if _mark(by, now, rating, comment):
        record_act(
            session,
            Act.COMMENT_MARKED_READ,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            rating=str(rating.id),
        )
    return rating


def _mark(by: Actor, now: datetime, rating: Rating, comment: Comment | None) -> bool:
    changed = False
    if rating.notice and rating.notice_read_at is None:
        rating.notice_read_at, rating.notice_read_by_id = now, by.staff_id
        changed = True
    if comment is not None and comment.read_at is None:
        comment.read_at, comment.read_by_id = now, by.staff_id
        changed = True
    return changed
