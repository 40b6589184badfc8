"""The page for minutes that need another look: two texts for one field, or a text that cannot be taken."""

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.domain.meeting import Minute
from fitsvc.services.case_access import note_reading
from fitsvc.services.meeting_facts import MinuteFacts
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import UNPROCESSABLE
from fitsvc.web.minute_form import MinuteField, SentMinutes, minute_field, said, sent_version, shown_conflict
from fitsvc.web.names import Names
from fitsvc.web.names_on_screen import head_on_screen, names_on_screen, room_as_it_was
from fitsvc.web.templates import moment

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class FieldAgain:
    """A field with its writer's text in it, and what somebody else has written in it meanwhile ("" when nobody has)."""

    field: MinuteField
    theirs: str
    by: str


def minutes_again(case: Case, meeting_id: UUID, sent: SentMinutes) -> ResponseReturnValue:
    """Both texts of each field, and the writer chooses; what could be written has been. Where the meeting was closed
    meanwhile, the texts stand here to be kept elsewhere.
    """
    note_reading(session(), by=actor(), access=Access.MEETING_READ, case_ids=[case.id], now=now())
    on_screen = names_on_screen(case)
    names = Names(
        hidden=False, child=on_screen.child
    )  # what its writer typed just now comes back as it was typed
    fields = [
        FieldAgain(
            shown_conflict(one, names),
            on_screen.clean(said(one.field, one.theirs.text)),
            _by(one.theirs.changed_by_id, moment(one.theirs.changed_at), on_screen),
        )
        for one in sent.conflicts
    ]
    for field, words in (sent.problems | dict.fromkeys(sent.unsaved, sent.refused)).items():
        mine = MinuteFacts(request.form.get(field.value, ""), sent_version(field))
        fields.append(FieldAgain(minute_field(field, mine, names, problem=words), "", ""))
    where = {"case_id": case.id, "meeting_id": meeting_id} | room_as_it_was(on_screen)
    page = render_template(
        "meetings/minutes_again.html",
        case=head_on_screen(case, on_screen),
        fields=fields,
        room_url=url_for("meeting_room.show", **where, _anchor=_part(fields)),
        write_url=url_for("meeting_room.write", **where),
        part=_part(fields),
    )
    return page, CONFLICT if sent.conflicts else UNPROCESSABLE


def _part(fields: list[FieldAgain]) -> str:
    """The part of the room in which the first of them stands."""
    about_next = {Minute.NEXT_ON.value, Minute.NEXT_REASON.value}
    return "next" if fields[0].field.name in about_next else "decision"


def _by(staff_id: UUID, when: str, names: Names) -> str:
    staff = None if names.hidden else session().get(Staff, staff_id)
    return _("%(name)s, %(moment)s", name=staff.name if staff else _("somebody else"), moment=when)
