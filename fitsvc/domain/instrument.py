"""An instrument (skema): its items, scale, scoring, texts, assumptions and licence, and the catalogue of them all.

Instruments are data. `instrument_file.parse_instrument` reads one from TOML; nothing here knows of files.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fitsvc.domain.rater import RaterRole

FALLBACK_LANGUAGE = "da"
YOUNGEST_SELF_REPORT = 6
"""Whole years. Below this a child is not asked to rate (domain.md, section 4)."""
YOUNGEST_ON_POINTS = 8
"""Whole years. Below this a child is only offered faces, never a line of numbers (domain.md, section 8)."""


class InstrumentError(ValueError):
    """An instrument that cannot be used: which file, which key, what was expected and what stood there."""

    def __init__(self, file: str, key: str, expected: str, got: str) -> None:
        super().__init__(f"{file}: {key}: expected {expected}, got {got}")
        self.file = file
        self.key = key
        self.expected = expected
        self.got = got


class InstrumentNotFound(LookupError):
    """No instrument with this id (and version) is in the catalogue."""


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
    """How the score is made, the range it lies in, and how many items must be answered before there is one."""

    method: ScoringMethod
    minimum: float
    maximum: float
    min_answered: int


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The stated assumptions behind reliable and expected change, in points of the score (domain.md 5.1 and 5.5).

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
    """Published norms of a licensed instrument, in points of the score. A given cut-off wins over a computed one."""

    clinical_mean: float
    clinical_sd: float
    norm_mean: float
    norm_sd: float
    cutoff: float | None
    source: str


@dataclass(frozen=True, slots=True)
class AlliancePrompt:
    """When a session rating invites to a talk: a score at or below `low_score`, a score fallen by `fall` or more,
    one item fallen by `item_fall` or more, or (`perfect`) the top score every time."""

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

    `areas` are short names for curves and tables; `steps` names each value of the scale for those who cannot see
    it (always there for faces); `comment` asks for a free text, and without it there is no comment field.
    """

    title: str
    intro: str
    areas: Mapping[str, str] = field(hash=False)
    steps: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one form. Id and version together fix its meaning for ever.

    `age_from` and `age_to` are the child's age in whole years, both inclusive. `languages[0]` is the language it
    was written in. `notice_at` is the answer that staff are to read today (the good or bad end by `direction`).
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

    def language_for(self, language: str) -> str:
        """The language shown to somebody who asks for `language`: that one, else Danish, else the original."""
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


def version_key(version: str) -> tuple[int, ...]:
    """A version such as "1.10" as numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part) for part in version.split("."))


_KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every instrument in use, by id and version. Old versions stay, so that old ratings can be read."""

    instruments: Mapping[tuple[str, str], Instrument] = field(hash=False)

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.instruments.values())

    def __len__(self) -> int:
        return len(self.instruments)

    def __contains__(self, key: object) -> bool:
        return key in self.instruments

    def find(self, instrument_id: str, version: str | None = None) -> Instrument | None:
        """This version (without one: the latest) of an instrument, or None."""
        if version is not None:
            return self.instruments.get((instrument_id, version))
        versions = [one for one in self if one.id == instrument_id]
        return max(versions, key=lambda one: version_key(one.version), default=None)

    def get(self, instrument_id: str, version: str | None = None) -> Instrument:
        """This version (without one: the latest) of an instrument; InstrumentNotFound when it is not there."""
        found = self.find(instrument_id, version)
        if found is None:
            raise InstrumentNotFound(f"{instrument_id} {version or '(any version)'}")
        return found

    def current(self) -> tuple[Instrument, ...]:
        """The latest version of each: own forms first, then local packs; by kind and id within each."""
        latest = {one.id: self.get(one.id) for one in self}
        return tuple(sorted(latest.values(), key=lambda one: (one.local_pack, _KIND_ORDER[one.kind], one.id)))

    def for_rater(self, role: RaterRole, age_years: int) -> tuple[Instrument, ...]:
        """The forms to suggest for this rater of a child of this age (whole years), in the order of `current`.

        A suggestion only: the choice may be overridden. A child is not asked below 6, and gets faces only below 8.
        """
        return tuple(
            one
            for one in self.current()
            if one.may_be_given and role in one.rater_roles and one.fits_age(age_years)
            and (role is not RaterRole.CHILD or _suits_young_rater(one, age_years))
        )


def _suits_young_rater(instrument: Instrument, age_years: int) -> bool:
    if age_years < YOUNGEST_SELF_REPORT:
        return False
    return age_years >= YOUNGEST_ON_POINTS or instrument.scale.kind is ScaleKind.FACES


def build_catalogue(instruments: Iterable[Instrument]) -> Catalogue:
    """A catalogue of these; ValueError when the same id and version comes twice."""
    by_key: dict[tuple[str, str], Instrument] = {}
    for one in instruments:
        if (one.id, one.version) in by_key:
            raise ValueError(f"instrument {one.id} {one.version} is there twice")
        by_key[one.id, one.version] = one
    return Catalogue(MappingProxyType(by_key))


def changed_without_version(
    stored_checksums: Mapping[tuple[str, str], str], catalogue: Catalogue
) -> tuple[Instrument, ...]:
    """The instruments whose content is no longer what ratings were given under, though the version is the same."""
    return tuple(
        one for one in catalogue if stored_checksums.get((one.id, one.version), one.checksum) != one.checksum
    )
