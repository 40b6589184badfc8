"""The citizen's copy of the log: everybody who has looked at one child's case, when, at what, and why when asked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.roles import Role
from fitsvc.services.case_access import note_reading
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound
from fitsvc.storage.case_teams import list_references
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.citizen_copy import (
    Membership,
    list_emergencies_of,
    list_memberships_of,
    list_readers,
    list_readings_of,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading. `part` is what its reader did on the case that day, `roles` what they are otherwise; `instead_of`
    the colleague they stood in for; `emergency`: they opened it outside their own cases, `why` says why.
    """

    at: datetime
    who: str
    unit: str
    part: TeamPart | None
    roles: tuple[Role, ...]
    instead_of: str
    access: Access
    emergency: bool
    why: str


@dataclass(frozen=True, slots=True)
class CitizenCopy:
    reference: str
    made_at: datetime
    seen: tuple[Seen, ...]


def make_citizen_copy(session: Session, *, by: Actor, now: datetime, case_id: UUID) -> CitizenCopy:
    """Every reading there is in the log, oldest first: five queries however many. One row in the access log."""
    reference = list_references(session, [case_id]).get(case_id)
    if reference is None:
        raise NotFound(case_id)
    readings = list_readings_of(session, case_id)
    members = list_memberships_of(session, case_id)
    emergencies = list_emergencies_of(session, case_id)
    ids = {one.staff_id for one in readings} | {
        one.substitute_for_id for one in members if one.substitute_for_id
    }
    readers = {one.id: one for one in list_readers(session, ids)}
    seen = []
    for one in readings:
        on, reader = local_day(one.at), readers.get(one.staff_id)
        member = _member(members, one.staff_id, on)
        reason = emergencies.get((one.staff_id, on))
        absent = readers.get(member.substitute_for_id) if member and member.substitute_for_id else None
        seen.append(
            Seen(
                at=one.at,
                who=reader.name if reader else "",
                unit=reader.unit.name if reader else "",
                part=member.part if member else None,
                roles=tuple(sorted(Role(role.name) for role in reader.roles)) if reader else (),
                instead_of=absent.name if absent else "",
                access=one.access,
                emergency=reason is not None,
                why=one.why or reason or "",
            )
        )
    note_reading(session, by=by, access=Access.CITIZEN_COPY_MADE, case_ids=[case_id], now=now)
    return CitizenCopy(reference, now, tuple(seen))


def _member(members: list[Membership], staff_id: UUID, on: date) -> Membership | None:
    """What somebody did on the case that day. Whoever left that day had worked on it."""
    return next(
        (
            one
            for one in members
            if one.staff_id == staff_id and one.from_on <= on and (one.until_on is None or on <= one.until_on)
        ),
        None,
    )
