"""Staff accounts and their roles, in the shape Flask-Security works with, and devices handed to a respondent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from flask_security import AsaList
from flask_security.core import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from fitsvc.domain.roles import Role
from fitsvc.storage.base import Base, Key, Short, code
from fitsvc.storage.organisation import Unit
from fitsvc.storage.secret import EncryptedText, Secret

staff_roles = Table(
    "staff_roles",
    Base.metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class CodeList(AsaList):
    """Flask-Security's list in one text column, which forgets to say that statements with it may be cached."""

    cache_ok = True


class StaffRole(Base, RoleMixin):
    """One of `domain.roles.Role`; Flask-Security wants roles as rows."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str | None]
    permissions: Mapped[str | None]


class Passkey(Base, WebAuthnMixin):
    """A passkey of one account, in the shape Flask-Security works with."""

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("credential_id"), Index("ix_passkeys_user", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024))
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(CodeList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]


class Staff(Base, UserMixin):
    """`password` is None until an invitation is accepted, and for whoever signs in through the kommune
    (`oidc_issuer` and `oidc_subject`). Names that begin with tf_, mf_ and fs_ are Flask-Security's.
    """

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("fs_uniquifier"),
        UniqueConstraint("fs_webauthn_user_handle"),
        UniqueConstraint("oidc_issuer", "oidc_subject"),
        CheckConstraint("(oidc_issuer IS NULL) = (oidc_subject IS NULL)", name="issuer_with_subject"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255))
    name: Mapped[Short]
    password: Mapped[str | None] = mapped_column(String(255))
    pin_hash: Mapped[str | None] = mapped_column(String(255))
    oidc_issuer: Mapped[str | None] = mapped_column(String(255))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(EncryptedText())
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(CodeList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64))
    second_factor_removed_at: Mapped[datetime | None]  # by an administrator, until a new one is set up
    active: Mapped[bool] = mapped_column(default=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), index=True)
    language: Mapped[str] = mapped_column(String(8), default="da")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), default=lambda: uuid4().hex)
    created_at: Mapped[datetime]

    # Flask-Security reads roles at every sign-in, and every request asks for the unit: both come with the account.
    roles: Mapped[list[StaffRole]] = relationship(secondary=staff_roles, lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")
    webauthn: Mapped[list[Passkey]] = relationship(lazy="selectin", cascade="all, delete")


class SignInWay(StrEnum):
    PASSWORD = "password"  # noqa: S105  a word, no secret
    PASSKEY = "passkey"
    KOMMUNE = "kommune"  # the kommune's own identity provider


class SignIn(Base):
    """One browser's sign-in, from beginning to end. `login_key_hash` is SHA-256 of the random value in its signed
    cookie; `seen_at` is kept to the minute. `oidc_sid` is the provider's name for its own session, `oidc_id_token`
    what it asks for when the session is to end there too; emptied with it.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        UniqueConstraint("login_key_hash"),
        Index("ix_sign_ins_staff", "staff_id", "ended_at"),
        Index("ix_sign_ins_sid", "oidc_sid"),
    )

    id: Mapped[Key]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    login_key_hash: Mapped[str] = mapped_column(String(64))
    way: Mapped[SignInWay] = mapped_column(code(SignInWay))
    browser: Mapped[str] = mapped_column(String(80), default="")
    origin: Mapped[str] = mapped_column(String(60), default="")
    oidc_sid: Mapped[str | None] = mapped_column(String(255))
    oidc_id_token: Mapped[Secret] = mapped_column(default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


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


def find_passkey(session: Session, credential_id: bytes) -> Passkey | None:
    return session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def find_staff_by_uniquifier(session: Session, uniquifier: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.fs_uniquifier == uniquifier)).unique().one_or_none()
