"""Who works on which case, for those who manage it: by reference only, no case contents."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.permissions import Permission
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case, TeamMember, TeamPart, in_scope


def find_reference(session: Session, case_id: UUID) -> str | None:
    """None as well for a protected case: its team is managed on its own page, by those named on it."""
    return session.scalar(select(Case.reference).where(Case.id == case_id, Case.protected_at.is_(None)))


def find_case_id(session: Session, reference: str) -> UUID | None:
    """The case with this reference, capitals or not; None as well when it fits several."""
    found = session.scalars(
        select(Case.id).where(func.lower(Case.reference) == reference.strip().lower()).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def list_references(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Case.id, Case.reference).where(Case.id.in_(set(case_ids))))
    return dict(rows.all())


def list_members(session: Session, case_id: UUID, today: date) -> list[tuple[TeamMember, Staff]]:
    """Everybody on the case from today on, with those who come later."""
    rows = session.execute(
        select(TeamMember, Staff)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(TeamMember.case_id == case_id, _not_over(today))
        .order_by(Staff.name, TeamMember.part)
    ).unique()
    return [(member, staff) for member, staff in rows]


def find_member(session: Session, case_id: UUID, member_id: UUID) -> TeamMember | None:
    return session.scalars(
        select(TeamMember).where(TeamMember.id == member_id, TeamMember.case_id == case_id)
    ).one_or_none()


def list_memberships(
    session: Session, by: Actor, *, staff_id: UUID, case_id: UUID | None
) -> list[tuple[TeamMember, str]]:
    """What a member of staff works on from today on, with the case's reference, as far as `by` may hand it over.

    Closed cases are not work any more; named readers and substitutes have no work of their own to hand over. A
    protected case goes to another only by those who may protect it and see it.
    """
    unprotected = Case.protected_at.is_(None)
    query = (
        select(TeamMember, Case.reference)
        .join(Case, Case.id == TeamMember.case_id)
        .where(
            TeamMember.staff_id == staff_id,
            _not_over(by.today),
            Case.closed_on.is_(None),
            TeamMember.part != TeamPart.NAMED,
            TeamMember.substitute_for_id.is_(None),
            unprotected if by.may(Permission.MANAGE_PEOPLE) else in_scope(by),
            true() if by.may(Permission.PROTECT_CASES) else unprotected,
        )
        .order_by(Case.reference, TeamMember.part)
    )
    if case_id is not None:
        query = query.where(TeamMember.case_id == case_id)
    return [(member, reference) for member, reference in session.execute(query)]


def list_parts(session: Session, staff_id: UUID, today: date) -> set[tuple[UUID, TeamPart]]:
    """Every part a member of staff has on a case from today on."""
    rows = session.execute(
        select(TeamMember.case_id, TeamMember.part).where(TeamMember.staff_id == staff_id, _not_over(today))
    )
    return set(rows.all())


def count_memberships(session: Session, today: date) -> dict[UUID, int]:
    """How many open cases each member of staff is on."""
    rows = session.execute(
        select(TeamMember.staff_id, func.count(TeamMember.case_id.distinct()))
        .join(Case, Case.id == TeamMember.case_id)
        .where(_not_over(today), Case.closed_on.is_(None))
        .group_by(TeamMember.staff_id)
    )
    return dict(rows.all())


def _not_over(today: date) -> ColumnElement[bool]:
    return or_(TeamMember.until_on.is_(None), TeamMember.until_on > today)
