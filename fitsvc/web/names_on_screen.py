"""Names on the pages beside the meeting's room: a question about something written there stands on the wall as well."""

from dataclasses import replace
from typing import Any

from flask import request

from fitsvc.services.trajectories import compose
from fitsvc.storage.cases import Case
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.form_pages import CaseHead, case_head
from fitsvc.web.names import Names, names_of

_OF_THE_ROOM = ("shown", "view", "names")


def names_on_screen(case: Case) -> Names:
    """As the address, or the form that closes the meeting, says: hidden or shown."""
    if request.args.get("names") != "hidden" and not request.form.get("names_hidden"):
        return Names(hidden=False, child=case.display_name)
    seen = compose(session(), by=actor(), case_id=case.id, catalogue=catalogue(), now=now(), at_meeting=True)
    return names_of(seen, hidden=True)


def head_on_screen(case: Case, names: Names) -> CaseHead:
    """The page's head, with neither name nor reference when names are hidden."""
    head = case_head(case)
    return replace(head, name=names.child, reference="") if names.hidden else head


def room_as_it_was(names: Names) -> dict[str, Any]:
    """What an address back to the room needs, so that it shows what it showed, and no name more."""
    kept: dict[str, Any] = {key: values for key, values in request.args.lists() if key in _OF_THE_ROOM}
    return kept | {"names": "hidden"} if names.hidden else kept
