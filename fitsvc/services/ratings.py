"""Submitting, correcting and entering ratings. One administration has at most one current rating, whatever happens:
the administration is locked while a rating is stored, and a unique index stands behind that.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.own_choice import OwnChoice
from fitsvc.domain.rating import Answers, Mode, ReadForm, from_stored, to_stored
from fitsvc.domain.scoring import score, unseen_items
from fitsvc.services.administrations import Gone, OpenedForm
from fitsvc.services.clock import local_day
from fitsvc.services.errors import Refused
from fitsvc.services.point_notes import move_note
from fitsvc.services.wishes import keep_wish, stored_wish, take_back_wish
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.asked import (
    claim_administration,
    find_comment,
    insert_rating,
    list_of_administration,
    lock_administration,
    note_informed,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.ratings import Comment, Rating, find_current_rating, list_series

CORRECTION_TIME = timedelta(minutes=30)
NOTHING_CHOSEN = OwnChoice()


class FormGone(Exception):
    """The form can no longer be answered; nothing was stored."""

    def __init__(self, gone: Gone) -> None:
        super().__init__(gone.value)
        self.gone = gone


def submit_rating(
    session: Session,
    *,
    opened: OpenedForm,
    form: ReadForm,
    language: str,
    mode: Mode,
    seconds_used: int | None,
    now: datetime,
    choice: OwnChoice = NOTHING_CHOSEN,
) -> Rating:
    """Store a respondent's rating, or find it when the very same form was stored before (sent twice, lost reply).

    Raises FormGone when the administration was answered differently, cancelled, or its link has expired.
    """
    rated_on = local_day(now)
    if not _claim(session, opened, rated_on):
        return _same_or_gone(session, opened, form, choice)
    rating = _store(
        session,
        opened=opened,
        form=form,
        choice=choice,
        language=language,
        mode=mode,
        seconds_used=seconds_used,
        rated_on=rated_on,
        now=now,
    )
    if not opened.informed:
        note_informed(session, opened.person_id, now)
    _record(session, Act.RATING_SUBMITTED, rating, now)
    return rating


def correct_rating(
    session: Session,
    *,
    opened: OpenedForm,
    corrects: UUID,
    form: ReadForm,
    language: str,
    seconds_used: int | None,
    now: datetime,
    choice: OwnChoice = NOTHING_CHOSEN,
) -> Rating:
    """Put a new rating in the place of one sent within the last half hour; the old one is kept as superseded.

    The day rated stays the first one's. Raises FormGone when it is too late or corrected otherwise already.
    """
    lock_administration(session, opened.administration_id)
    current = find_current_rating(session, opened.administration_id)
    if current is None or current.id != corrects:
        return _same_or_gone(session, opened, form, choice)
    if not may_correct(current, now):
        raise FormGone(Gone.ANSWERED)
    if current.digest == form_digest(opened.administration_id, form, choice):
        return current
    current.superseded_at = now
    session.flush()  # before the new one: two current ratings are refused by the index
    take_back_wish(session, rating_id=current.id)
    rating = _store(
        session,
        opened=opened,
        form=form,
        choice=choice,
        language=language,
        mode=current.mode,
        seconds_used=seconds_used,
        rated_on=current.rated_on,
        now=now,
    )
    move_note(session, rating_id=current.id, to=rating.id)
    _record(session, Act.RATING_CORRECTED, rating, now, supersedes=str(current.id))
    return rating


def enter_paper_rating(
    session: Session,
    *,
    by: Actor,
    opened: OpenedForm,
    form: ReadForm,
    language: str,
    rated_on: date,
    mode: Mode,
    now: datetime,
    choice: OwnChoice = NOTHING_CHOSEN,
) -> Rating:
    """Enter what somebody answered on paper or aloud, on the day it was answered.

    Raises Refused when that day is to come ("day_to_come"), FormGone when something else was answered already.
    The same form entered twice is found again.
    """
    if rated_on > local_day(now):
        raise Refused("day_to_come")
    if not _claim(session, opened, rated_on):
        return _same_or_gone(session, opened, form, choice)
    rating = _store(
        session,
        opened=opened,
        form=form,
        choice=choice,
        language=language,
        mode=mode,
        seconds_used=None,
        rated_on=rated_on,
        now=now,
        by=by,
    )
    _record(session, Act.PAPER_RATING_ENTERED, rating, now, by=by)
    return rating


def rescore_series(session: Session, *, respondent_id: UUID, instrument: Instrument) -> None:
    """Score a whole series anew: what the rater cannot see is fixed by its first rating, which may have changed.

    The first that everybody may see, if there is one: a score that everybody sees must not depend on a rating kept from
    the meeting, or it would betray it.
    """
    ratings = list_series(session, respondent_id, instrument.id, instrument.version)
    first = next((one for one in ratings if not one.withheld), ratings[0] if ratings else None)
    unseen = unseen_items(from_stored(first.answers)) if first else frozenset()
    for rating in ratings:
        rating.score = score(instrument, from_stored(rating.answers), unseen=unseen)


# --- correcting ------------------------------------------------------------------------------------------------------


def correction_token(secret_key: str, rating_id: UUID) -> str:
    """The proof, shown in the receipt only, that somebody was the one who sent this rating."""
    return hmac.new(secret_key.encode(), b"correct-rating:" + rating_id.bytes, sha256).hexdigest()


def find_corrected(
    session: Session, *, opened: OpenedForm, token: str, secret_key: str, now: datetime
) -> Rating:
    """The rating of this administration the token was made for, current or superseded; FormGone when there is none
    or its half hour is over.
    """
    for rating in list_of_administration(session, opened.administration_id):
        if hmac.compare_digest(correction_token(secret_key, rating.id).encode(), token.encode()):
            if may_correct(rating, now):
                return rating
            break
    raise FormGone(Gone.ANSWERED)


def may_correct(rating: Rating, now: datetime) -> bool:
    return now < rating.submitted_at + CORRECTION_TIME


def stored_comment(session: Session, rating: Rating) -> str:
    """The respondent's words with this rating, "" when there were none."""
    comment = find_comment(session, rating.id)
    return comment.text if comment else ""


