"""What respondents wish to talk about at the meeting, given together with a rating."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.own_choice import Wish
from fitsvc.storage.agendas import AgendaWish, find_wish
from fitsvc.storage.ratings import Rating


def keep_wish(
    session: Session, *, rating: Rating, meeting_id: UUID | None, wish: Wish | None, now: datetime
) -> None:
    """Store the wish that came with a new rating. It stands by itself, even if the rating is kept from the meeting."""
    if wish is None:
        return
    session.add(
        AgendaWish(
            case_id=rating.case_id,
            respondent_id=rating.respondent_id,
            rating_id=rating.id,
            meeting_id=meeting_id,
            text=wish.text,
            visibility=wish.readers,
            created_at=now,
        )
    )


def take_back_wish(session: Session, *, rating_id: UUID) -> None:
    """Forget the wish of a rating that is corrected; the correction brings its own, or none."""
    there = find_wish(session, rating_id)
    if there is not None:
        session.delete(there)


def stored_wish(session: Session, rating_id: UUID) -> Wish | None:
    there = find_wish(session, rating_id)
    return Wish(there.text, there.visibility) if there else None
