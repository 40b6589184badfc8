"""A respondent's own curve: switched on by the practitioner, shown after a rating, later behind a second thing to know.

The second thing is the month the child was born. Whoever knew it gets a proof to carry in the page's own forms:
there is no cookie and no session, and nothing secret stands in an address.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.trajectory import LONGEST_STEP_DAYS
from fitsvc.services.administrations import OpenedForm
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.links import MOST_GUESSES
from fitsvc.services.respondents import get_respondent
from fitsvc.storage.administrations import count_failed_guesses, get_link_for_update
from fitsvc.storage.cases import find_birth_month, is_practitioner_on
from fitsvc.storage.logs import record_act
from fitsvc.storage.point_notes import list_own_notes
from fitsvc.storage.ratings import list_of_respondent
from fitsvc.storage.respondents import lock_respondent

PROOF_TIME = timedelta(minutes=30)
MOST_POINTS = 8
"""The newest ratings, so that each has room for a thumb on a small phone."""


@dataclass(frozen=True, slots=True)
class OwnNote:
    picture: str | None
    text: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class OwnPoint:
    """One rating of one's own, on its form's range. `starts_anew`: another form, or a long time, lies before it."""

    rating_id: UUID
    on: date
    score: float
    instrument: Instrument
    withheld: bool
    starts_anew: bool
    note: OwnNote | None


@dataclass(frozen=True, slots=True)
class OwnCurve:
    """Oldest first. `earlier` ratings are not drawn."""

    points: tuple[OwnPoint, ...]
    earlier: int


def switch_own_curve(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, respondent_id: UUID, on: bool
) -> None:
    """Let a respondent see their own curve, or not any more. The case's practitioner decides; NotFound for others."""
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    if not is_practitioner_on(session, by, case.id):
        raise NotFound(respondent_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    if respondent.withdrawn_at is not None:
        raise Refused("respondent_withdrawn")
    if respondent.shows_own_curve is not on:
        respondent.shows_own_curve = on
        record_act(
            session,
            Act.OWN_CURVE_SWITCHED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            respondent=str(respondent.id),
            on=on,
        )


def read_own_curve(session: Session, *, respondent_id: UUID, catalogue: Catalogue) -> OwnCurve:
    """The respondent's own scores on forms of wellbeing, those kept from the meeting too: they are their own.

    Scores on different forms are never joined. Two queries.
    """
    rated = []
    for rating in list_of_respondent(session, respondent_id):
        instrument = catalogue.find(rating.instrument_id, rating.instrument_version)
        if instrument is not None and instrument.is_on_curve and rating.score is not None:
            rated.append((rating, instrument))
    notes = {one.rating_id: one for one in list_own_notes(session, respondent_id)}
    anew = {
        later.id
        for (earlier, _), (later, _) in pairwise(rated)
        if (earlier.instrument_id, earlier.instrument_version)
        != (later.instrument_id, later.instrument_version)
        or (later.rated_on - earlier.rated_on).days > LONGEST_STEP_DAYS
    }
    points = tuple(
        OwnPoint(
            rating_id=rating.id,
            on=rating.rated_on,
            score=rating.score or 0.0,
            instrument=instrument,
            withheld=rating.withheld,
            starts_anew=rating.id in anew,
            note=OwnNote(note.picture, note.text, note.visibility)
            if (note := notes.get(rating.id))
            else None,
        )
        for rating, instrument in rated[-MOST_POINTS:]
    )
    return OwnCurve(points, earlier=len(rated) - len(points))


def open_own_curve(
    session: Session, *, opened: OpenedForm, born: tuple[int, int] | None, now: datetime
) -> bool:
    """Whether `born`, year and month, is the child's. A wrong guess is counted on the link; five close it for good.

    Guesses on the respondent's other links count too, until those expire: many links are not many more guesses. When
    that makes five, Refused.
    Of guesses at the same moment each waits for the one before. Right or wrong, one row is written.
    """
    if opened.open_link_id is None or not opened.shows_own_curve:
        return False
    lock_respondent(session, opened.respondent_id)
    link = get_link_for_update(session, opened.open_link_id)
    if count_failed_guesses(session, opened.respondent_id, now) >= MOST_GUESSES:
        raise Refused("too_many_guesses")
    month = find_birth_month(session, opened.case_id)
    if born is None or (month.year, month.month) != born:
        link.failed_guesses += 1
        session.flush()
        return False
    record_act(
        session,
        Act.OWN_CURVE_OPENED,
        at=now,
        case_id=opened.case_id,
        respondent=str(opened.respondent_id),
        link_id=str(link.id),
    )
    return True


def proof_of_opening(secret_key: str, opened: OpenedForm, now: datetime) -> str:
    """Shows, for half an hour, that whoever holds it was shown this respondent's curve on this link."""
    until = int((now + PROOF_TIME).timestamp())
    return f"{until}.{_sign(secret_key, opened, until)}"


def is_proven(secret_key: str, opened: OpenedForm, proof: str, now: datetime) -> bool:
    """Whether the proof is ours, for this respondent and link, and not too old; and the curve still switched on."""
    until, _, signature = proof.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        return False
    if not hmac.compare_digest(_sign(secret_key, opened, int(until)).encode(), signature.encode()):
        return False
    return int(until) > now.timestamp() and opened.shows_own_curve


def _sign(secret_key: str, opened: OpenedForm, until: int) -> str:
    what = b"own-curve:" + opened.respondent_id.bytes + opened.administration_id.bytes + str(until).encode()
    return hmac.new(secret_key.encode(), what, sha256).hexdigest()
