"""Cases, who is on them, and who may see them. The scope of every staff query is made here."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role, Scope
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.episodes import Episode
from fitsvc.storage.secret import Secret
from fitsvc.storage.special_access import EmergencyAccess, SessionSharing


class TeamPart(StrEnum):
    """What somebody does on a case."""

    CASEWORKER = "caseworker"
    PRACTITIONER = "practitioner"
    NAMED = "named"  # may see a protected case without working on it (a leader)


class Case(Base):
    """A child's case: the case system's reference and a short display name. Never a CPR number.

    `protected_at`: only named people see it since then. `journal_confirmed_at`: somebody said that the export is in the
    case system, so that the working data may go.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closes_after_opening"),
        CheckConstraint(
            "(journal_confirmed_at IS NULL) = (journal_confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
        # Search by the start of a reference; PostgreSQL's ordinary index cannot do it in most languages' order.
        Index("ix_cases_reference_start", "reference", postgresql_ops={"reference": "varchar_pattern_ops"}),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40))
    display_name: Mapped[Secret]
    birth_month: Mapped[date]  # the first day of the month
    opened_on: Mapped[date]
    closed_on: Mapped[date | None] = mapped_column(index=True)
    protected_at: Mapped[datetime | None]
    journal_confirmed_at: Mapped[datetime | None]
    journal_confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class TeamMember(Base):
    """From one day until before another. `substitute_for_id`: in that colleague's place (a holiday, an illness)."""

    __tablename__ = "team_members"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        Index(
            "uq_team_members_current",
            "case_id",
            "staff_id",
            "part",
            unique=True,
            sqlite_where=Column("until_on").is_(None),
            postgresql_where=Column("until_on").is_(None),
        ),
        Index("ix_team_members_staff", "staff_id", "until_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    part: Mapped[TeamPart] = mapped_column(code(TeamPart))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    substitute_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


UNIT_SEES_AFTER_END = timedelta(days=365)
"""So long the kommune's own provider sees a case after its measure has ended: the rating after the end is theirs."""


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Case` that keeps exactly the cases this actor may see today.

    A leader's kommune or unit does not reach a protected case: there, only who is on the team or named. An external
    provider's staff see a case only while an episode of their own unit runs. `actor.looking` is set on the few pages
    that a case opened in an emergency may be read on.
    """
    if not actor.may(Permission.SEE_CASES):
        return false()
    reach = [on_own_team(actor)]
    if Scope.KOMMUNE in actor.scopes:
        reach.append(Case.protected_at.is_(None))
    if Scope.OWN_UNIT in actor.scopes:
        reach.append(Case.protected_at.is_(None) & Case.id.in_(_cases_of_unit(actor)))
    if actor.looking and may_open_in_emergency(actor):
        reach.append(Case.id.in_(_opened_in_emergency(actor)))
    return or_(*reach)


def on_own_team(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Case` that keeps the cases whose team this actor is on today, whatever the role."""
    own: ColumnElement[bool] = Case.id.in_(
        select(TeamMember.case_id).where(TeamMember.staff_id == actor.staff_id, _on_team(actor.today))
    )
    return own & Case.id.in_(_cases_of_unit(actor)) if actor.external else own


def in_own_part(actor: Actor, case_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether a day of a case belongs to what this actor may read of it; both are columns.

    To an external provider a case is what happened in their own unit's running episodes; to everybody else the whole.
    """
    if not actor.external:
        return true()
    own = aliased(Episode)  # an alias of its own: the query around it may read episodes, too
    return exists().where(own.case_id == case_id, is_own(actor, own), own.started_on <= day)


def is_own_episode(actor: Actor, episode_id: Any) -> ColumnElement[bool]:
    """Whether an episode is one this actor may read; `episode_id` is a column."""
    if not actor.external:
        return true()
    own = aliased(Episode)
    return exists().where(own.id == episode_id, is_own(actor, own))


def is_own(actor: Actor, episode: type[Episode]) -> ColumnElement[bool]:
    """The condition that keeps the episodes of this actor's unit that run today."""
    return (
        (episode.unit_id == actor.unit_id)
        & (episode.started_on <= actor.today)
        & or_(episode.ended_on.is_(None), episode.ended_on >= actor.today)
    )


def may_open_in_emergency(actor: Actor) -> bool:
    """An external provider never does: to them, other cases are another organisation's."""
    return actor.may(Permission.OPEN_IN_EMERGENCY) and not actor.external


def find_emergency(session: Session, actor: Actor, case_id: UUID) -> EmergencyAccess | None:
    """What opened this case to this actor today, beside their ordinary scope."""
    if not may_open_in_emergency(actor):
        return None
    return session.scalars(
        select(EmergencyAccess).where(
            EmergencyAccess.case_id == case_id,
            EmergencyAccess.staff_id == actor.staff_id,
            EmergencyAccess.on_day == actor.today,
        )
    ).one_or_none()


def find_case(session: Session, actor: Actor, case_id: UUID) -> Case | None:
    """The case, or None when it is not there or not this actor's to see: the two look the same."""
    return session.scalars(select(Case).where(Case.id == case_id, in_scope(actor))).one_or_none()


def find_birth_month(session: Session, case_id: UUID) -> date:
    """The month the case's child was born, for whoever holds a link to one of its forms and says it first."""
    return session.scalars(select(Case.birth_month).where(Case.id == case_id)).one()


def find_case_by_reference(session: Session, reference: str) -> Case | None:
    """The case with this reference, whoever may see it: only to say that a reference is in use."""
    return session.scalars(select(Case).where(Case.reference == reference)).one_or_none()


def is_practitioner_on(session: Session, actor: Actor, case_id: UUID) -> bool:
    """Whether this actor is on the case as its practitioner today: the only one who sees session ratings.

    Somebody whose role was taken away may still stand on the team.
    """
    if not actor.may(Permission.SEE_SESSION_RATINGS):
        return False
    found = session.scalar(
        select(TeamMember.id)
        .where(
            TeamMember.case_id == case_id,
            TeamMember.staff_id == actor.staff_id,
            TeamMember.part == TeamPart.PRACTITIONER,
            _on_team(actor.today),
        )
        .limit(1)
    )
    return found is not None


def sees_session_ratings(session: Session, actor: Actor, case_id: UUID) -> bool:
    """Whether this actor may READ the case's session ratings: its practitioner, and a provider's leader with whom the
    practitioner shares them today. What was kept from the meeting, and notes, stay the practitioner's alone.
    """
    return is_practitioner_on(session, actor, case_id) or is_shared_with(session, actor, case_id)


def is_shared_with(session: Session, actor: Actor, case_id: UUID) -> bool:
    """The leader must still lead a unit with an episode of the case, and still see the case."""
    if Role.PROVIDER_LEADER not in actor.roles:
        return False
    found = session.scalar(
        select(SessionSharing.id)
        .join(Case, Case.id == SessionSharing.case_id)
        .where(
            SessionSharing.case_id == case_id,
            SessionSharing.shared_with_id == actor.staff_id,
            SessionSharing.from_on <= actor.today,
            SessionSharing.until_on >= actor.today,
            SessionSharing.ended_at.is_(None),
            Case.id.in_(_cases_of_unit(actor)),
            in_scope(actor),
        )
        .limit(1)
    )
    return found is not None


def has_practitioner(case_id: Any) -> ColumnElement[bool]:
    """Whether somebody stands on the case who would see what is kept from all others; `case_id` is a column."""
    return exists().where(
        TeamMember.case_id == case_id,
        TeamMember.part == TeamPart.PRACTITIONER,
        TeamMember.until_on.is_(None),
        TeamMember.staff_id.in_(
            select(Staff.id).join(Staff.roles).where(Staff.active, StaffRole.name == Role.PRACTITIONER.value)
        ),
    )


def has_practitioner_now(session: Session, case_id: UUID) -> bool:
    """The same, asked about one case."""
    return session.scalar(select(Case.id).where(Case.id == case_id, has_practitioner(Case.id))) is not None


def is_practitioner(actor: Actor, case_id: Any) -> ColumnElement[bool]:
    """The same as `is_practitioner_on`, as a condition on a column of case ids."""
    if not actor.may(Permission.SEE_SESSION_RATINGS):
        return false()
    return case_id.in_(
        select(TeamMember.case_id).where(
            TeamMember.staff_id == actor.staff_id,
            TeamMember.part == TeamPart.PRACTITIONER,
            _on_team(actor.today),
        )
    )


def list_team(session: Session, case_id: UUID) -> list[TeamMember]:
    """The current team of a case."""
    return list(
        session.scalars(
            select(TeamMember).where(TeamMember.case_id == case_id, TeamMember.until_on.is_(None))
        )
    )


def _on_team(today: date) -> ColumnElement[bool]:
    return (TeamMember.from_on <= today) & (TeamMember.until_on.is_(None) | (TeamMember.until_on > today))


def _cases_of_unit(actor: Actor) -> Select[UUID]:
    """Where the unit works today; for the kommune's own units also for a time after the measure has ended."""
    ended = Episode.ended_on >= (actor.today if actor.external else actor.today - UNIT_SEES_AFTER_END)
    return select(Episode.case_id).where(
        Episode.unit_id == actor.unit_id,
        *([Episode.started_on <= actor.today] if actor.external else []),
        Episode.ended_on.is_(None) | ended,
    )


def _opened_in_emergency(actor: Actor) -> Select[UUID]:
    return select(EmergencyAccess.case_id).where(
        EmergencyAccess.staff_id == actor.staff_id, EmergencyAccess.on_day == actor.today
    )
