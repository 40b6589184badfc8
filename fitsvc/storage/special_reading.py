"""Queries for access beside the team: protected cases, substitutes, emergencies, shared session ratings."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.storage.cases import Case, TeamMember, TeamPart, in_scope
from fitsvc.storage.episodes import Episode
from fitsvc.storage.special_access import EmergencyAccess, SessionSharing


def list_staff_names(session: Session, staff_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))
    return dict(rows.all())


def list_scoped_references(session: Session, actor: Actor, case_ids: Collection[UUID]) -> dict[UUID, str]:
    """The references of those of the cases that this actor may see."""
    rows = session.execute(select(Case.id, Case.reference).where(Case.id.in_(case_ids), in_scope(actor)))
    return dict(rows.all())


def find_reasons(session: Session, access_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(EmergencyAccess.id, EmergencyAccess.reason).where(EmergencyAccess.id.in_(access_ids))
    )
    return dict(rows.all())


def list_emergencies(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """The cases this person opened today, with their references."""
    rows = session.execute(
        select(Case.id, Case.reference)
        .join(EmergencyAccess, EmergencyAccess.case_id == Case.id)
        .where(EmergencyAccess.staff_id == actor.staff_id, EmergencyAccess.on_day == actor.today)
        .order_by(Case.reference)
    )
    return [(case_id, reference) for case_id, reference in rows]


def list_named_leaders(session: Session, case_id: UUID, today: date) -> list[UUID]:
    """The authority's leaders on the case's team, who can still open a protected case to others."""
    return list(
        session.scalars(
            select(Staff.id)
            .join(TeamMember, TeamMember.staff_id == Staff.id)
            .join(Staff.roles)
            .where(
                TeamMember.case_id == case_id,
                or_(TeamMember.until_on.is_(None), TeamMember.until_on > today),
                TeamMember.from_on <= today,
                Staff.active,
                StaffRole.name == Role.AUTHORITY_LEADER.value,
            )
            .distinct()
        )
    )


def list_substitutions(session: Session, today: date) -> list[TeamMember]:
    """Every part somebody has in another's place from today on, the first to begin first."""
    return list(
        session.scalars(
            select(TeamMember)
            .where(TeamMember.substitute_for_id.is_not(None), TeamMember.until_on > today)
            .order_by(TeamMember.from_on, TeamMember.substitute_for_id, TeamMember.staff_id, TeamMember.id)
        )
    )


def list_own_parts(session: Session, staff_id: UUID, today: date) -> list[tuple[TeamMember, Case]]:
    """What somebody works on in their own right, in open cases; named readers have nothing to be substituted in."""
    rows = session.execute(
        select(TeamMember, Case)
        .join(Case, Case.id == TeamMember.case_id)
        .where(
            TeamMember.staff_id == staff_id,
            TeamMember.substitute_for_id.is_(None),
            TeamMember.part != TeamPart.NAMED,
            or_(TeamMember.until_on.is_(None), TeamMember.until_on > today),
            Case.closed_on.is_(None),
        )
        .order_by(Case.reference)
    )
    return [(member, case) for member, case in rows]


def list_sharings(session: Session, case_id: UUID) -> list[SessionSharing]:
    """Every sharing of a case's session ratings, the newest first."""
    return list(
        session.scalars(
            select(SessionSharing)
            .where(SessionSharing.case_id == case_id)
            .order_by(SessionSharing.created_at.desc(), SessionSharing.id)
        )
    )


def list_provider_leaders(session: Session, case_id: UUID, unit_id: UUID, today: date) -> list[Staff]:
    """The leaders of a unit, when an episode of the case runs there."""
    runs = select(Episode.unit_id).where(
        Episode.case_id == case_id,
        Episode.started_on <= today,
        or_(Episode.ended_on.is_(None), Episode.ended_on >= today),
    )
    return list(
        session.scalars(
            select(Staff)
            .join(Staff.roles)
            .where(
                Staff.unit_id == unit_id,
                Staff.unit_id.in_(runs),
                Staff.active,
                StaffRole.name == Role.PROVIDER_LEADER.value,
            )
            .order_by(Staff.name)
        ).unique()
    )
