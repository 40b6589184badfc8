"""What leaders are told, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.roles import Role
from fitsvc.services.leader_notices import NoticeFacts
from fitsvc.web.cases.links import link_if
from fitsvc.web.curves import listed
from fitsvc.web.staff_words import role_name


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: UUID
    at: datetime
    text: str
    reason: str
    reference: str
    case_url: str | None
    is_urgent: bool
    is_seen: bool
    may_tick: bool


def notice_row(one: NoticeFacts) -> NoticeRow:
    protected = one.kind is NoticeKind.EMERGENCY_ACCESS and bool(one.details.get("protected"))
    return NoticeRow(
        id=one.id,
        at=one.at,
        text=_sentence(one, protected=protected),
        reason=one.reason,
        reference=one.reference or "",
        case_url=link_if("cases.show", case_id=one.case_id) if one.case_id else None,
        is_urgent=one.kind is NoticeKind.EMERGENCY_ACCESS,
        is_seen=one.is_seen,
        may_tick=not one.is_seen and not one.is_own,
    )


def _sentence(one: NoticeFacts, *, protected: bool) -> str:
    by = one.by or _("The kommune's sign-in")
    if one.kind in (NoticeKind.ROLE_GRANTED, NoticeKind.ROLE_TAKEN):
        roles = listed([role_name(Role(role)) for role in one.details.get("roles", ())])
        if one.kind is NoticeKind.ROLE_GRANTED:
            return _("%(by)s gave %(about)s the role %(roles)s.", by=by, about=one.about, roles=roles)
        return _("%(by)s took the role %(roles)s from %(about)s.", by=by, about=one.about, roles=roles)
    if protected:
        return _("%(about)s opened a PROTECTED case in an emergency.", about=one.about)
    return {
        NoticeKind.SECOND_FACTOR_REMOVED: _(
            "%(by)s removed the second factor of %(about)s.", by=by, about=one.about
        ),
        NoticeKind.INVITED_AGAIN: _(
            "%(by)s made a new link with which %(about)s chooses a password.", by=by, about=one.about
        ),
        NoticeKind.EMERGENCY_ACCESS: _("%(about)s opened a case in an emergency.", about=one.about),
        NoticeKind.SESSIONS_SHARED: _("%(about)s shares session ratings with the leader.", about=one.about),
        NoticeKind.CASE_PROTECTED: _("%(about)s protected a case.", about=one.about),
        NoticeKind.CASE_UNPROTECTED: _("%(about)s ended the protection of a case.", about=one.about),
    }[one.kind]
