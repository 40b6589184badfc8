"""Which forms each respondent is asked on now, when they last rated and what waits: for one case or for many."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.asking import Hindrance, hindrance
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.meeting_asking import ActiveSeries
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.storage.meeting_asking import (
    LatestRating,
    OpenAsking,
    PlanDays,
    RespondentRow,
    count_open_goals,
    list_latest_ratings,
    list_open_askings,
    list_plan_days,
    list_who_rates,
)

_ASKED_KINDS = {Kind.WELLBEING: 0, Kind.GOAL: 1, Kind.SAFETY: 2}
"""Asked for before a meeting, in this order; never forms of a session or for talking."""
JUST_MADE = timedelta(minutes=2)
"""A link made so lately by the same person is not handed out yet: a button pressed twice makes it anew."""


class Obstacle(StrEnum):
    """Why somebody who still rates cannot be sent a link: what `domain.asking` says, or no label to put on it."""

    SHARING_NOT_RECORDED = Hindrance.SHARING_NOT_RECORDED.value
    NO_CUSTODY = Hindrance.NO_CUSTODY.value
    NO_LABEL = "no_label"


@dataclass(frozen=True, slots=True)
class VoiceSeries:
    """One form of a voice. `waiting` is the open asking, if any; `withheld`: the latest rating is not for the meeting,
    which only the case's practitioner is told.
    """

    facts: ActiveSeries
    instrument: Instrument
    waiting: OpenAsking | None
    withheld: bool

    @property
    def has_link(self) -> bool:
        return self.waiting is not None and self.waiting.link_until is not None

    def link_is_out(self, by: Actor, now: datetime) -> bool:
        """Whether a link works that may be in somebody's hands already."""
        if self.waiting is None or self.waiting.link_made_at is None:
            return False
        return not (self.waiting.link_made_by == by.staff_id and self.waiting.link_made_at > now - JUST_MADE)


@dataclass(frozen=True, slots=True)
class ActiveVoice:
    """A respondent and the forms they are asked on. `name` is for staff only."""

    case_id: UUID
    respondent_id: UUID
    name: str
    rater_role: RaterRole
    setting: str
    label: str
    obstacle: Obstacle | None
    series: tuple[VoiceSeries, ...]


def read_active_voices(
    session: Session,
    *,
    by: Actor,
    case_ids: Collection[UUID],
    catalogue: Catalogue,
    now: datetime,
    until: date | None = None,
) -> dict[UUID, tuple[ActiveVoice, ...]]:
    """The voices of each case in their usual order, in five queries. The caller has found the cases within scope.

    A form counts when a running plan asks for it, or when it was answered without ever having been planned; of two
    forms of one kind the planned one, else the one answered last. Goal forms count while a goal is open.
    Ratings after `until` are left out.
    """
    forms = forms_asked_for(catalogue)
    rows = list_who_rates(session, case_ids, by.today)
    plans: dict[UUID, list[PlanDays]] = defaultdict(list)
    for plan in list_plan_days(session, case_ids, forms):
        plans[plan.respondent_id].append(plan)
    ratings: dict[UUID, list[LatestRating]] = defaultdict(list)
    for rating in list_latest_ratings(session, by, case_ids, forms, until=until):
        ratings[rating.respondent_id].append(rating)
    waiting: dict[tuple[UUID, str], OpenAsking] = {}
    for asking in list_open_askings(session, by, case_ids, forms, now):
        waiting.setdefault((asking.respondent_id, asking.instrument_id), asking)
    goals = count_open_goals(session, case_ids)
    found: dict[UUID, list[ActiveVoice]] = {case_id: [] for case_id in case_ids}
    for row in sorted(rows, key=lambda row: RATER_ORDER[row.rater_role]):
        offered = {
            key: one for key, one in forms.items() if one.kind is not Kind.GOAL or row.case_id in goals
        }
        chosen = _chosen(plans[row.respondent_id], ratings[row.respondent_id], offered, by.today)
        series = tuple(
            _series(
                row,
                offered[form],
                starts_on,
                ratings[row.respondent_id],
                waiting.get((row.respondent_id, form)),
                by.today,
            )
            for form, starts_on in chosen.items()
        )
        if series:
            found[row.case_id].append(_voice(row, series))
    return {case_id: tuple(voices) for case_id, voices in found.items()}


def forms_asked_for(catalogue: Catalogue) -> dict[str, Instrument]:
    """The forms asked for before a meeting, those with texts, the most important kind first."""
    found = [
        one
        for one in catalogue.current()
        if one.may_be_given and (one.is_on_curve or one.kind in (Kind.GOAL, Kind.SAFETY))
    ]
    return {one.id: one for one in sorted(found, key=lambda one: _ASKED_KINDS[one.kind])}


def _chosen(
    plans: list[PlanDays], ratings: list[LatestRating], forms: Mapping[str, Instrument], today: date
) -> dict[str, date]:
    """The forms in use, each with the first day it is asked for: one of each kind, unless several are planned."""
    running = {
        plan.instrument_id: plan.starts_on
        for plan in plans
        if plan.starts_on <= today and (plan.ends_on is None or plan.ends_on >= today)
    }
    once_planned = {plan.instrument_id for plan in plans}
    lanes = {_lane(forms[form]) for form in running if form in forms}
    latest: dict[tuple[object, ...], LatestRating] = {}
    for rating in sorted(ratings, key=lambda one: (one.rated_on, one.instrument_id)):
        form = forms.get(rating.instrument_id)
        if form is not None and _lane(form) not in lanes:
            latest[_lane(form)] = rating
    unplanned = {
        one.instrument_id: date.min for one in latest.values() if one.instrument_id not in once_planned
    }
    in_use = running | unplanned
    return {form: in_use[form] for form in forms if form in in_use}


def _lane(form: Instrument) -> tuple[object, ...]:
    return form.kind, form.scoring.minimum, form.scoring.maximum


def _series(
    row: RespondentRow,
    form: Instrument,
    starts_on: date,
    ratings: list[LatestRating],
    waiting: OpenAsking | None,
    today: date,
) -> VoiceSeries:
    of_form = [one for one in ratings if one.instrument_id == form.id]
    latest = max(of_form, key=lambda one: (one.rated_on, not one.withheld), default=None)
    return VoiceSeries(
        facts=ActiveSeries(
            respondent_id=row.respondent_id,
            instrument_id=form.id,
            latest_rated_on=latest.rated_on if latest else None,
            asked_on=min(waiting.due_on, today) if waiting else None,
            starts_on=starts_on,
        ),
        instrument=form,
        waiting=waiting,
        withheld=latest is not None and latest.withheld,
    )


def _voice(row: RespondentRow, series: tuple[VoiceSeries, ...]) -> ActiveVoice:
    return ActiveVoice(
        case_id=row.case_id,
        respondent_id=row.respondent_id,
        name=row.name,
        rater_role=row.rater_role,
        setting=row.setting,
        label=row.label,
        obstacle=_obstacle(row),
        series=series,
    )


def _obstacle(row: RespondentRow) -> Obstacle | None:
    """Closed cases and ended respondents are the caller's matter: neither is in the rows."""
    found = hindrance(
        row.rater_role, row.has_custody, has_basis=row.has_basis, has_ended=False, case_closed=False
    )
    if found is not None:
        return Obstacle(found.value)
    return Obstacle.NO_LABEL if row.rater_role is not RaterRole.CHILD and not row.label else None
