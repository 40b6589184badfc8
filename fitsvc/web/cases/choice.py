"""What the reader has chosen to see: an area, the selected series, series on and off. All in the address."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import SeriesFacts


@dataclass(frozen=True, slots=True)
class Choice:
    """`area` is None for the total. `shown` are keys of series, `selected` the one whose expected course is drawn."""

    area: str | None
    selected: str | None
    shown: frozenset[str]


def read_choice(args: MultiDict[str, str], totals: Sequence[SeriesFacts], areas: Collection[str]) -> Choice:
    """From an address such as ?area=home&series=…&chosen=1&show=…&show=…; what is unknown is left out.

    Without a choice every series is shown, and the selected one is the child's, else the first that has a score.
    """
    keys = frozenset(series.key for series in totals)
    area = args.get("area")
    wanted = args.get("series")
    shown = keys & set(args.getlist("show")) if "chosen" in args else keys
    return Choice(
        area=area if area in areas else None,
        selected=wanted if wanted in keys else _first_choice(totals),
        shown=shown,
    )


def query_of(
    choice: Choice, keys: Collection[str], **changes: str | None
) -> Mapping[str, str | list[str] | None]:
    """The same choice as arguments of an address, with changes. A choice of all series needs no words."""
    query: dict[str, str | list[str] | None] = {"area": choice.area, "series": choice.selected}
    if choice.shown != frozenset(keys):
        query |= {"chosen": "1", "show": sorted(choice.shown)}
    return query | changes


def _first_choice(totals: Sequence[SeriesFacts]) -> str | None:
    with_course = [one for one in totals if one.is_current and one.trajectory.curve is not None]
    child = [one for one in with_course if one.rater_role is RaterRole.CHILD]
    return next((one.key for one in child + with_course), None)
