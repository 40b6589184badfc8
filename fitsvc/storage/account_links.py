"""Secret links to one's own account, sent by e-mail or handed over by an administrator: used once, or never."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, code


class LinkPurpose(StrEnum):
    INVITATION = "invitation"  # a first password, or a new one an administrator gives
    RESET = "reset"  # a forgotten password
    ADDRESS = "address"  # a new e-mail address, which takes effect when the link was used


class AccountLink(Base):
    """One row for an account and a purpose: a newer link takes the older one's place. Deleted when used.

    `token_hash` is SHA-256 of 256 random bits, which stand nowhere.
    """

    __tablename__ = "account_links"
    __table_args__ = (
        UniqueConstraint("staff_id", "purpose"),
        UniqueConstraint("token_hash"),
        CheckConstraint("(purpose = 'address') = (new_email IS NOT NULL)", name="address_has_email"),
    )

    id: Mapped[Key]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    purpose: Mapped[LinkPurpose] = mapped_column(code(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(String(64))
    new_email: Mapped[str | None] = mapped_column(String(255))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def replace_link(session: Session, link: AccountLink) -> None:
    delete_links(session, link.staff_id, link.purpose)
    session.add(link)
    session.flush()


def find_link(session: Session, staff_id: UUID, purpose: LinkPurpose) -> AccountLink | None:
    return session.scalars(
        select(AccountLink).where(AccountLink.staff_id == staff_id, AccountLink.purpose == purpose)
    ).one_or_none()


def find_link_by_token(
    session: Session, token: str, *purposes: LinkPurpose, now: datetime
) -> AccountLink | None:
    return session.scalars(
        select(AccountLink).where(
            AccountLink.token_hash == hash_token(token),
            AccountLink.purpose.in_(purposes),
            AccountLink.expires_at > now,
        )
    ).one_or_none()


def list_invited(session: Session, now: datetime) -> set[UUID]:
    """Accounts with an invitation that can still be used."""
    return set(
        session.scalars(
            select(AccountLink.staff_id).where(
                AccountLink.purpose == LinkPurpose.INVITATION, AccountLink.expires_at > now
            )
        )
    )


def use_link(session: Session, link_id: UUID) -> bool:
    """Take a link away; False when somebody else has used it at the same moment."""
    used = session.execute(delete(AccountLink).where(AccountLink.id == link_id).returning(AccountLink.id))
    return used.first() is not None


def delete_links(session: Session, staff_id: UUID, *purposes: LinkPurpose) -> None:
    session.execute(
        delete(AccountLink).where(
            AccountLink.staff_id == staff_id, AccountLink.purpose.in_(purposes or tuple(LinkPurpose))
        )
    )


def delete_expired(session: Session, before: datetime) -> int:
    """For the nightly housekeeping; how many."""
    gone = session.execute(
        delete(AccountLink).where(AccountLink.expires_at < before).returning(AccountLink.id)
    )
    return len(gone.all())
