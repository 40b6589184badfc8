"""The one way in without the kommune's provider where passwords are switched off: a link made by command.

It is for an administrator, who sees no case; it lasts a quarter of an hour and works once. Signed with the service's
secret and bound to the account as it stands: making it, and using it, is in the log.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role
from fitsvc.services.errors import Refused
from fitsvc.storage.accounts import Staff, find_staff_by_email, find_staff_by_uniquifier
from fitsvc.storage.logs import record_act
from fitsvc.storage.spent import is_spent, spend

LASTS = timedelta(minutes=15)


def make_pass(session: Session, *, email: str, secret: str, now: datetime) -> str:
    """Raises Refused: `no_such_account`, `not_administrator` (a closed account, one of the kommune's, another role)."""
    staff = find_staff_by_email(session, email)
    if staff is None:
        raise Refused("no_such_account")
    if not _may_use(staff):
        raise Refused("not_administrator")
    record_act(session, Act.EMERGENCY_PASS_MADE, at=now, staff=str(staff.id))
    return str(_serializer(secret).dumps([staff.fs_uniquifier, int((now + LASTS).timestamp()), uuid4().hex]))


def find_pass(session: Session, *, token: str, secret: str, now: datetime) -> Staff | None:
    """Whose link this is, while it can be used."""
    found = _read(session, token, secret, now)
    return None if found is None or is_spent(session, found[1]) else found[0]


def use_pass(session: Session, *, token: str, secret: str, now: datetime) -> Staff | None:
    """The account that may go on to its second factor; None for a link that is old, used or invented."""
    found = _read(session, token, secret, now)
    if found is None or not spend(session, found[1], now=now, expires_at=now + 2 * LASTS):
        return None
    record_act(session, Act.EMERGENCY_PASS_USED, at=now, staff_id=found[0].id)
    return found[0]


def _read(session: Session, token: str, secret: str, now: datetime) -> tuple[Staff, str] | None:
    """The account, and what is used up; not the token itself, which can be spelt in more than one way."""
    try:
        uniquifier, until, name = _serializer(secret).loads(token)
    except (BadData, TypeError, ValueError):
        return None
    if now.timestamp() > until:
        return None
    staff = find_staff_by_uniquifier(session, uniquifier)
    return (staff, f"emergency-pass:{name}") if staff is not None and _may_use(staff) else None


def _may_use(staff: Staff) -> bool:
    is_administrator = {role.name for role in staff.roles} == {Role.ADMINISTRATOR.value}
    return is_administrator and staff.active and staff.oidc_subject is None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="emergency-pass")
