"""A rating given on paper or read aloud, entered by staff."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.asking import Hindrance
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.own_choice import OwnChoice
from fitsvc.domain.rating import Mode, ReadForm
from fitsvc.services.administrations import create_administration, offered_items, open_form
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.ratings import NOTHING_CHOSEN, enter_paper_rating, form_digest
from fitsvc.services.respondents import why_not_asked
from fitsvc.services.set_aside import set_aside
from fitsvc.storage.administrations import (
    find_administration,
    find_oldest_open,
    is_kept_from,
    was_asked_before,
)
from fitsvc.storage.cases import Case, has_practitioner_now, is_practitioner_on
from fitsvc.storage.ratings import Rating, find_current_rating
from fitsvc.storage.respondents import Respondent, find_respondent

PAPER_MODES = (Mode.PAPER, Mode.READ_ALOUD, Mode.HELPER_PRESENT)


@dataclass(frozen=True, slots=True)
class PaperRespondent:
    """Whose answers are entered, and the forms that can be entered for them. `may_withhold` as on `OpenedForm`."""

    case: Case
    respondent: Respondent
    instruments: tuple[Instrument, ...]
    hindrance: Hindrance | None
    may_withhold: bool

    def get_instrument(self, instrument_id: str) -> Instrument:
        found = next((one for one in self.instruments if one.id == instrument_id), None)
        if found is None:
            raise NotFound(instrument_id)
        return found


def get_paper_respondent(
    session: Session, *, by: Actor, case_id: UUID, respondent_id: UUID, catalogue: Catalogue
) -> PaperRespondent:
    """Raises NotFound out of scope. Session forms are for the case's practitioner only.

    Somebody who may not be asked gives nothing on paper either; one who has stopped may have answered before.
    """
    case = get_case(session, by=by, case_id=case_id)
    respondent = find_respondent(session, case_id, respondent_id)
    if respondent is None:
        raise NotFound(respondent_id)
    found = why_not_asked(session, case=case, respondent=respondent, today=by.today)
    hindered = None if found is Hindrance.RESPONDENT_ENDED else found
    sees_sessions = is_practitioner_on(session, by, case_id)
    return PaperRespondent(
        case=case,
        respondent=respondent,
        hindrance=hindered,
        may_withhold=has_practitioner_now(session, case_id),
        instruments=tuple(
            one
            for one in catalogue.current()
            if hindered is None
            and one.may_be_given
            and respondent.rater_role in one.rater_roles
            and (one.kind is not Kind.SESSION or sees_sessions)
            and offered_items(session, case_id=case_id, instrument=one)
        ),
    )


def choose_administration(
    session: Session, *, by: Actor, respondent: Respondent, instrument: Instrument
) -> UUID:
    """The key of the paper form: the oldest one still asked for, which it answers, else a new one."""
    waiting = find_oldest_open(session, by, respondent.id, instrument.id)
    return waiting.id if waiting else uuid4()


def is_wish_asked(session: Session, *, administration_id: UUID | None) -> bool:
    """Whether a wish for the meeting was asked for with this rating; not for one that is new."""
    asked = find_administration(session, administration_id) if administration_id else None
    return asked is not None and asked.asks_wish


def enter_on_paper(
    session: Session,
    *,
    by: Actor,
    found: PaperRespondent,
    instrument: Instrument,
    administration_id: UUID,
    form: ReadForm,
    language: str,
    rated_on: date,
    mode: Mode,
    catalogue: Catalogue,
    now: datetime,
    choice: OwnChoice = NOTHING_CHOSEN,
) -> Rating:
    """Store the form. The same key with the same answers is found again instead of stored twice.

    Raises NotFound for a key of another respondent or form, Refused `before_case` for a day before the case was
    opened and `day_to_come` for one to come, FormGone when something else was answered under the key.
    """
    if rated_on < found.case.opened_on:
        raise Refused("before_case")
    known = find_administration(session, administration_id)
    if known is not None and is_kept_from(session, by, known.id):
        there = find_current_rating(session, known.id)
        if there is not None and there.digest == form_digest(known.id, form, choice):
            return there
        if was_asked_before(session, known.id):
            set_aside(session, known)
        else:  # to this actor it was never asked for
            administration_id = uuid5(administration_id, "paper")
            known = find_administration(session, administration_id)
    if known is None:
        create_administration(
            session,
            by=by,
            respondent=found.respondent,
            instrument=instrument,
            due_on=rated_on,
            now=now,
            administration_id=administration_id,
        )
    elif (known.respondent_id, known.instrument_id) != (found.respondent.id, instrument.id):
        raise NotFound(administration_id)
    opened = open_form(session, administration_id=administration_id, catalogue=catalogue, now=now)
    return enter_paper_rating(
        session,
        by=by,
        opened=opened,
        form=form,
        choice=choice,
        language=language,
        rated_on=rated_on,
        mode=mode,
        now=now,
    )
