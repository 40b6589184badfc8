"""Staff accounts and their roles, in the shape Flask-Security works with, and devices handed to a respondent."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from fitsvc.domain.roles import Role
from fitsvc.storage.base import Base, Key, Short
from fitsvc.storage.organisation import Unit

staff_roles = Table(
    "staff_roles",
    Base.metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class StaffRole(Base, RoleMixin):
    """One of `domain.roles.Role`; Flask-Security wants roles as rows."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str | None]
    permissions: Mapped[str | None]


class Staff(Base, UserMixin):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("fs_uniquifier"))

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255))
    name: Mapped[Short]
    password: Mapped[str | None] = mapped_column(String(255))
    pin_hash: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), index=True)
    language: Mapped[str] = mapped_column(String(8), default="da")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), default=lambda: uuid4().hex)
    created_at: Mapped[datetime]

    # Flask-Security reads roles at every sign-in, and every request asks for the unit: both come with the account.
    roles: Mapped[list[StaffRole]] = relationship(secondary=staff_roles, lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")


class DeviceHandover(Base):
    """A practitioner's signed-in device in a respondent's hands. Open until unlocked with password or PIN.

    `login_key` is a random value in that browser's signed session, so that only this device is locked;
    `administration_id` is the form on the screen now.
    """

    __tablename__ = "device_handovers"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index(
            "uq_device_handovers_open",
            "login_key",
            unique=True,
            sqlite_where=Column("ended_at").is_(None),
            postgresql_where=Column("ended_at").is_(None),
        ),
    )

    id: Mapped[Key]
    login_key: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    care_session_id: Mapped[UUID] = mapped_column(ForeignKey("care_sessions.id", ondelete="CASCADE"))
    administration_id: Mapped[UUID] = mapped_column(ForeignKey("administrations.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    failed_unlocks: Mapped[int] = mapped_column(default=0)


def find_staff_by_email(session: Session, email: str) -> Staff | None:
    """Whatever was typed; a zero byte, which PostgreSQL does not even compare, is in nobody's address."""
    typed = email.replace("\0", "").strip().lower()
    return session.scalars(select(Staff).where(Staff.email == typed)).unique().one_or_none()


def list_staff(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.name)).unique())


def find_open_handover(session: Session, login_key: str) -> DeviceHandover | None:
    return session.scalars(
        select(DeviceHandover).where(DeviceHandover.login_key == login_key, DeviceHandover.ended_at.is_(None))
    ).one_or_none()


def find_or_add_role(session: Session, role: Role) -> StaffRole:
    """The row that stands for a role; Flask-Security wants roles as rows."""
    found = session.scalars(select(StaffRole).where(StaffRole.name == role.value)).one_or_none()
    if found is None:
        found = StaffRole(name=role.value)
        session.add(found)
    return found


def find_staff(session: Session, staff_id: UUID) -> Staff | None:
    return session.get(Staff, staff_id)
