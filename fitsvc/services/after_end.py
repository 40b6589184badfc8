"""Ratings after a measure has ended: one, three and six months on, does it hold?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import add_months
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import CaseTrajectories, EpisodeFacts
from fitsvc.services.errors import NotFound, Refused
from fitsvc.storage.after_end import PlannedRating, list_planned_of_episode, list_planned_ratings
from fitsvc.storage.logs import record_act

MONTHS_AFTER = (1, 3, 6)

Tick = tuple[UUID, int]
"""A respondent, and how many months after the end they are asked."""


@dataclass(frozen=True, slots=True)
class Chance:
    """One day somebody may be asked on. `is_asked`: it was done, and stays; `is_over`: the day has gone by."""

    months: int
    ask_on: date
    is_planned: bool
    is_asked: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """One respondent with the form they rate on, and the three days."""

    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    chances: tuple[Chance, ...]


def find_episode_facts(facts: CaseTrajectories, episode_id: UUID) -> EpisodeFacts:
    """The case's episode; NotFound otherwise."""
    found = next((one for one in facts.episodes if one.id == episode_id), None)
    if found is None:
        raise NotFound(episode_id)
    return found


def offer_after_end(session: Session, *, facts: CaseTrajectories, episode_id: UUID) -> tuple[AskedAfter, ...]:
    """Who can be asked when; empty while the episode runs. Those who rate now are offered, on the form they use."""
    episode = find_episode_facts(facts, episode_id)
    if episode.ended_on is None:
        return ()
    rows = _by_day(session, episode_id)
    found = []
    for series in facts.totals:
        if not series.is_current:
            continue
        chances = []
        for months in MONTHS_AFTER:
            ask_on = add_months(episode.ended_on, months)
            row = rows.get((series.respondent_id, series.instrument_id, ask_on))
            is_asked = row is not None and row.administration_id is not None
            chances.append(
                Chance(
                    months,
                    ask_on,
                    is_planned=row is not None and row.cancelled_at is None,
                    is_asked=is_asked,
                    is_over=ask_on < facts.today,
                )
            )
        found.append(
            AskedAfter(
                series.respondent_id, series.rater_role, series.setting, series.instrument_id, tuple(chances)
            )
        )
    return tuple(found)


def plan_after_end(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    facts: CaseTrajectories,
    episode_id: UUID,
    chosen: Collection[Tick],
) -> None:
    """Plan exactly what is chosen: what is new is planned, what was planned and is not chosen any more is cancelled.

    What was asked already stays, and a day that has gone by is not planned anew. Sent twice it changes nothing more.
    Refused while the episode runs and when the case is closed.
    """
    if facts.case.closed_on is not None:
        raise Refused("case_closed")
    if find_episode_facts(facts, episode_id).ended_on is None:
        raise Refused("episode_runs")
    rows = _by_day(session, episode_id)
    for asked in offer_after_end(session, facts=facts, episode_id=episode_id):
        for chance in asked.chances:
            is_wanted = (asked.respondent_id, chance.months) in chosen
            if chance.is_asked or is_wanted is chance.is_planned or (is_wanted and chance.is_over):
                continue
            row = rows.get((asked.respondent_id, asked.instrument_id, chance.ask_on))
            if row is None:
                row = _planned(facts, episode_id, asked, chance, by, now)
                session.add(row)
            row.cancelled_at = None if is_wanted else now
            _record(session, by, now, row, is_planned=is_wanted)


def cancel_after_end(session: Session, *, by: Actor, now: datetime, case_id: UUID) -> int:
    """Cancel what has not been asked for yet, because the case closes; how many there were."""
    waiting = [one for one in list_planned_ratings(session, case_id) if one.administration_id is None]
    for row in waiting:
        row.cancelled_at = now
        _record(session, by, now, row, is_planned=False)
    return len(waiting)


def count_after_end(session: Session, case_id: UUID) -> int:
    """How many planned ratings a closing of the case would cancel."""
    return sum(one.administration_id is None for one in list_planned_ratings(session, case_id))


def _by_day(session: Session, episode_id: UUID) -> dict[tuple[UUID, str, date], PlannedRating]:
    rows = list_planned_of_episode(session, episode_id)
    return {(one.respondent_id, one.instrument_id, one.ask_on): one for one in rows}


def _planned(
    facts: CaseTrajectories, episode_id: UUID, asked: AskedAfter, chance: Chance, by: Actor, now: datetime
) -> PlannedRating:
    return PlannedRating(
        case_id=facts.case.id,
        episode_id=episode_id,
        respondent_id=asked.respondent_id,
        instrument_id=asked.instrument_id,
        months_after=chance.months,
        ask_on=chance.ask_on,
        administration_id=None,
        cancelled_at=None,
        planned_by_id=by.staff_id,
        created_at=now,
    )


def _record(session: Session, by: Actor, now: datetime, row: PlannedRating, *, is_planned: bool) -> None:
    record_act(
        session,
        Act.RATING_AFTER_END_PLANNED if is_planned else Act.RATING_AFTER_END_CANCELLED,
        at=now,
        staff_id=by.staff_id,
        case_id=row.case_id,
        respondent=str(row.respondent_id),
        ask_on=row.ask_on.isoformat(),
    )
