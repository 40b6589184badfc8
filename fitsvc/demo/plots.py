"""What a demo case is made of. The cases themselves stand in `cases`."""

from dataclasses import dataclass

from fitsvc.demo.patterns import Pattern
from fitsvc.domain.cadence import Interval
from fitsvc.domain.law import MeasureType
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode


@dataclass(frozen=True, slots=True)
class Voice:
    """One respondent: who, how it goes as they see it, and how often they are asked.

    `course` names one of `patterns.COURSES`; without it nothing has come. `every` is in weeks. `also` are further
    forms: "session", "goal" or "safety". `missed` are the ratings that did not come, 0 being the newest; `withheld`
    those kept from the meeting. `person` is shared by siblings' parents. `unseen` are the areas this rater cannot see.
    """

    role: RaterRole
    name: str
    course: str = ""
    every: int = 2
    setting: str = ""
    person: str = ""
    custody: bool = True
    language: str = "da"
    target: float | None = None
    also: tuple[str, ...] = ()
    missed: tuple[int, ...] = ()
    withheld: tuple[int, ...] = ()
    unseen: tuple[str, ...] = ()
    mode: Mode = Mode.OWN_DEVICE
    asked: bool = True


@dataclass(frozen=True, slots=True)
class GoalPlot:
    text: str
    start: int
    target: int
    now: int


@dataclass(frozen=True, slots=True)
class EventPlot:
    weeks_ago: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class EarlierEpisode:
    """A measure that ended before the current one started; in weeks ago."""

    started: int
    ended: int
    measure: MeasureType
    unit: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One case. `age` in years today; `weeks` since the current episode started; `ended` weeks since it ended.

    `meeting_soon`: the next meeting is so near that everybody is being asked. `own_curve`: the child may see the own
    curve. `later_asked`: the next meeting was put off, and a leader is to answer. `in_journal`: the caseworker has
    confirmed that the journal has its copy.
    """

    nick: str
    pattern: Pattern
    age: float
    weeks: int
    measure: MeasureType
    standard: str
    purpose: str
    voices: tuple[Voice, ...]
    practitioner: str = "solvej"
    caseworker: str = "malthe"
    chosen: Interval | None = None
    goals: tuple[GoalPlot, ...] = ()
    events: tuple[EventPlot, ...] = ()
    earlier: EarlierEpisode | None = None
    ended: int = 0
    absence: tuple[int, ...] = ()
    low_safety: bool = False
    answered_step: str = ""
    expectations: bool = False
    meeting_soon: bool = False
    own_curve: bool = False
    later_asked: bool = False
    in_journal: bool = False


def child(name: str, course: str = "", **more: object) -> Voice:
    """The child itself, at the sessions."""
    return Voice(RaterRole.CHILD, name, course, **({"also": ("session",), "mode": Mode.HANDED_OVER} | more))  # type: ignore[arg-type]


def parent(name: str, course: str = "", **more: object) -> Voice:
    return Voice(RaterRole.PARENT, name, course, **({"setting": "hjemme"} | more))  # type: ignore[arg-type]


def teacher(name: str, course: str = "", setting: str = "", **more: object) -> Voice:
    return Voice(RaterRole.TEACHER, name, course, **({"every": 4, "setting": setting} | more))  # type: ignore[arg-type]


def pedagogue(name: str, course: str = "", setting: str = "", **more: object) -> Voice:
    return Voice(RaterRole.PEDAGOGUE, name, course, **({"every": 4, "setting": setting} | more))  # type: ignore[arg-type]


def ruler(name: str, course: str = "slowly_up") -> Voice:
    """The caseworker's placement on the five-step ruler."""
    return Voice(RaterRole.CASEWORKER, name, course, every=6)
