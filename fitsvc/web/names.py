"""Hiding names: what the page is made of loses them before a word is written, so that no part of it can show one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import CaseTrajectories, GoalFacts, RatedPoint, SeriesFacts, Side
from fitsvc.web.words import RATER_ROLES

UNSAID = "…"
"""Stands where a name, a place or a reference stood that nobody needs at the table."""

YOUNG_PERSON_FROM = 13
"""Years: from here on "the young person" and not "the child"."""


@dataclass(frozen=True, slots=True)
class Names:
    """How people are spoken of on this page. `child` is the display name, or a word for it when names are hidden.

    `known` are the names the case knows, each with the word that stands for it, longest first.
    """

    hidden: bool
    child: str
    known: tuple[tuple[str, str], ...] = ()

    def clean(self, text: str) -> str:
        """A text somebody wrote, with the names we know put out of it when names are hidden."""
        if not self.hidden:
            return text
        for name, word in self.known:
            # The child's name however it is written; what is short, or somebody's or a place's, may be a word too.
            flags = re.IGNORECASE if word == self.child and len(name) > 3 else re.NOFLAG
            text = re.sub(rf"(?<!\w){re.escape(name)}(?=s\b|(?!\w))", word, text, flags=flags)
        return text


def names_of(seen: CaseTrajectories, *, hidden: bool) -> Names:
    if not hidden:
        return Names(hidden=False, child=seen.case.display_name)
    word = _("the young person") if seen.case.age_years >= YOUNG_PERSON_FROM else _("the child")
    return Names(hidden=True, child=word, known=_known(seen, word))


def hide_names(seen: CaseTrajectories, names: Names) -> CaseTrajectories:
    """The same case without a name, a place or a reference in it; unchanged when names are shown."""
    if not names.hidden:
        return seen
    return replace(
        seen,
        case=replace(seen.case, display_name=names.child, reference=""),
        team=(),
        respondents=tuple(replace(one, name="", setting="", label="") for one in seen.respondents),
        episodes=tuple(replace(one, unit_name="", purpose="") for one in seen.episodes),
        episode=replace(seen.episode, unit_name="", purpose="") if seen.episode else None,
        plans=tuple(replace(one, setting="", purpose="") for one in seen.plans),
        totals=hide_in_series(seen.totals, names),
        areas=hide_in_series(seen.areas, names),
        others=hide_in_series(seen.others, names),
        talks=hide_in_series(seen.talks, names),
        goals=tuple(_goal(one, names) for one in seen.goals),
        externals=(),
        events=(),
        next_steps=tuple(replace(one, next_step=names.clean(one.next_step)) for one in seen.next_steps),
        discrepancies=tuple(
            replace(one, low=_side(one.low), high=_side(one.high)) for one in seen.discrepancies
        ),
    )


def _known(seen: CaseTrajectories, child: str) -> tuple[tuple[str, str], ...]:
    """Whole names and the names they are made of; places where somebody rates; the case's reference."""
    found: dict[str, str] = {}
    for one in seen.respondents:
        word = child if one.rater_role is RaterRole.CHILD else str(RATER_ROLES[one.rater_role]).lower()
        found |= dict.fromkeys(_parts(one.name), word)
        found |= dict.fromkeys(_places(one.setting), UNSAID)
    for member in seen.team:
        found |= dict.fromkeys(_parts(member.name), UNSAID)
    found |= dict.fromkeys(_parts(seen.case.display_name), child)
    found[seen.case.reference] = UNSAID
    return tuple(sorted(((name, word) for name, word in found.items() if name), key=lambda one: -len(one[0])))


def _parts(name: str) -> set[str]:
    """The whole name, and its parts that are names: "Mor til Ravn" does not make "til" one."""
    parts = {part for part in name.split() if len(part.strip(".")) > 2 and part[0].isupper()}
    return ({name.strip()} | parts) - {word for role in RATER_ROLES.values() for word in str(role).split()}


def _places(setting: str) -> set[str]:
    """A school or a class, whole and in parts; "at home" is no place to hide."""
    told = {part.strip(",;") for part in setting.split()}
    parts = {part for part in told if part != part.lower() or any(sign.isdigit() for sign in part)}
    return {setting.strip()} | parts if parts else set()


def hide_in_series(found: Iterable[SeriesFacts], names: Names) -> tuple[SeriesFacts, ...]:
    """Series without places, and with their authors' words cleaned; unchanged when names are shown."""
    if not names.hidden:
        return tuple(found)
    return tuple(
        replace(one, setting="", points=tuple(_point(point, names) for point in one.points)) for one in found
    )


def _point(point: RatedPoint, names: Names) -> RatedPoint:
    return replace(
        point,
        comment=names.clean(point.comment) if point.comment else point.comment,
        note=replace(point.note, text=names.clean(point.note.text)) if point.note else None,
    )


def _goal(goal: GoalFacts, names: Names) -> GoalFacts:
    return replace(goal, text=names.clean(goal.text), series=hide_in_series(goal.series, names))


def _side(side: Side) -> Side:
    return replace(side, setting="")
