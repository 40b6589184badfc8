"""What is known about one case, as plain facts: no database objects, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from fitsvc.domain.alliance import AlliancePromptCode
from fitsvc.domain.ending import ReadyToEnd
from fitsvc.domain.expected_change import ExpectationLine
from fitsvc.domain.follow_up import FollowUpClock
from fitsvc.domain.instrument import Direction, Kind
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.next_step import Thought
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.domain.rating import Answer, Mode
from fitsvc.domain.signal import Signal
from fitsvc.domain.trajectory import Trajectory
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.events import EventKind
from fitsvc.storage.expectations import ExpectationKind


@dataclass(frozen=True, slots=True)
class CaseFacts:
    id: UUID
    reference: str
    display_name: str
    birth_month: date
    age_years: int
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class TeamMemberFacts:
    staff_id: UUID
    name: str
    part: TeamPart


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """`chosen_interval` and its unit are a rhythm chosen for this case instead of the standard's."""

    id: UUID
    unit_name: str
    measure_type: str
    legal_basis: str
    ladder_step: int | None
    purpose: str
    expected_weeks: int | None
    started_on: date
    ended_on: date | None
    cadence_standard: str | None
    chosen_interval: int | None
    chosen_interval_unit: str | None


@dataclass(frozen=True, slots=True)
class RespondentFacts:
    """Somebody who rates. `is_active` on the day the facts were gathered; `name` is for staff only."""

    id: UUID
    name: str
    rater_role: RaterRole
    setting: str
    label: str
    has_custody: bool | None
    started_on: date
    ended_on: date | None
    is_active: bool

    @property
    def place(self) -> tuple[int, date, str]:
        """Sorts the voices: by role, then who came first."""
        return RATER_ORDER[self.rater_role], self.started_on, str(self.id)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What one respondent is asked, how often, and why."""

    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    rhythm: Rhythm
    purpose: str
    target_score: float | None
    chosen_against_age: str | None
    starts_on: date
    ends_on: date | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class PointNoteFacts:
    """What a respondent said about a point on their own curve: a picture-word (a code), a sentence, or both."""

    picture: str | None
    text: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class RatedPoint:
    """One rating of a series. `score` is None when too little was answered; the answers are kept and shown.

    `comment_at_meeting`: its author lets it be shown at meetings. `withheld`: "not to the meeting"; only the case's own
    practitioner ever gets such a point. `note` is the respondent's own, when this reader is one they chose.
    """

    rating_id: UUID
    on: date
    score: float | None
    mode: Mode
    language: str
    answers: dict[str, Answer]
    comment: str | None
    comment_at_meeting: bool = False
    withheld: bool = False
    note: PointNoteFacts | None = None


@dataclass(frozen=True, slots=True)
class ExpectationFacts:
    """An agreed expectation of one series, of one of its areas, or of a goal.

    `meeting_on` is the day of the meeting that set it, when one did. `is_latest`: the one that stands now; earlier ones
    stay to be held against what came.
    """

    id: UUID
    kind: ExpectationKind
    line: ExpectationLine
    area: str | None
    goal_id: UUID | None
    meeting_id: UUID | None
    meeting_on: date | None
    is_latest: bool


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """One respondent's ratings on one version of one form, as a total or (`area` set) as one area of it.

    `points` are all ratings, `trajectory.points` the scored ones, both oldest first. `is_current`: the respondent
    still rates and has not moved on to another form of the same kind. `missed` and `due` are days on which an
    answer was asked for and has not come.
    """

    key: str
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    instrument_version: str
    kind: Kind
    area: str | None
    trajectory: Trajectory
    points: tuple[RatedPoint, ...]
    missed: tuple[date, ...]
    due: tuple[date, ...]
    expectations: tuple[ExpectationFacts, ...]
    open_confirmation: Signal | None
    target_score: float | None
    is_current: bool
    follows_key: str | None = None

    @property
    def unscored(self) -> tuple[RatedPoint, ...]:
        return tuple(point for point in self.points if point.score is None)

    @property
    def is_silent(self) -> bool:
        """A due rating did not come, and nothing has come since."""
        latest = self.points[-1].on if self.points else None
        return any(latest is None or day > latest for day in self.missed)


@dataclass(frozen=True, slots=True)
class ExternalFacts:
    """A series of numbers from elsewhere, on its own scale."""

    id: UUID
    series_key: str
    name: str
    unit: str
    direction: Direction
    rater_role: RaterRole | None
    purpose: str
    trajectory: Trajectory


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal, and the ratings of it: one series per rater, by the goal's number while the goal stood."""

    id: UUID
    number: int
    text: str
    start_value: float
    target_value: float
    set_on: date
    due_on: date | None
    closed_on: date | None
    reached: bool | None
    series: tuple[SeriesFacts, ...]


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """`planned_at` is the time of day in Denmark, when one is agreed."""

    id: UUID
    episode_id: UUID
    planned_on: date
    planned_at: time | None
    held_on: date | None

    @property
    def on(self) -> date:
        return self.held_on or self.planned_on


@dataclass(frozen=True, slots=True)
class EventFacts:
    on: date
    kind: EventKind
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a discrepancy: who saw what, when, 0–10 with higher as better."""

    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    on: date
    value: float


@dataclass(frozen=True, slots=True)
class DiscrepancyFacts:
    area: str
    low: Side
    high: Side
    change: float | None

    @property
    def gap(self) -> float:
        return self.high.value - self.low.value


@dataclass(frozen=True, slots=True)
class NextStepFacts:
    """A step somebody took on a confirmed signal, with what they thought of (only what was written is in `thoughts`).

    `on_agenda`: its writer brings it to the meeting.
    """

    id: UUID
    series_key: str
    respondent_id: UUID
    confirmed_on: date
    next_step: str
    taken_on: date
    thoughts: Mapping[Thought, str]
    on_agenda: bool


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Session ratings of one respondent, and what they invite to talk about. For the practitioner only."""

    series: SeriesFacts
    prompts: tuple[AlliancePromptCode, ...]


@dataclass(frozen=True, slots=True)
class CaseTrajectories:
    """Everything a page about one case shows. Series stand in the order of voices (`domain.rater`).

    `totals` are scored wellbeing forms, `areas` the same forms one area at a time, `others` safety and the ruler,
    `talks` the ratings of forms that are for talking only. `sessions` is None for everybody who may not see them.
    `unknown_instruments` are forms that were answered but are no longer installed. `clock` says when the next follow-up
    of the running measure is due; None while none runs, and in a closed case.
    """

    today: date
    case: CaseFacts
    team: tuple[TeamMemberFacts, ...]
    episodes: tuple[EpisodeFacts, ...]
    episode: EpisodeFacts | None
    respondents: tuple[RespondentFacts, ...]
    plans: tuple[PlanFacts, ...]
    totals: tuple[SeriesFacts, ...]
    areas: tuple[SeriesFacts, ...]
    others: tuple[SeriesFacts, ...]
    talks: tuple[SeriesFacts, ...]
    sessions: tuple[SessionFacts, ...] | None
    goals: tuple[GoalFacts, ...]
    externals: tuple[ExternalFacts, ...]
    meetings: tuple[MeetingFacts, ...]
    next_meeting: MeetingFacts | None
    events: tuple[EventFacts, ...]
    next_steps: tuple[NextStepFacts, ...]
    discrepancies: tuple[DiscrepancyFacts, ...]
    ready_to_end: ReadyToEnd | None
    unknown_instruments: tuple[str, ...]
    clock: FollowUpClock | None = None

    def find_series(self, key: str) -> SeriesFacts | None:
        return next((series for series in self.totals if series.key == key), None)
