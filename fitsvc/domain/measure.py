"""What a series of numbers means: its range, its direction, its noise and, maybe, its expected course."""

from dataclasses import dataclass

from fitsvc.domain.cutoff import cutoff_c
from fitsvc.domain.instrument import Assumptions, Direction, Instrument, Norms

DEFAULT_Z = 1.96


@dataclass(frozen=True, slots=True)
class Measure:
    """The yardstick of one series.

    `sd` (spread at baseline, in points, above 0) and `reliability` (between 0 and 1) are both set or both
    absent; without them the series is shown without any verdict. `assumptions` give the assumed
    expected-change curve, `cutoff` the limit between the clinical and the ordinary range; both in the
    measure's own direction. A range without a known end is given as infinite.
    """

    minimum: float
    maximum: float
    direction: Direction = Direction.HIGHER_IS_BETTER
    sd: float | None = None
    reliability: float | None = None
    z: float = DEFAULT_Z
    assumptions: Assumptions | None = None
    cutoff: float | None = None

    def __post_init__(self) -> None:
        if (self.sd is None) != (self.reliability is None):
            raise ValueError("reference spread and reliability belong together")
        if self.sd is not None and not self.sd > 0:
            raise ValueError("the reference spread must be above 0")
        if self.reliability is not None and not 0 < self.reliability < 1:
            raise ValueError("the reliability must lie between 0 and 1")
        if self.minimum >= self.maximum:
            raise ValueError("the minimum must be below the maximum")

    @property
    def sign(self) -> int:
        """+1 when higher is better, -1 when lower is: multiply a number with it and higher is better."""
        return 1 if self.direction is Direction.HIGHER_IS_BETTER else -1

    def goodness(self, score: float) -> float:
        """A number that is larger the better the score."""
        return self.sign * score

    @property
    def is_judged(self) -> bool:
        """Whether reliable change can be told from noise at all."""
        return self.sd is not None


def measure_of_total(instrument: Instrument) -> Measure:
    """The yardstick of an instrument's total. Norms without a given cut-off have Jacobson and Truax' c."""
    assumed = instrument.assumptions
    return Measure(
        minimum=instrument.scoring.minimum,
        maximum=instrument.scoring.maximum,
        direction=instrument.direction,
        sd=assumed.sd if assumed else None,
        reliability=assumed.reliability if assumed else None,
        z=assumed.z if assumed else DEFAULT_Z,
        assumptions=assumed,
        cutoff=_cutoff(instrument.norms) if instrument.norms else None,
    )


def measure_of_item(instrument: Instrument) -> Measure:
    """The yardstick of a single area, goal or safety line: a range and no verdict (no known reliability)."""
    return Measure(
        minimum=instrument.scale.minimum, maximum=instrument.scale.maximum, direction=instrument.direction
    )


def _cutoff(norms: Norms) -> float:
    if norms.cutoff is not None:
        return norms.cutoff
    return cutoff_c(norms.clinical_mean, norms.clinical_sd, norms.norm_mean, norms.norm_sd)
