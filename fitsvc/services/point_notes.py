"""What a respondent says about a point on their own curve, and whom they let read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.own_choice import own_text_problem
from fitsvc.domain.picture_words import PictureWord
from fitsvc.services.errors import NotFound, Refused
from fitsvc.storage.logs import record_act
from fitsvc.storage.point_notes import PointNote, find_note
from fitsvc.storage.ratings import Rating

NOTE_LIMIT = 300
"""Characters."""


def write_note(
    session: Session,
    *,
    respondent_id: UUID,
    rating_id: UUID,
    picture: PictureWord | None,
    text: str,
    visibility: Visibility,
    now: datetime,
) -> None:
    """Write or change the note on one of the respondent's own current ratings; what says nothing takes it away.

    NotFound for anybody else's rating; Refused `too_long` or `has_cpr`. A rating kept from the meeting takes its note
    along: then the practitioner is the widest choice.
    """
    rating = _get_own_rating(session, respondent_id, rating_id)
    problem = own_text_problem(text, NOTE_LIMIT)
    if problem is not None:
        raise Refused(problem.value)
    if picture is None and not text:
        delete_note(session, respondent_id=respondent_id, rating_id=rating_id, now=now)
        return
    if rating.withheld and visibility is Visibility.MEETING:
        visibility = Visibility.PRACTITIONER
    note = find_note(session, rating.id)
    if note is None:
        note = PointNote(
            case_id=rating.case_id, respondent_id=respondent_id, rating_id=rating.id, created_at=now
        )
        session.add(note)
    note.picture = picture.value if picture else None
    note.text, note.visibility, note.changed_at = text, visibility, now
    session.flush()
    _record(session, rating, now, "written")


def delete_note(session: Session, *, respondent_id: UUID, rating_id: UUID, now: datetime) -> None:
    """Take the respondent's own note away. Deleted twice is deleted once."""
    rating = _get_own_rating(session, respondent_id, rating_id)
    note = find_note(session, rating.id)
    if note is not None:
        session.delete(note)
        session.flush()
        _record(session, rating, now, "deleted")


def move_note(session: Session, *, rating_id: UUID, to: UUID) -> None:
    """A corrected rating is the same point: its note stays on it, as narrow as the new rating asks."""
    note = find_note(session, rating_id)
    if note is not None:
        note.rating_id = to
        session.flush()


def _get_own_rating(session: Session, respondent_id: UUID, rating_id: UUID) -> Rating:
    rating = session.get(Rating, rating_id, with_for_update=True)  # two taps at once write one note
    if rating is None or rating.respondent_id != respondent_id or rating.superseded_at is not None:
        raise NotFound(rating_id)
    return rating


def _record(session: Session, rating: Rating, now: datetime, what: str) -> None:
    """That there is a note stands in the log; what it says, and for whom, does not."""
    record_act(
        session, Act.POINT_NOTE_WRITTEN, at=now, case_id=rating.case_id, rating_id=str(rating.id), note=what
    )
