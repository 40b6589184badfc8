"""What a respondent is asked, how often, why, and with which target; and when the form should change with age."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.age import age_years
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    Invalid,
    checked_day,
    checked_number,
    checked_text,
)
from fitsvc.services.respondents import get_respondent, why_not_asked
from fitsvc.storage.cases import Case
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once
from fitsvc.storage.respondents import RatingPlan, Respondent, list_plans


@dataclass(frozen=True, slots=True)
class FormChoices:
    """The forms a respondent may be asked on: those that suit the child's age, and the others for this role."""

    suggested: tuple[Instrument, ...]
    others: tuple[Instrument, ...]

    def find(self, instrument_id: str) -> Instrument | None:
        return next((one for one in (*self.suggested, *self.others) if one.id == instrument_id), None)


@dataclass(frozen=True, slots=True)
class FormChange:
    """A form the child has outgrown and the one to suggest instead, which starts a new series."""

    plan: RatingPlan
    suggested: Instrument


def form_choices(catalogue: Catalogue, role: RaterRole, birth_month: date, today: date) -> FormChoices:
    """Which forms to suggest, by the rater's role and the child's age in whole years."""
    suggested = catalogue.for_rater(role, age_years(birth_month, today))
    others = tuple(
        one
        for one in catalogue.current()
        if one.may_be_given and role in one.rater_roles and one not in suggested
    )
    return FormChoices(suggested, others)


def plans_of(session: Session, respondent: Respondent) -> list[RatingPlan]:
    """A respondent's plans, the ended ones too, oldest first."""
    return [one for one in list_plans(session, respondent.case_id) if one.respondent_id == respondent.id]


def outgrown_forms(
    catalogue: Catalogue, case: Case, respondent: Respondent, plans: list[RatingPlan], today: date
) -> tuple[FormChange, ...]:
    """Running plans whose form no longer suits the child's age though another of the same kind does.

    A form that was chosen against the age was chosen; nothing is suggested for it.
    """
    choices = form_choices(catalogue, respondent.rater_role, case.birth_month, today)
    fitting = {one.kind: one for one in reversed(choices.suggested)}
    changes = []
    for plan in plans:
        now_given = catalogue.find(plan.instrument_id)
        if plan.ends_on is not None or plan.chosen_against_age or now_given is None:
            continue
        better = fitting.get(now_given.kind)
        if better is not None and now_given.id not in {one.id for one in choices.suggested}:
            changes.append(FormChange(plan, better))
    return tuple(changes)


def plan_ratings(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    catalogue: Catalogue,
    case_id: UUID,
    respondent_id: UUID,
    key: UUID,
    instrument_id: str,
    rhythm: Rhythm,
    purpose: str,
    starts_on: date,
    target_score: float | None = None,
    against_age: str = "",
    replaces: UUID | None = None,
) -> RatingPlan:
    """Ask a respondent on a form. `replaces` ends another plan the same day: a change of form, a new series.

    A form for another age needs a reason, which is kept. Sent twice with the same key it is one plan.
    """
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    sent_before = session.get(RatingPlan, key)
    if sent_before is not None:
        return get_plan(session, respondent, key)
    stands_in_the_way = why_not_asked(session, case=case, respondent=respondent, today=by.today)
    if stands_in_the_way is not None:
        raise Refused(stands_in_the_way.value)
    choices = form_choices(catalogue, respondent.rater_role, case.birth_month, by.today)
    instrument = choices.find(instrument_id)
    if instrument is None:
        raise Invalid("instrument_id", "not_a_choice")
    replaced = get_plan(session, respondent, replaces) if replaces else None
    _check_not_planned(session, respondent, instrument, replaced)
    plan = RatingPlan(
        id=key,
        respondent_id=respondent.id,
        instrument_id=instrument.id,
        rhythm=_checked_rhythm(instrument, rhythm),
        purpose=checked_text(purpose, "purpose", limit=LONG_TEXT),
        target_score=_checked_target(instrument, target_score),
        chosen_against_age=(
            None
            if instrument in choices.suggested
            else checked_text(against_age, "against_age", limit=LONG_TEXT)
        ),
        starts_on=checked_day(
            starts_on, "starts_on", earliest=respondent.started_on, latest=by.today + LONGEST_LOOK_AHEAD
        ),
        ends_on=None,
        created_at=now,
    )
    if replaced is not None:
        replaced.ends_on = max(replaced.starts_on, starts_on)
    if add_once(session, plan):
        _note_change(session, by, now, respondent, plan)
    return plan


def end_plan(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, respondent_id: UUID, plan_id: UUID
) -> RatingPlan:
    """Stop asking on a form from today. Ended twice is ended once."""
    _case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    plan = get_plan(session, respondent, plan_id)
    if plan.ends_on is None:
        plan.ends_on = max(by.today, plan.starts_on)
        _note_change(session, by, now, respondent, plan)
    return plan


def get_plan(session: Session, respondent: Respondent, plan_id: UUID) -> RatingPlan:
    """The respondent's plan; NotFound when it is somebody else's."""
    plan = session.get(RatingPlan, plan_id)
    if plan is None or plan.respondent_id != respondent.id:
        raise NotFound(plan_id)
    return plan


def _check_not_planned(
    session: Session, respondent: Respondent, instrument: Instrument, replaced: RatingPlan | None
) -> None:
    running = [one for one in plans_of(session, respondent) if one.ends_on is None and one is not replaced]
    if any(one.instrument_id == instrument.id for one in running):
        raise Invalid("instrument_id", "plan_there_already")


def _checked_rhythm(instrument: Instrument, rhythm: Rhythm) -> Rhythm:
    if instrument.kind is Kind.SESSION and rhythm is not Rhythm.EVERY_SESSION:
        raise Invalid("rhythm", "session_forms_at_sessions")
    return rhythm


def _checked_target(instrument: Instrument, target: float | None) -> float | None:
    if target is None:
        return None
    if not instrument.is_scored:
        raise Invalid("target_score", "form_has_no_score")
    return checked_number(target, "target_score", instrument.scoring.minimum, instrument.scoring.maximum)


def _note_change(
    session: Session, by: Actor, now: datetime, respondent: Respondent, plan: RatingPlan
) -> None:
    record_act(
        session,
        Act.PLAN_CHANGED,
        at=now,
        staff_id=by.staff_id,
        case_id=respondent.case_id,
        respondent=str(respondent.id),
        plan=str(plan.id),
        instrument=plan.instrument_id,
        ended=plan.ends_on is not None,
    )
