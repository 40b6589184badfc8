"""The citizen's copy in plain words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from fitsvc.services.citizen_copy import CitizenCopy, Seen
from fitsvc.web.log_words import log_words
from fitsvc.web.staff_words import TEAM_PARTS, role_name
from fitsvc.web.templates import moment


@dataclass(frozen=True, slots=True)
class SeenRow:
    when: str
    who: str
    as_what: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CopyPage:
    kommune: str
    reference: str
    made: str
    rows: tuple[SeenRow, ...]


def present_copy(copy: CitizenCopy, kommune: str) -> CopyPage:
    rows = tuple(
        SeenRow(
            moment(one.at),
            one.who or _("A former member of staff"),
            _as_what(one),
            log_words(one.access),
            _why(one),
        )
        for one in copy.seen
    )
    return CopyPage(kommune, copy.reference, moment(copy.made_at), rows)


def _as_what(one: Seen) -> str:
    part = [str(TEAM_PARTS[one.part])] if one.part else [role_name(role) for role in one.roles]
    told = ", ".join([*part, one.unit]) if one.unit else ", ".join(part)
    if one.instead_of:
        return _("%(part)s, standing in for %(name)s", part=told, name=one.instead_of)
    return told


def _why(one: Seen) -> str:
    if not one.emergency:
        return one.why
    return _("Opened in an emergency: %(why)s", why=one.why) if one.why else _("Opened in an emergency")
