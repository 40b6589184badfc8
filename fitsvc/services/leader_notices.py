"""What leaders are told of without asking: roles given and taken, and access beside the usual."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.roles import Role
from fitsvc.services.case_access import note_reading
from fitsvc.services.errors import NotFound, Refused
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import record_act
from fitsvc.storage.notices import Notice, count_unseen, find_notice, has_leader, list_notices
from fitsvc.storage.organisation import Unit, UnitKind
from fitsvc.storage.special_reading import find_reasons, list_scoped_references, list_staff_names

LONGEST_LIST = 100


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """`reference` is None for a case this leader may not see, or when it is about none. `is_own`: about themselves or
    by themselves, so that another leader has to see it.
    """

    id: UUID
    kind: NoticeKind
    about: str
    by: str | None
    at: datetime
    case_id: UUID | None
    reference: str | None
    reason: str
    details: dict[str, Any]
    is_seen: bool
    is_own: bool


def tell_of_roles(
    session: Session, *, by: UUID | None, staff: Staff, granted: Set[Role], taken: Set[Role], now: datetime
) -> None:
    """Tell the leader of the person's unit, or the authority's when there is no other leader. `by` is None for the
    kommune's own sign-in.
    """
    for kind, roles in ((NoticeKind.ROLE_GRANTED, granted), (NoticeKind.ROLE_TAKEN, taken)):
        if roles:
            tell(session, kind, about=staff, by=by, now=now, roles=sorted(role.value for role in roles))


def tell(
    session: Session,
    kind: NoticeKind,
    *,
    about: Staff,
    by: UUID | None,
    now: datetime,
    case_id: UUID | None = None,
    to_authority: bool = False,
    **details: Any,
) -> None:
    """One notice, to the leader of the unit of `about`, or to the authority's leaders."""
    unit = session.get_one(Unit, about.unit_id)
    of_unit = (
        not to_authority
        and unit.kind is not UnitKind.AUTHORITY
        and has_leader(session, unit.id, besides=about.id)
    )
    session.add(
        Notice(
            kind=kind,
            unit_id=unit.id if of_unit else None,
            about_staff_id=about.id,
            by_staff_id=by,
            case_id=case_id,
            details=details,
            created_at=now,
        )
    )
    session.flush()


def read_notices(session: Session, *, by: Actor, now: datetime) -> list[NoticeFacts]:
    """What this leader is told, with one access-log row for the cases named."""
    found = list_notices(session, by, limit=LONGEST_LIST)
    names = list_staff_names(
        session, {one for row in found for one in (row.about_staff_id, row.by_staff_id) if one}
    )
    references = list_scoped_references(session, by, {row.case_id for row in found if row.case_id})
    reasons = find_reasons(session, _accesses(found))
    facts = [
        NoticeFacts(
            id=row.id,
            kind=row.kind,
            about=names.get(row.about_staff_id, ""),
            by=names.get(row.by_staff_id) if row.by_staff_id else None,
            at=row.created_at,
            case_id=row.case_id if row.case_id in references else None,
            reference=references.get(row.case_id) if row.case_id else None,
            reason=reasons.get(UUID(row.details["access"]), "") if "access" in row.details else "",
            details=row.details,
            is_seen=row.seen_at is not None,
            is_own=by.staff_id in {row.about_staff_id, row.by_staff_id},
        )
        for row in found
    ]
    shown = [one.case_id for one in facts if one.case_id]
    if shown:
        note_reading(session, by=by, access=Access.NOTICES_READ, case_ids=dict.fromkeys(shown), now=now)
    return facts


def _accesses(notices: list[Notice]) -> set[UUID]:
    return {UUID(row.details["access"]) for row in notices if "access" in row.details}


def how_many_unseen(session: Session, *, by: Actor) -> int:
    return count_unseen(session, by)


def mark_seen(session: Session, *, by: Actor, notice_id: UUID, now: datetime) -> None:
    """Twice is once, by the first. Raises NotFound; Refused `own_notice`: nobody ticks off what they did themselves."""
    notice = find_notice(session, by, notice_id)
    if notice is None:
        raise NotFound(notice_id)
    if by.staff_id in {notice.about_staff_id, notice.by_staff_id}:
        raise Refused("own_notice")
    if notice.seen_at is not None:
        return
    notice.seen_at, notice.seen_by_id = now, by.staff_id
    record_act(
        session,
        Act.NOTICE_SEEN,
        at=now,
        staff_id=by.staff_id,
        case_id=notice.case_id,
        notice=str(notice.id),
        kind=notice.kind.value,
    )
