"""Accounts and sign-ins that came from the kommune's own identity provider."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import SignIn, SignInWay, Staff
from fitsvc.storage.organisation import Unit


def find_staff_by_subject(session: Session, issuer: str, subject: str) -> Staff | None:
    """The account a provider's name for a person belongs to, as it stands in the database now."""
    return (
        session.scalars(
            select(Staff).where(Staff.oidc_issuer == issuer, Staff.oidc_subject == subject),
            execution_options={"populate_existing": True},
        )
        .unique()
        .one_or_none()
    )


def find_unit_named(session: Session, named: str) -> Unit | None:
    """A unit by its name, or by its id."""
    try:
        which = or_(Unit.name == named, Unit.id == UUID(named))
    except ValueError:
        which = Unit.name == named
    return session.scalars(select(Unit).where(which).order_by(Unit.name)).first()


def end_sign_ins_of_provider(
    session: Session, *, issuer: str, subject: str | None, session_id: str | None, now: datetime
) -> list[UUID]:
    """End what the provider says has ended: its one session, or all of a person's. Returns whose they were."""
    of = select(Staff.id).where(Staff.oidc_issuer == issuer)
    if subject is not None:
        of = of.where(Staff.oidc_subject == subject)
    which = [SignIn.way == SignInWay.KOMMUNE, SignIn.ended_at.is_(None), SignIn.staff_id.in_(of)]
    if session_id is not None:
        which.append(SignIn.oidc_sid == session_id)
    ended = session.execute(
        update(SignIn).where(*which).values(ended_at=now, oidc_id_token="").returning(SignIn.staff_id),
        execution_options={"synchronize_session": False},
    )
    return list(ended.scalars())
