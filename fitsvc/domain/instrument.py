"""An instrument (skema): its items, scale, scoring, texts, assumptions and licence.

Instruments are data. `instrument_file.parse_instrument` reads one from TOML, `catalogue` holds them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fitsvc.domain.rater import RaterRole

FALLBACK_LANGUAGE = "da"


class InstrumentError(ValueError):
    """An instrument that cannot be used: which file, which key, what was expected and what stood there."""

    def __init__(self, file: str, key: str, expected: str, got: str) -> None:
        super().__init__(f"{file}: {key}: expected {expected}, got {got}")
        self.file = file
        self.key = key
        self.expected = expected
        self.got = got


class Kind(StrEnum):
    """What an instrument is for; decides which panel shows it."""

    WELLBEING = "wellbeing"
    TALK = "talk"
    SESSION = "session"
    GOAL = "goal"
    SAFETY = "safety"
    RULER = "ruler"


class ScaleKind(StrEnum):
    """How the values of a scale are drawn."""

    POINTS = "points"
    FACES = "faces"


class ScoringMethod(StrEnum):
    """How answers become one score."""

    MEAN = "mean"
    SUM = "sum"
    NONE = "none"


class Direction(StrEnum):
    """Which end of the scale is the good one."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"


@dataclass(frozen=True, slots=True)
class Scale:
    """The values an answer may have, ascending."""

    kind: ScaleKind
    values: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The lowest value."""
        return self.values[0]

    @property
    def maximum(self) -> float:
        """The highest value."""
        return self.values[-1]

    def contains(self, value: float) -> bool:
        """Whether this exact value may be chosen."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Scoring:
    """How the score is made, the range it lies in, and how many items must be answered to have one."""

    method: ScoringMethod
    minimum: float
    maximum: float
    min_answered: int


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The stated assumptions behind reliable and expected change, in points of the score (docs/method).

    mean μ, sd SD, target A, reliability r, growth g (share of the way to the target), rate k (per week),
    spread s; z is the width of the reliable change index.
    """

    mean: float
    sd: float
    target: float
    reliability: float
    growth: float
    rate: float
    spread: float
    z: float = 1.96


@dataclass(frozen=True, slots=True)
class Norms:
    """Published norms of a licensed instrument, in points of the score.

    A given cut-off wins over a computed one.
    """

    clinical_mean: float
    clinical_sd: float
    norm_mean: float
    norm_sd: float
    cutoff: float | None
    source: str


@dataclass(frozen=True, slots=True)
class AlliancePrompt:
    """When a session rating invites to a talk.

    A score at or below `low_score`, a score fallen by `fall` or more, one item fallen by `item_fall` or more,
    or (`perfect`) the top score every time.
    """

    low_score: float
    fall: float
    perfect: bool
    item_fall: float | None = None


@dataclass(frozen=True, slots=True)
class ItemText:
    """One item in one language, with the words at the low and the high end of its scale."""

    prompt: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `area` is shared by the forms of all raters, so that their views can be held together."""

    id: str
    area: str
    texts: Mapping[str, ItemText] = field(hash=False)
    cannot_see: bool = False


@dataclass(frozen=True, slots=True)
class InstrumentText:
    """The words of one form in one language.

    `areas` are short names for curves and tables; `steps` names each value of the scale for those who cannot
    see it (always there for faces); `comment` asks for a free text, and without it there is no comment field.
    """

    title: str
    intro: str
    areas: Mapping[str, str] = field(hash=False)
    steps: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one form. Id and version together fix its meaning for ever.

    `age_from` and `age_to` are the child's age in whole years, both inclusive. `languages[0]` is the language
    it was written in. An answer at `notice_at` or worse (by `direction`) is one that staff should read today.
    """

    id: str
    version: str
    kind: Kind
    rater_roles: tuple[RaterRole, ...]
    age_from: int | None
    age_to: int | None
    languages: tuple[str, ...]
    validated: Mapping[str, bool] = field(hash=False)
    licence: str
    licence_number: str | None
    source: str
    direction: Direction
    scale: Scale
    items: tuple[Item, ...]
    scoring: Scoring
    texts: Mapping[str, InstrumentText] = field(hash=False)
    assumptions: Assumptions | None
    norms: Norms | None
    alliance: AlliancePrompt | None
    structure_only: bool
    checksum: str
    notice_at: float | None = None
    local_pack: bool = False

    @property
    def is_scored(self) -> bool:
        """Whether answers become a score."""
        return self.scoring.method is not ScoringMethod.NONE

    @property
    def is_on_curve(self) -> bool:
        """Whether its score is a trajectory with expected change: wellbeing totals only."""
        return self.kind is Kind.WELLBEING and self.is_scored

    @property
    def may_be_given(self) -> bool:
        """Whether it has its texts and can be sent to a respondent."""
        return not self.structure_only

    @property
    def takes_comment(self) -> bool:
        """Whether the form has a field for free text."""
        return any(text.comment is not None for text in self.texts.values())

    def is_noticed(self, value: float) -> bool:
        """Whether this answer is one that staff should read today."""
        if self.notice_at is None:
            return False
        worse_is_lower = self.direction is Direction.HIGHER_IS_BETTER
        return value <= self.notice_at if worse_is_lower else value >= self.notice_at

    def language_for(self, language: str) -> str:
        """The language shown to who asks for `language`: that one, else Danish, else the original."""
        for candidate in (language, FALLBACK_LANGUAGE):
            if candidate in self.texts:
                return candidate
        return self.languages[0]

    def text(self, language: str) -> InstrumentText:
        """The form's words in this language, falling back as `language_for` says."""
        return self.texts[self.language_for(language)]

    def item_text(self, item_id: str, language: str) -> ItemText:
        """An item's words in this language, falling back as `language_for` says."""
        return self.item(item_id).texts[self.language_for(language)]

    def is_unvalidated_translation(self, language: str) -> bool:
        """Whether what this reader sees is a translation that nobody has validated yet."""
        shown = self.language_for(language)
        return shown != self.languages[0] and not self.validated[shown]

    def find_item(self, item_id: str) -> Item | None:
        """The item with this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def item(self, item_id: str) -> Item:
        """The item with this id; KeyError when there is none."""
        found = self.find_item(item_id)
        if found is None:
            raise KeyError(item_id)
        return found

    def fits_age(self, age_years: int) -> bool:
        """Whether the form is meant for (or about) a child of this age in whole years."""
        old_enough = self.age_from is None or age_years >= self.age_from
        return old_enough and (self.age_to is None or age_years <= self.age_to)