def stored_choice(session: Session, rating: Rating) -> OwnChoice:
    """What the respondent decided with this rating."""
    comment = find_comment(session, rating.id)
    return OwnChoice(
        withheld=rating.withheld,
        comment_at_meeting=comment is not None and comment.at_meeting,
        wish=stored_wish(session, rating.id),
    )


# --- storing ---------------------------------------------------------------------------------------------------------


def form_digest(administration_id: UUID, form: ReadForm, choice: OwnChoice = NOTHING_CHOSEN) -> str:
    """Recognises the same answers, comment and choices to the same administration, sent once more."""
    content = [str(administration_id), to_stored(form.answers), form.comment, *choice.as_digested]
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _claim(session: Session, opened: OpenedForm, on: date) -> bool:
    """Lock the administration and mark it answered; False when somebody answered it already, FormGone when it may
    not be answered.
    """
    if opened.gone not in {None, Gone.ANSWERED}:
        raise FormGone(opened.gone)
    if claim_administration(session, opened.administration_id, on):
        return True
    if lock_administration(session, opened.administration_id) is AdministrationState.CANCELLED:
        raise FormGone(Gone.CANCELLED)
    return False


def _same_or_gone(session: Session, opened: OpenedForm, form: ReadForm, choice: OwnChoice) -> Rating:
    current = find_current_rating(session, opened.administration_id)
    if current is None or current.digest != form_digest(opened.administration_id, form, choice):
        raise FormGone(Gone.ANSWERED)
    return current


def _store(
    session: Session,
    *,
    opened: OpenedForm,
    form: ReadForm,
    language: str,
    mode: Mode,
    seconds_used: int | None,
    rated_on: date,
    now: datetime,
    choice: OwnChoice,
    by: Actor | None = None,
) -> Rating:
    if form.problems:
        raise ValueError("a form with problems cannot be stored")
    instrument = opened.instrument
    rating = Rating(
        id=uuid4(),
        case_id=opened.case_id,
        respondent_id=opened.respondent_id,
        administration_id=opened.administration_id,
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        language=language,
        mode=mode,
        rated_on=rated_on,
        submitted_at=now,
        seconds_used=seconds_used,
        answers=to_stored(form.answers),
        score=score(instrument, form.answers),
        digest=form_digest(opened.administration_id, form, choice),
        entered_by_id=by.staff_id if by else None,
        withheld=choice.withheld,
        notice=_is_noticed(instrument, form.answers),
    )
    insert_rating(session, rating)
    if form.comment:
        session.add(
            Comment(
                rating_id=rating.id,
                text=form.comment,
                at_meeting=choice.comment_at_meeting,
                created_at=now,
            )
        )
    keep_wish(session, rating=rating, meeting_id=opened.meeting_id, wish=choice.wish, now=now)
    if any(item.cannot_see for item in opened.items):
        rescore_series(session, respondent_id=opened.respondent_id, instrument=instrument)
    return rating


def _is_noticed(instrument: Instrument, answers: Answers) -> bool:
    values: Sequence[float] = [one.value for one in answers.values() if one.value is not None]
    return any(instrument.is_noticed(value) for value in values)


def _record(
    session: Session, act: Act, rating: Rating, now: datetime, *, by: Actor | None = None, **details: str
) -> None:
    record_act(
        session,
        act,
        at=now,
        staff_id=by.staff_id if by else None,
        case_id=rating.case_id,
        rating_id=str(rating.id),
        **details,
    )
