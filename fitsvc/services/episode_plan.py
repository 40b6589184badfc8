"""What is decided when a measure starts, and whether it can be: dates, rhythm and the first follow-up meeting."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import FEWER, DeviationKind, judge_rhythm
from fitsvc.domain.law import LadderStep, MeasureType
from fitsvc.services.cadences import is_too_long, number_and_unit
from fitsvc.services.calendar import is_working_day
from fitsvc.services.deviations import (
    NO_GROUNDS,
    Grounds,
    deviation_of_date,
    deviation_of_rhythm,
    judge_day,
)
from fitsvc.services.episode_teams import check_people
from fitsvc.services.follow_up_dates import (
    ProposedDate,
    Standards,
    propose_first,
    standard_of,
)
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    Invalid,
    checked_day,
    checked_text,
)
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import FollowUpMeeting

MOST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """What is decided when a measure starts. `first_meeting_on` None takes the date the cadence proposes.

    `cadence_standard` None: followed up by no standard, which only early help may be; then, without a rhythm or a day
    chosen for the case, no meeting is planned at all. `investigation_ends_on`: where the law sets a limit for the first
    follow-up, it is at the end of an investigation beside the measure, if that comes earlier.
    """

    measure_type: MeasureType
    legal_basis: str
    ladder_step: LadderStep | None
    purpose: str
    expected_weeks: int | None
    started_on: date
    unit_id: UUID
    practitioner_ids: tuple[UUID, ...]
    cadence_standard: str | None
    chosen_interval: Interval | None = None
    first_meeting_on: date | None = None
    first_meeting_at: time | None = None
    grounds: Grounds = NO_GROUNDS
    investigation_ends_on: date | None = None


def propose_first_meeting(
    standards: Standards,
    *,
    standard_id: str | None,
    measure_type: MeasureType,
    start: date,
    chosen: Interval | None,
    investigation_ends: date | None = None,
) -> tuple[ProposedDate, bool]:
    """The first date before anything is started, and whether the chosen rhythm waits for a leader and so does not
    count yet.
    """
    deviates = _judge_chosen(standards, standard_id, measure_type, start, chosen, investigation_ends)
    waits = deviates is not None and deviates[0] in FEWER
    proposed = propose_first(
        standards,
        standard_id=standard_id,
        measure_type=measure_type,
        start=start,
        chosen=None if waits else chosen,
        investigation_ends=investigation_ends,
    )
    return proposed, waits


def checked_episode(
    session: Session,
    by: Actor,
    now: datetime,
    standards: Standards,
    case: Case,
    key: UUID,
    plan: EpisodePlan,
) -> tuple[Episode, Deviation | None]:
    """The episode with the rhythm that stands, and the deviation its chosen rhythm is, if it is one."""
    checked_day(
        plan.started_on, "started_on", earliest=case.birth_month, latest=by.today + LONGEST_LOOK_AHEAD
    )
    if plan.investigation_ends_on is not None:
        _check_investigation(standards, plan, plan.investigation_ends_on, by.today)
    if plan.expected_weeks is not None and not 1 <= plan.expected_weeks <= MOST_WEEKS:
        raise Invalid("expected_weeks", "out_of_range")
    if plan.cadence_standard is None and plan.measure_type is not MeasureType.EARLY_HELP_S30:
        raise Invalid("cadence_standard", "only_early_help_without")
    if plan.cadence_standard is not None and plan.cadence_standard not in standards:
        raise Invalid("cadence_standard", "not_a_choice")
    check_people(session, plan.unit_id, plan.practitioner_ids)
    number, unit = _checked_interval(plan.chosen_interval)
    episode = Episode(
        id=key,
        case_id=case.id,
        unit_id=plan.unit_id,
        measure_type=plan.measure_type.value,
        legal_basis=checked_text(plan.legal_basis, "legal_basis", limit=60),
        ladder_step=plan.ladder_step,
        purpose=checked_text(plan.purpose, "purpose", limit=LONG_TEXT),
        expected_weeks=plan.expected_weeks,
        started_on=plan.started_on,
        ended_on=None,
        cadence_standard=plan.cadence_standard,
        chosen_interval=number,
        chosen_interval_unit=unit,
        investigation_ends_on=plan.investigation_ends_on,
        created_at=now,
    )
    deviates = _judge_chosen(
        standards,
        plan.cadence_standard,
        plan.measure_type,
        plan.started_on,
        plan.chosen_interval,
        plan.investigation_ends_on,
    )
    if deviates is None or plan.chosen_interval is None:
        return episode, None
    kind, by_standard = deviates
    if kind in FEWER:  # the standard's rhythm stands until a leader has said yes
        episode.chosen_interval = episode.chosen_interval_unit = None
    return episode, deviation_of_rhythm(
        by=by,
        now=now,
        episode=episode,
        kind=kind,
        by_standard=by_standard,
        chosen=plan.chosen_interval,
        grounds=plan.grounds,
    )


def _judge_chosen(
    standards: Standards,
    standard_id: str | None,
    measure_type: MeasureType,
    start: date,
    chosen: Interval | None,
    investigation_ends: date | None,
) -> tuple[DeviationKind, Interval] | None:
    if chosen is None:
        return None
    standard = standard_of(standards, standard_id)
    return judge_rhythm(
        standard, measure_type, start, chosen, is_working_day, investigation_ends=investigation_ends
    )


def _check_investigation(standards: Standards, plan: EpisodePlan, ends_on: date, today: date) -> None:
    """Only where the law sets a limit does the end of an investigation say anything about the follow-up."""
    if plan.measure_type not in standard_of(standards, plan.cadence_standard).limits:
        raise Invalid("investigation_ends_on", "no_legal_limit")
    if ends_on < plan.started_on:
        raise Invalid("investigation_ends_on", "before_start")
    checked_day(ends_on, "investigation_ends_on", latest=today + LONGEST_LOOK_AHEAD)


def _checked_interval(chosen: Interval | None) -> tuple[int | None, str | None]:
    if chosen is not None and is_too_long(chosen):
        raise Invalid("interval_number", "out_of_range")
    return number_and_unit(chosen)


def first_meeting(
    by: Actor, now: datetime, episode: Episode, plan: EpisodePlan, proposed: ProposedDate
) -> tuple[FollowUpMeeting | None, Deviation | None]:
    day = plan.first_meeting_on or proposed.day
    if day is None and plan.cadence_standard is None:
        return None, None
    if day is None:
        raise Invalid("first_meeting_on", "choice_required")
    kind = judge_day(day, proposed, field="first_meeting_on", earliest=episode.started_on)
    meeting = FollowUpMeeting(
        id=uuid4(),
        case_id=episode.case_id,
        episode_id=episode.id,
        planned_on=day,
        planned_at=plan.first_meeting_at,
        held_on=None,
        cancelled_at=None,
        created_by_id=by.staff_id,
        created_at=now,
    )
    deviation = (
        deviation_of_date(
            by=by,
            now=now,
            meeting=meeting,
            proposed=proposed,
            kind=kind,
            grounds=plan.grounds,
            planned_on=day,
        )
        if kind
        else None
    )
    return meeting, deviation
