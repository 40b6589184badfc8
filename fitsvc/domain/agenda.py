"""The agenda of a follow-up meeting: what the data suggest to talk about, as people have arranged it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from fitsvc.domain.expectation import ExpectedAndActual
from fitsvc.domain.next_step import Thought
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.domain.report_lines import MissingLine, Rater

MOST_QUESTIONS = 4
"""Areas seen differently that an agenda asks about; a meeting has no time for more."""
MISSING_VOICES = "voices"
READY = "ending"
"""Subjects of the two kinds an agenda has at most one of."""


class AgendaKind(StrEnum):
    """Where an item comes from, in the order in which a new agenda lists them."""

    SINCE_LAST = "since_last"  # where we are against what was agreed last time
    WISH = "wish"  # what the child or a parent asked to talk about
    DISCREPANCY = "discrepancy"
    SIGNAL = "signal"
    GOAL = "goal"
    MISSING = "missing"
    READY_TO_END = "ready_to_end"
    OPEN_AGREEMENT = "open_agreement"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class SinceLast:
    """An expectation of the last meeting held against what came; of a total, or of one area or goal."""

    rater: Rater
    is_shared: bool
    held: ExpectedAndActual
    start_score: float
    area: str | None = None
    goal: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a respondent wants to talk about. `is_private`: for the practitioner alone, never where others look."""

    rater: Rater
    text: str
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Two raters' values of one area, 0–10 with higher as better; `change` of the gap since the pair before."""

    area: str
    low: Rater
    low_value: float
    high: Rater
    high_value: float
    change: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Those who gave an area the same value. `whole_roles`: all there are of these roles on the case are among them."""

    raters: tuple[Rater, ...]
    value: float
    whole_roles: frozenset[RaterRole] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """An area seen differently, to be asked about with curiosity."""

    area: str
    low: Seen
    high: Seen
    change: float | None = None


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """A confirmed signal nobody has answered yet."""

    series_key: str
    rater: Rater
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A next step its writer brings to the meeting, with the thoughts behind it."""

    rater: Rater
    confirmed_on: date
    taken_on: date
    next_step: str
    thoughts: Mapping[Thought, str]


@dataclass(frozen=True, slots=True)
class GoalRating:
    rater: Rater
    score: float
    on: date


@dataclass(frozen=True, slots=True)
class GoalNow:
    """A goal, its newest rating by each rater, and the practitioner's status for this meeting ("" when none)."""

    text: str
    start_value: float
    target_value: float
    due_on: date | None
    ratings: tuple[GoalRating, ...]
    status: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    voices: tuple[MissingLine, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """Who reached the agreed target, and whose voice is missing."""

    reached: tuple[Rater, ...]
    missing: tuple[Rater, ...]


@dataclass(frozen=True, slots=True)
class OpenAgreement:
    what: str
    who: str
    by_on: date | None


@dataclass(frozen=True, slots=True)
class Free:
    """What somebody wrote on the agenda by hand."""

    text: str


Content = (
    SinceLast | Wish | Question | OpenSignal | StepTaken | GoalNow | Missing | Ending | OpenAgreement | Free
)

ItemKey = tuple[AgendaKind, str]
"""Kind and subject: what recognises an item from one look at the data to the next."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    kind: AgendaKind
    subject: str
    content: Content

    @property
    def key(self) -> ItemKey:
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody did with an item: moved it (`position`), took it off, or wrote it (`text`, free items only)."""

    kind: AgendaKind
    subject: str
    position: int | None = None
    is_removed: bool = False
    text: str = ""

    @property
    def key(self) -> ItemKey:
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Agenda:
    """The items in their order, and apart from them those taken off, which can be put back.

    `order` holds both, so that what is put back finds its place.
    """

    items: tuple[AgendaItem, ...]
    removed: tuple[AgendaItem, ...]
    order: tuple[ItemKey, ...]


def questions(
    gaps: Iterable[Gap], *, of_role: Mapping[RaterRole, int] | None = None, most: int = MOST_QUESTIONS
) -> tuple[Question, ...]:
    """The largest gap of each area, with everybody who sees it the same way on either side.

    `gaps` come largest first; at most `most` areas are asked about. `of_role` counts the case's raters of each role, so
    that "both parents" is said only where there are two.
    """
    by_area: dict[str, list[Gap]] = {}
    for one in gaps:
        by_area.setdefault(one.area, []).append(one)
    return tuple(_question(found, of_role or {}) for found in list(by_area.values())[:most])


def _question(gaps: Sequence[Gap], of_role: Mapping[RaterRole, int]) -> Question:
    largest = gaps[0]
    low = {one.low for one in gaps if one.low_value == largest.low_value}
    high = {one.high for one in gaps if one.high_value == largest.high_value}
    return Question(
        largest.area,
        _seen(low, largest.low_value, of_role),
        _seen(high, largest.high_value, of_role),
        largest.change,
    )


def _seen(raters: Collection[Rater], value: float, of_role: Mapping[RaterRole, int]) -> Seen:
    here = Counter(one.role for one in raters)
    whole = frozenset(role for role, count in here.items() if of_role.get(role) == count)
    return Seen(_in_order(raters), value, whole)


def _in_order(raters: Iterable[Rater]) -> tuple[Rater, ...]:
    return tuple(sorted(raters, key=lambda one: (RATER_ORDER[one.role], one.setting, one.number)))


def arrange(items: Iterable[AgendaItem], kept: Iterable[Kept]) -> Agenda:
    """The items in the order people gave them, without what they took off; every item is in one of the two, once.

    Untouched, items stand by kind in the order of `AgendaKind`, within a kind as given, free ones last. An item nobody
    has moved follows the one that stands before it in that order, so that new data never upset an arrangement. What
    was kept about items the data no longer give is passed over.
    """
    marks = {one.key: one for one in kept}
    written = [AgendaItem(one.kind, one.subject, Free(one.text)) for one in marks.values() if one.text]
    found = {one.key: one for one in chain(items, written)}
    kinds = {kind: place for place, kind in enumerate(AgendaKind)}
    untouched = sorted(found.values(), key=lambda one: kinds[one.kind])
    ordered = _placed(untouched, {key: one.position for key, one in marks.items()})

    def is_removed(item: AgendaItem) -> bool:
        return item.key in marks and marks[item.key].is_removed

    return Agenda(
        tuple(one for one in ordered if not is_removed(one)),
        tuple(one for one in ordered if is_removed(one)),
        tuple(one.key for one in ordered),
    )


def _placed(untouched: Sequence[AgendaItem], positions: Mapping[ItemKey, int | None]) -> list[AgendaItem]:
    """Those with a position by it; each of the others right after its forerunner."""
    followers: dict[ItemKey | None, list[AgendaItem]] = {}
    leader: ItemKey | None = None
    moved: list[tuple[int, AgendaItem]] = []
    for item in untouched:
        position = positions.get(item.key)
        if position is None:
            followers.setdefault(leader, []).append(item)
        else:
            leader = item.key
            moved.append((position, item))
    ordered = list(followers.get(None, []))
    for _position, item in sorted(moved, key=lambda pair: pair[0]):
        ordered += [item, *followers.get(item.key, [])]
    return ordered


def moved(order: Sequence[ItemKey], item: ItemKey, *, beside: ItemKey, after: bool) -> tuple[ItemKey, ...]:
    """The order with `item` right before or after `beside`: said twice it is the same order.

    Unchanged when either is not there.
    """
    if item == beside or item not in order or beside not in order:
        return tuple(order)
    rest = [one for one in order if one != item]
    place = rest.index(beside) + after
    return (*rest[:place], item, *rest[place:])
