"""The first account of an installation, made from the command line: everybody else is invited by an administrator."""

from datetime import datetime

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import checked_text
from fitsvc.services.passwords import hash_secret
from fitsvc.services.sign_in import check_password
from fitsvc.storage.accounts import Staff, find_or_add_role, find_staff_by_email
from fitsvc.storage.logs import record_act
from fitsvc.storage.organisation import UnitKind, find_or_add_unit


def create_administrator(
    session: Session, *, email: str, name: str, unit_name: str, password: str, now: datetime
) -> Staff:
    """Add an administrator, and the unit when there is none of that name.

    Raises Refused: `email_taken` and what `check_password` says; Invalid on `name` or `unit`.
    """
    email = email.strip().lower()
    if find_staff_by_email(session, email) is not None:
        raise Refused("email_taken")
    name, unit_name = checked_text(name, "name"), checked_text(unit_name, "unit")
    check_password(password, name, email)
    unit = find_or_add_unit(session, unit_name, kind=UnitKind.AUTHORITY, now=now)
    staff = Staff(
        email=email,
        name=name,
        password=hash_secret(password),
        unit=unit,
        roles=[find_or_add_role(session, Role.ADMINISTRATOR)],
        created_at=now,
    )
    session.add(staff)
    session.flush()
    record_act(session, Act.STAFF_CREATED, at=now, staff=str(staff.id), roles=[Role.ADMINISTRATOR])
    return staff
