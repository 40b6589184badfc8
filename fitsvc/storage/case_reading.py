"""Queries for reading one case that cross subjects: team with names, episodes with units, comments of its ratings."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import TeamMember, TeamPart
from fitsvc.storage.episodes import Episode
from fitsvc.storage.organisation import Unit
from fitsvc.storage.ratings import Comment, Rating


def list_team_names(session: Session, case_id: UUID, today: date) -> list[tuple[UUID, str, TeamPart]]:
    """Who is on the case today: account, name and part."""
    rows = session.execute(
        select(Staff.id, Staff.name, TeamMember.part)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(
            TeamMember.case_id == case_id,
            TeamMember.from_on <= today,
            TeamMember.until_on.is_(None) | (TeamMember.until_on > today),
        )
        .order_by(TeamMember.part, Staff.name)
    )
    return [(staff_id, name, part) for staff_id, name, part in rows]


def list_episodes_with_units(session: Session, case_id: UUID) -> list[tuple[Episode, str]]:
    """A case's episodes with the names of their units, oldest first."""
    rows = session.execute(
        select(Episode, Unit.name)
        .join(Unit, Unit.id == Episode.unit_id)
        .where(Episode.case_id == case_id)
        .order_by(Episode.started_on, Episode.id)
    )
    return [(episode, unit_name) for episode, unit_name in rows]


def list_comments(session: Session, case_id: UUID) -> list[Comment]:
    """The comments that came with a case's current ratings of every kind, session ratings too."""
    return list(
        session.scalars(
            select(Comment)
            .join(Rating, Rating.id == Comment.rating_id)
            .where(Rating.case_id == case_id, Rating.superseded_at.is_(None))
        )
    )
