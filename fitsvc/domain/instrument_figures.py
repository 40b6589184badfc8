"""The numbers in an instrument's file: scoring, assumptions, norms and thresholds, each held to its range."""

from fitsvc.domain.instrument import (
    AlliancePrompt,
    Assumptions,
    Kind,
    Norms,
    Scale,
    Scoring,
    ScoringMethod,
)
from fitsvc.domain.toml_table import Table


def read_scoring(table: Table, kind: Kind, scale: Scale, items: int) -> Scoring:
    """How the score is made. The stated range must be what the items can reach, so no score can leave it."""
    method = table.code("method", ScoringMethod)
    if method is ScoringMethod.NONE:
        table.finish()
        return Scoring(method, scale.minimum, scale.maximum, 0)
    if kind not in (Kind.WELLBEING, Kind.SESSION):
        table.refuse("method", f"none, for a form of the kind {kind} has no total", method.value)
    times = items if method is ScoringMethod.SUM else 1
    minimum, maximum = scale.minimum * times, scale.maximum * times
    table.number("minimum", minimum, minimum)
    table.number("maximum", maximum, maximum)
    min_answered = table.whole("min_answered", 1, items)
    table.finish()
    return Scoring(method, minimum, maximum, min_answered)


def read_assumptions(table: Table, allowed: bool, scoring: Scoring) -> Assumptions | None:
    """The stated assumptions behind expected change; only a wellbeing total has them."""
    part = table.optional_table("assumptions")
    if part is None:
        return None
    if not allowed:
        table.refuse("assumptions", "none, for only the total of a wellbeing form has a curve", {})
    low, high = scoring.minimum, scoring.maximum
    found = Assumptions(
        mean=part.number("mean", low, high),
        sd=part.number("sd", 0, high - low, open_ends=True),
        target=part.number("target", low, high),
        reliability=part.number("reliability", 0, 1, open_ends=True),
        growth=part.number("growth", 0, 1),
        rate=part.number("rate", 0, open_ends=True),
        spread=part.number("spread", 0, high - low),
        z=part.number("z", 0, 10, open_ends=True) if part.has("z") else part.absent("z", 1.96),
    )
    part.finish()
    return found


def read_norms(table: Table, allowed: bool, scoring: Scoring) -> Norms | None:
    """Norms, which only the scored wellbeing forms of local packs have."""
    part = table.optional_table("norms")
    if part is None:
        return None
    if not allowed:
        table.refuse("norms", "none, for norms belong to the scored wellbeing forms of local packs", {})
    low, high = scoring.minimum, scoring.maximum
    found = Norms(
        clinical_mean=part.number("clinical_mean", low, high),
        clinical_sd=part.number("clinical_sd", 0, high - low, open_ends=True),
        norm_mean=part.number("norm_mean", low, high),
        norm_sd=part.number("norm_sd", 0, high - low, open_ends=True),
        cutoff=part.optional_number("cutoff", low, high),
        source=part.text("source"),
    )
    part.finish()
    return found


def read_alliance(table: Table, kind: Kind, scoring: Scoring) -> AlliancePrompt | None:
    """The thresholds at which a session rating invites to a talk."""
    part = table.optional_table("alliance")
    if part is None:
        return None
    if kind is not Kind.SESSION or scoring.method is ScoringMethod.NONE:
        table.refuse("alliance", "none, for it belongs to scored session forms", {})
    width = scoring.maximum - scoring.minimum
    found = AlliancePrompt(
        low_score=part.number("low_score", scoring.minimum, scoring.maximum),
        fall=part.number("fall", 0, width, open_ends=True),
        perfect=part.flag("perfect"),
        item_fall=part.optional_number("item_fall", 0, width),
    )
    part.finish()
    return found
