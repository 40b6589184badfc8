"""The frame of a demo case: the case, its team, episodes, sessions and meetings."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from fitsvc.demo.follow_up_words import CLOSING, LATE, LATER_APPROVED, LATER_ASKED
from fitsvc.demo.meetings import MeetingPlot, plan_meetings, start_for_meeting_soon
from fitsvc.demo.people import STAFF
from fitsvc.demo.plots import Plot
from fitsvc.demo.rows import Rows, at, birth_month, day_of_week, key, monday
from fitsvc.demo.stage import CaseStage, weeks_asked
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.follow_up import DeviationKind, DeviationState
from fitsvc.domain.law import LEGAL_BASES, USUAL_STEP, MeasureType
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.sessions import CareSession

_OPENED_BEFORE = timedelta(days=14)
_ENDED_BEFORE_CLOSING = timedelta(days=7)
_CONFIRMED_BEFORE = timedelta(days=3)
_ASKED_BEFORE, _ASKED_LATELY = timedelta(days=6), timedelta(days=3)
_PLACEMENT_BASIS = "anbringelse med samtykke"


def open_case(rows: Rows, plot: Plot, number: int) -> CaseStage:
    weeks = plot.earlier.started if plot.earlier else plot.weeks
    first_day = monday(rows.today) - timedelta(weeks=weeks)
    ended_on = _ended_on(rows, plot)
    opened_on = first_day - _OPENED_BEFORE
    case = rows.add(
        Case(
            id=key("case", plot.nick),
            reference=f"DEMO-{1000 + number}",
            display_name=plot.nick,
            birth_month=birth_month(rows.today, plot.age),
            opened_on=opened_on,
            closed_on=ended_on + _ENDED_BEFORE_CLOSING if ended_on else None,
            journal_confirmed_at=at(rows.today - _CONFIRMED_BEFORE, 10) if plot.in_journal else None,
            journal_confirmed_by_id=key("staff", plot.caseworker) if plot.in_journal else None,
            created_at=at(opened_on, 9),
        )
    )
    parts = ((plot.practitioner, TeamPart.PRACTITIONER), (plot.caseworker, TeamPart.CASEWORKER))
    for staff, part in parts:
        rows.add(
            TeamMember(
                id=key("team", plot.nick, staff),
                case_id=case.id,
                staff_id=key("staff", staff),
                part=part,
                from_on=opened_on,
            )
        )
    return CaseStage(
        plot=plot,
        case=case,
        first_day=first_day,
        weekday=number % 5,
        practitioner_id=key("staff", plot.practitioner),
        recorded_by_id=key("staff", plot.caseworker),
        sessions={},
    )


def _ended_on(rows: Rows, plot: Plot) -> date | None:
    return day_of_week(rows.today, plot.ended, 4) if plot.ended else None


def add_episodes(rows: Rows, stage: CaseStage) -> list[Episode]:
    """The earlier episode, where there was one, and the current one."""
    plot = stage.plot
    episodes = []
    if plot.earlier:
        episodes.append(
            _add_episode(
                rows,
                stage,
                measure=plot.earlier.measure,
                unit=plot.earlier.unit,
                purpose=plot.earlier.purpose,
                started_on=stage.first_day,
                ended_on=day_of_week(rows.today, plot.earlier.ended, 4),
            )
        )
    unit = next(part.unit for part in STAFF if part.key == plot.practitioner)
    started_on = monday(rows.today) - timedelta(weeks=plot.weeks)
    if plot.meeting_soon:
        started_on = start_for_meeting_soon(plot, started_on, rows.today)
    episodes.append(
        _add_episode(
            rows,
            stage,
            measure=plot.measure,
            unit=unit,
            purpose=plot.purpose,
            started_on=started_on,
            ended_on=_ended_on(rows, plot),
        )
    )
    return episodes


def _add_episode(
    rows: Rows,
    stage: CaseStage,
    *,
    measure: MeasureType,
    unit: str,
    purpose: str,
    started_on: date,
    ended_on: date | None,
) -> Episode:
    plot = stage.plot
    chosen = plot.chosen
    return rows.add(
        Episode(
            id=key("episode", plot.nick, not plot.earlier or started_on == stage.first_day),
            case_id=stage.case.id,
            unit_id=key("unit", unit),
            measure_type=measure.value,
            legal_basis=LEGAL_BASES.get(measure, (_PLACEMENT_BASIS,))[0],
            ladder_step=USUAL_STEP[measure].value,
            purpose=purpose,
            expected_weeks=52,
            started_on=started_on,
            ended_on=ended_on,
            cadence_standard=plot.standard,
            chosen_interval=chosen.weeks if chosen else None,
            chosen_interval_unit="weeks" if chosen else None,
            created_at=at(started_on, 9),
        )
    )


def add_sessions(rows: Rows, stage: CaseStage, episodes: Sequence[Episode]) -> None:
    """The sessions with the family, as often as the child rates (every second week where it does not)."""
    first_voice = stage.plot.voices[0]
    if not first_voice.course:
        return
    every = first_voice.every if first_voice.role is RaterRole.CHILD else 2
    found = {}
    for weeks_ago in weeks_asked(stage.plot, every):
        day = day_of_week(rows.today, weeks_ago, stage.weekday)
        found[weeks_ago] = rows.add(
            CareSession(
                id=key("session", stage.plot.nick, weeks_ago),
                case_id=stage.case.id,
                episode_id=episodes[-1].id,
                practitioner_id=stage.practitioner_id,
                held_on=day,
                started_at=at(day, 15),
                ended_at=at(day, 16),
            )
        )
    stage.sessions.update(found)


def add_meetings(rows: Rows, stage: CaseStage, episodes: Sequence[Episode]) -> list[FollowUpMeeting]:
    meetings: list[FollowUpMeeting] = []
    for episode in episodes:
        measure = MeasureType(episode.measure_type)
        plans = plan_meetings(stage.plot, measure, episode.started_on, rows.today, episode.ended_on)
        for number, plan in enumerate(plans):
            meeting = FollowUpMeeting(
                id=key("meeting", episode.id, number),
                case_id=stage.case.id,
                episode_id=episode.id,
                planned_on=plan.planned_on,
                planned_at=time(13 + number % 3, 0 if number % 2 else 30),
                held_on=plan.held_on,
                created_by_id=stage.recorded_by_id,
                created_at=_agreed_at(meetings, episode),
            )
            meetings.append(rows.add(meeting))
            if plan.by_cadence not in {None, plan.held_on or plan.planned_on}:
                rows.add(_deviation(rows, meeting, plan))
    return meetings


def _deviation(rows: Rows, meeting: FollowUpMeeting, plan: MeetingPlot) -> Deviation:
    """Sooner, as all agreed; or later, which a leader has approved for the past and is to answer for the future."""
    on = plan.held_on or plan.planned_on
    is_later = plan.by_cadence is not None and on > plan.by_cadence
    state = (
        DeviationState.NOTED
        if not is_later
        else DeviationState.APPROVED
        if plan.held_on
        else DeviationState.AWAITING
    )
    asked_at = at((plan.by_cadence or on) - _ASKED_BEFORE if plan.held_on else rows.today - _ASKED_LATELY, 10)
    is_answered = state is DeviationState.APPROVED
    late = LATE[key("late", meeting.id).int % len(LATE)]
    code, reason = late if is_answered else LATER_ASKED if is_later else CLOSING
    return Deviation(
        id=key("deviation", meeting.id),
        case_id=meeting.case_id,
        episode_id=meeting.episode_id,
        meeting_id=meeting.id,
        kind=DeviationKind.LATER if is_later else DeviationKind.SOONER,
        reason_code=code,
        reason=reason,
        decided_by="Familien og sagens rådgiver",
        by_cadence_on=plan.by_cadence,
        planned_on=on,
        state=state,
        asked_by_id=meeting.created_by_id,
        asked_at=asked_at,
        answered_by_id=key("staff", "gerda") if is_answered else None,
        answered_at=asked_at + timedelta(days=1) if is_answered else None,
        answer=LATER_APPROVED if is_answered else "",
    )


def _agreed_at(earlier: Sequence[FollowUpMeeting], episode: Episode) -> datetime:
    """A meeting is agreed at the one before it, the first when the episode starts."""
    held = [meeting for meeting in earlier if meeting.episode_id == episode.id and meeting.held_on]
    return at(held[-1].held_on or episode.started_on, 14) if held else at(episode.started_on, 9)


def add_log(rows: Rows, stage: CaseStage, episode: Episode) -> None:
    """A little of what the logs of a real case would hold."""
    case = stage.case
    acts = (
        (Act.CASE_OPENED, stage.recorded_by_id, case.created_at),
        (Act.EPISODE_STARTED, stage.recorded_by_id, at(episode.started_on, 9)),
    )
    for act, staff_id, moment in acts:
        rows.add(
            AuditLog(
                at=moment,
                staff_id=staff_id,
                act=act,
                case_id=case.id,
                details={},
            )
        )
    rows.add(
        AccessLog(
            at=at(rows.today - timedelta(days=1), 8, 30),
            staff_id=stage.practitioner_id,
            access=Access.CASE_READ,
            case_ids=[str(case.id)],
        )
    )
