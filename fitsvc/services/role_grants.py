"""The one way an account gets and loses roles: never by its own hand, always in the log, always told to a leader."""

from collections.abc import Set
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role, may_combine
from fitsvc.services.invalid import Invalid
from fitsvc.services.leader_notices import tell_of_roles
from fitsvc.storage.accounts import Staff, find_or_add_role
from fitsvc.storage.logs import record_act


def set_roles(
    session: Session,
    *,
    by: UUID | None,
    staff: Staff,
    roles: frozenset[Role],
    now: datetime,
    moved: bool = False,
) -> bool:
    """Let an account have exactly these roles; whether anything changed. `by` is None for the kommune's own sign-in.
    With `moved`, to another unit, the roles are told anew: they reach other cases there.

    Raises Invalid on `roles`: `own_roles`, or `roles_apart` for an administrator or auditor who would be more.
    """
    before = roles_of(staff)
    granted, taken = roles - before, before - roles
    if (granted or taken) and by == staff.id:
        raise Invalid("roles", "own_roles")
    if granted and not may_combine(roles):
        raise Invalid("roles", "roles_apart")
    if granted or taken:
        staff.roles = [find_or_add_role(session, role) for role in sorted(roles)]
        session.flush()
        _note(session, by, staff, granted, Act.ROLE_GRANTED, now)
        _note(session, by, staff, taken, Act.ROLE_TAKEN, now)
    tell_of_roles(session, by=by, staff=staff, granted=roles if moved else granted, taken=taken, now=now)
    return bool(granted or taken)


def roles_of(staff: Staff) -> frozenset[Role]:
    return frozenset(Role(role.name) for role in staff.roles)


def _note(session: Session, by: UUID | None, staff: Staff, roles: Set[Role], act: Act, now: datetime) -> None:
    decided: dict[str, Any] = {"by": "provider"} if by is None else {}
    for role in sorted(roles):
        record_act(session, act, at=now, staff_id=by, staff=str(staff.id), role=role.value, **decided)
