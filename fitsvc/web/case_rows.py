"""What lists of cases share: a case's name and address, a series with its rater, signal and small curve."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc.charts.small_curve import small_curve
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_summaries import SeriesSummary
from fitsvc.storage.caseload import CaseName
from fitsvc.web.form_pages import case_url
from fitsvc.web.templates import day, points
from fitsvc.web.words import FORM_KINDS, SIGNALS, rater_name


@dataclass(frozen=True, slots=True)
class CaseLink:
    id: UUID
    name: str
    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class SeriesBadge:
    """One series: whose it is, the signal's code and word ("" when it gets none), the latest score in words."""

    rater: str
    code: str
    word: str
    latest: str
    key: str


@dataclass(frozen=True, slots=True)
class SmallCurve:
    rater: str
    latest: str
    svg: Markup


def case_link(case: CaseName) -> CaseLink:
    return CaseLink(case.id, case.display_name, case.reference, case_url(case.id))


def series_badge(series: SeriesSummary) -> SeriesBadge:
    signal = series.signal
    return SeriesBadge(
        rater=rater_name(series.rater_role, series.setting),
        code=signal.code.value if signal else "",
        word=str(SIGNALS[signal.code]) if signal else "",
        latest=_latest(series),
        key=series.key,
    )


def first_curve(series: tuple[SeriesSummary, ...]) -> SmallCurve | None:
    """The child's curve; without one the first other voice that has a score."""
    return next((curve_of(one) for one in series if one.scores), None)


def curve_of(series: SeriesSummary) -> SmallCurve:
    """Drawn as decoration: the same is said in words beside it."""
    svg = small_curve(series.scores, series.measure, series.rater_role, words="")
    return SmallCurve(
        rater=rater_name(series.rater_role, series.setting),
        latest=_latest(series),
        svg=Markup(svg),  # noqa: S704 (made of numbers and fixed words only)
    )


def form_name(catalogue: Catalogue, instrument_id: str) -> str:
    """What staff call a form: its kind; its id when the pack it came in is no longer there."""
    found = catalogue.find(instrument_id)
    return str(FORM_KINDS[found.kind]) if found else instrument_id


def _latest(series: SeriesSummary) -> str:
    if series.latest is None:
        return ""
    return _(
        "%(score)s of %(most)s on %(day)s",
        score=points(series.latest.score),
        most=points(series.measure.maximum),
        day=day(series.latest.on, "d. MMM"),
    )
