"""Reads everything one case holds, in a fixed number of queries however much there is."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Visibility
from fitsvc.services.case_facts import EpisodeFacts, RespondentFacts, TeamMemberFacts
from fitsvc.storage.administrations import KnownAsking, list_known_askings
from fitsvc.storage.case_reading import list_comments, list_episodes_with_units, list_team_names
from fitsvc.storage.events import CaseEvent, list_events
from fitsvc.storage.expectations import AgreedExpectation, list_expectations
from fitsvc.storage.external import (
    ExternalSeries,
    ExternalValue,
    list_external_series,
    list_external_values,
)
from fitsvc.storage.goals import Goal, list_goals
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.point_notes import PointNote, list_point_notes
from fitsvc.storage.ratings import Comment, Rating, list_ratings
from fitsvc.storage.respondents import RatingPlan, list_plans, list_respondents
from fitsvc.storage.signals import SignalAction, list_signal_actions

OfRespondent = TypeVar("OfRespondent", RatingPlan, Rating, KnownAsking, AgreedExpectation, SignalAction)


@dataclass(frozen=True, slots=True)
class CaseRecords:
    """The rows of one case, for the services that make facts of them; they go no further."""

    team: tuple[TeamMemberFacts, ...]
    episodes: tuple[EpisodeFacts, ...]
    respondents: dict[UUID, RespondentFacts]
    plans: list[RatingPlan]
    ratings: list[Rating]
    comments: dict[UUID, Comment]
    notes: dict[UUID, PointNote]
    askings: list[KnownAsking]
    expectations: list[AgreedExpectation]
    signal_actions: list[SignalAction]
    meetings: list[FollowUpMeeting]
    events: list[CaseEvent]
    goals: list[Goal]
    external_series: list[ExternalSeries]
    external_values: dict[UUID, list[ExternalValue]]


def read_records(
    session: Session, case_id: UUID, today: date, *, for_practitioner: bool = False
) -> CaseRecords:
    """One query for each subject. What a respondent kept from the meeting is there for the case's practitioner only: to
    everybody else it is as if they had not answered.
    """
    values: dict[UUID, list[ExternalValue]] = defaultdict(list)
    for value in list_external_values(session, case_id):
        values[value.series_id].append(value)
    respondents = _read_respondents(session, case_id, today)
    ratings = _of(respondents, list_ratings(session, case_id))
    kept_days = {_place(one, one.rated_on) for one in ratings if one.withheld and not for_practitioner}
    readers = (Visibility.PRACTITIONER, Visibility.MEETING) if for_practitioner else (Visibility.MEETING,)
    return CaseRecords(
        team=tuple(TeamMemberFacts(*row) for row in list_team_names(session, case_id, today)),
        episodes=_read_episodes(session, case_id),
        respondents=respondents,
        plans=_of(respondents, list_plans(session, case_id)),
        ratings=[one for one in ratings if for_practitioner or not one.withheld],
        comments={comment.rating_id: comment for comment in list_comments(session, case_id)},
        notes={note.rating_id: note for note in list_point_notes(session, case_id, *readers)},
        askings=_of(respondents, list_known_askings(session, case_id, to_practitioner=for_practitioner)),
        expectations=_of(respondents, list_expectations(session, case_id)),
        signal_actions=[
            one
            for one in _of(respondents, list_signal_actions(session, case_id))
            if _place(one, one.confirmed_on)
            not in kept_days  # it would tell of the rating that confirmed the signal
        ],
        meetings=list_meetings(session, case_id),
        events=list_events(session, case_id),
        goals=list_goals(session, case_id),
        external_series=list_external_series(session, case_id),
        external_values=values,
    )


def _of(respondents: Collection[UUID], rows: Iterable[OfRespondent]) -> list[OfRespondent]:
    """Without what belongs to respondents who took their answers back."""
    return [row for row in rows if row.respondent_id in respondents]


def _place(row: Rating | SignalAction, on: date) -> tuple[UUID, str, str, date]:
    return row.respondent_id, row.instrument_id, row.instrument_version, on


def _read_episodes(session: Session, case_id: UUID) -> tuple[EpisodeFacts, ...]:
    return tuple(
        EpisodeFacts(
            id=episode.id,
            unit_name=unit_name,
            measure_type=episode.measure_type,
            legal_basis=episode.legal_basis,
            ladder_step=episode.ladder_step,
            purpose=episode.purpose,
            expected_weeks=episode.expected_weeks,
            started_on=episode.started_on,
            ended_on=episode.ended_on,
            cadence_standard=episode.cadence_standard,
            chosen_interval=episode.chosen_interval,
            chosen_interval_unit=episode.chosen_interval_unit,
        )
        for episode, unit_name in list_episodes_with_units(session, case_id)
    )


def _read_respondents(session: Session, case_id: UUID, today: date) -> dict[UUID, RespondentFacts]:
    """In the order of voices, without those who took their answers back."""
    facts = [
        RespondentFacts(
            id=one.id,
            name=one.person.name,
            rater_role=one.rater_role,
            setting=one.setting,
            label=one.label,
            has_custody=one.has_custody,
            started_on=one.started_on,
            ended_on=one.ended_on,
            is_active=one.ended_on is None or one.ended_on >= today,
        )
        for one in list_respondents(session, case_id)
        if one.withdrawn_at is None
    ]
    return {one.id: one for one in sorted(facts, key=lambda one: one.place)}
