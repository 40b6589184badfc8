"""What the pages of respondents show, ready to place."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.retention import answers_go_on
from fitsvc.services.asking import Asked, AskedState
from fitsvc.services.clock import local_day
from fitsvc.services.rating_plans import FormChange
from fitsvc.storage.respondents import RatingPlan, Respondent, SharingBasis
from fitsvc.web.words import RATER_ROLES, RHYTHMS

ASKED_STATES = {
    AskedState.NOT_YET_DUE: _l("Not due yet"),
    AskedState.DUE: _l("Due"),
    AskedState.MISSED: _l("Not answered"),
    AskedState.ANSWERED: _l("Answered"),
    AskedState.CANCELLED: _l("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class RespondentHead:
    id: UUID
    name: str
    role: str
    is_child: bool
    setting: str
    label: str
    contact: str
    has_ended: bool
    is_withdrawn: bool
    answers_go_on: date | None
    shows_own_curve: bool


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: UUID
    respondent_id: UUID
    form: str
    rhythm: str
    purpose: str
    target_score: float | None
    against_age: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    plan_id: UUID
    old: str
    new: str
    new_id: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    id: UUID
    form: str
    due_on: date
    answered_on: date | None
    state: str
    is_missed: bool
    is_open: bool
    link: str


@dataclass(frozen=True, slots=True)
class RecordedBasis:
    """The basis that stands; `family_told_on` is None on one from before the day was asked for."""

    basis: str
    sharing_scope: str
    decided_on: date
    family_told_on: date | None


def recorded_basis(found: SharingBasis) -> RecordedBasis:
    return RecordedBasis(found.basis, found.sharing_scope, found.decided_on, found.family_told_on)


def respondent_head(respondent: Respondent, today: date) -> RespondentHead:
    person = respondent.person
    return RespondentHead(
        id=respondent.id,
        name=person.name,
        role=str(RATER_ROLES[respondent.rater_role]),
        is_child=respondent.rater_role is RaterRole.CHILD,
        setting=respondent.setting,
        label=respondent.label,
        contact=" · ".join(part for part in (person.email, person.phone) if part),
        has_ended=respondent.ended_on is not None and respondent.ended_on <= today,
        is_withdrawn=respondent.withdrawn_at is not None,
        answers_go_on=answers_go_on(local_day(respondent.withdrawn_at)) if respondent.withdrawn_at else None,
        shows_own_curve=respondent.shows_own_curve,
    )


def plan_row(plan: RatingPlan, catalogue: Catalogue, language: str) -> PlanRow:
    return PlanRow(
        plan.id,
        plan.respondent_id,
        form_title(catalogue, plan.instrument_id, language),
        str(RHYTHMS[plan.rhythm]),
        plan.purpose,
        plan.target_score,
        plan.chosen_against_age or "",
        plan.starts_on,
        plan.ends_on,
    )


def change_row(change: FormChange, catalogue: Catalogue, language: str) -> ChangeRow:
    return ChangeRow(
        change.plan.id,
        form_title(catalogue, change.plan.instrument_id, language),
        titled(change.suggested, language),
        change.suggested.id,
    )


def asked_row(asked: Asked, catalogue: Catalogue, language: str) -> AskedRow:
    return AskedRow(
        id=asked.administration_id,
        form=form_title(catalogue, asked.instrument_id, language, asked.instrument_version),
        due_on=asked.due_on,
        answered_on=asked.answered_on,
        state=str(ASKED_STATES[asked.state]),
        is_missed=asked.state is AskedState.MISSED,
        is_open=asked.is_open,
        link=_link_words(asked),
    )


def form_title(catalogue: Catalogue, instrument_id: str, language: str, version: str | None = None) -> str:
    """The form's title, or its id when it is no longer installed."""
    found = catalogue.find(instrument_id, version)
    return instrument_id if found is None else titled(found, language)


def titled(instrument: Instrument, language: str) -> str:
    """Titles repeat between forms for different ages, so the ages stand with them."""
    title = instrument.text(language).title
    return f"{title} ({ages})" if (ages := age_words(instrument)) else title


def age_words(instrument: Instrument) -> str:
    low, high = instrument.age_from, instrument.age_to
    if low is None and high is None:
        return ""
    if high is None:
        return _("from %(low)d years", low=low)
    return _("%(low)d–%(high)d years", low=low or 0, high=high)


def _link_words(asked: Asked) -> str:
    if not asked.is_open:
        return ""
    if asked.link_expires_at is not None:
        return _("A link is out")
    return _("The link has expired") if asked.link_expired else _("No link")
