"""What the room is looking at: which voices, which view, and whether names are hidden. All of it in the address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

GOALS = "goals"
"""The view of the plan's goals; every other view but the first is an area of a form."""
KEPT = frozenset({"shown", "view", "names"})
"""What an address carries through a POST and back; anything else in it is nobody's."""


@dataclass(frozen=True, slots=True)
class RoomState:
    """`shown` are keys of voices in their order. `view` is an area's code, "goals", or None for the whole curve.

    Addresses hold codes and parts of ids, never a name.
    """

    case_id: UUID
    meeting_id: UUID
    shown: tuple[str, ...]
    view: str | None = None
    names_hidden: bool = False

    @property
    def where(self) -> dict[str, Any]:
        """The meeting, as every address about it names it."""
        return {"case_id": self.case_id, "meeting_id": self.meeting_id}

    @property
    def query(self) -> dict[str, Any]:
        """The state as arguments of an address: a form's action carries it through a POST and back."""
        query: dict[str, Any] = {"shown": list(self.shown) or "none"}
        if self.view is not None:
            query["view"] = self.view
        if self.names_hidden:
            query["names"] = "hidden"
        return query

    def url(self, anchor: str = "curve") -> str:
        return url_for("meeting_room.show", **self.where, _anchor=anchor, **self.query)

    def viewing(self, view: str | None) -> "RoomState":
        return replace(self, view=view)

    def with_names(self, *, hidden: bool) -> "RoomState":
        return replace(self, names_hidden=hidden)

    def toggled(self, key: str, order: Sequence[str]) -> "RoomState":
        """With one voice more or less, in the order of voices."""
        shown = set(self.shown) ^ {key}
        return replace(self, shown=tuple(one for one in order if one in shown))


def names_hidden(args: MultiDict[str, str]) -> bool:
    return args.get("names") == "hidden"


def read_state(
    args: MultiDict[str, str],
    *,
    case_id: UUID,
    meeting_id: UUID,
    order: Sequence[str],
    first: Sequence[str],
    views: Collection[str],
) -> RoomState:
    """From an address such as ?shown=…&shown=…&view=home; what is unknown is left out.

    A meeting starts with the `first` voice, the child's, alone. `toggle` adds one voice or takes it away.
    """
    wanted = args.getlist("shown") if "shown" in args else first
    view = args.get("view")
    state = RoomState(
        case_id=case_id,
        meeting_id=meeting_id,
        shown=tuple(key for key in order if key in wanted),
        view=view if view in views else None,
        names_hidden=names_hidden(args),
    )
    key = args.get("toggle", "")
    return state.toggled(key, order) if key in order else state
