"""The report as its template takes it: every code in words, every number written, the curves drawn."""

from dataclasses import dataclass

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc import __version__
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.law import MeasureType
from fitsvc.domain.meeting_report import RULES_VERSION, MeetingReport
from fitsvc.domain.report_lines import AnsweredLine, MissingLine, VoiceLine
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.web.documents.curve import Curves, draw_curves, swatch
from fitsvc.web.documents.parts import Part, decided_parts, looking_back, more_words
from fitsvc.web.documents.words import capital, change_words, cut, rater_in_brief, rater_words
from fitsvc.web.templates import day, points
from fitsvc.web.words import MEASURE_TYPES, SIGNALS

NAME_ROOM = 26
NAMES_IN_A_NOTE = 2
SHORT_DAY = "d. MMM"


@dataclass(frozen=True, slots=True)
class VoiceRow:
    swatch: Markup
    name: str
    baseline: str
    latest: str
    latest_on: str
    expected: str
    signal: str
    change: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one section, and a line that says how many more there are ("" when none is left out)."""

    lines: tuple[VoiceRow | str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Page one, and the parts of each page after it."""

    name: str
    reference: str
    about: str
    overdue: str
    next_meeting: str
    made_on: str
    curves: Curves
    voices: Rows
    noise: str
    ceiling: str
    missing: Rows
    answered: Rows
    later_pages: tuple[tuple[Part, ...], ...]
    versions: str
    assumptions: tuple[str, ...]

    @property
    def pages(self) -> int:
        return 1 + len(self.later_pages)


def present(
    composed: ComposedReport, catalogue: Catalogue, language: str, *, names_hidden: bool = False
) -> ReportPage:
    report = composed.report
    curves = draw_curves(composed)
    areas = area_words(report, catalogue, language)
    return ReportPage(
        name=report.display_name,
        reference=report.reference,
        about=_about(report),
        overdue=_overdue(report),
        next_meeting=day(report.next_meeting_on, "EEEE d. MMMM yyyy"),
        made_on=day(report.made_on, "d. MMMM yyyy"),
        curves=curves,
        voices=Rows(
            tuple(_voice(one, curves) for one in report.voices.lines), more_words(report.voices.left_out)
        ),
        noise=_noise(report),
        ceiling=_ceiling(report),
        missing=Rows(
            tuple(_missing(one) for one in report.missing.lines), more_words(report.missing.left_out)
        ),
        answered=Rows(
            tuple(_answered(one) for one in report.answered.lines), more_words(report.answered.left_out)
        ),
        later_pages=_later_pages(report, areas, with_names=not names_hidden),
        versions=_versions(report),
        assumptions=tuple(_assumed(one) for one in report.assumptions),
    )


def area_words(report: MeetingReport, catalogue: Catalogue, language: str) -> dict[str, str]:
    """What the forms on the page call their areas; the first form's words count."""
    instruments = [catalogue.get(*key) for key in report.instruments]
    return {area: word for one in reversed(instruments) for area, word in one.text(language).areas.items()}


def _later_pages(
    report: MeetingReport, areas: dict[str, str], *, with_names: bool
) -> tuple[tuple[Part, ...], ...]:
    """None when there is nothing to hold."""
    back, decided = looking_back(report, areas), decided_parts(report, with_names=with_names)
    if report.decided_has_own_page:
        return back, decided
    together = (*decided, *back)
    return (together,) if together else ()


def _overdue(report: MeetingReport) -> str:
    if not report.overdue_days:
        return ""
    return ngettext(
        "The next follow-up is %(num)d day overdue.",
        "The next follow-up is %(num)d days overdue.",
        report.overdue_days,
    )


def _about(report: MeetingReport) -> str:
    if report.measure_type is None:
        return _("No measure has started yet")
    measure = MEASURE_TYPES[MeasureType(report.measure_type)]
    return _("%(measure)s since %(day)s", measure=measure, day=day(report.episode_started_on))


def _voice(voice: VoiceLine, curves: Curves) -> VoiceRow:
    name = cut(rater_words(voice.rater), NAME_ROOM)
    return VoiceRow(
        swatch=swatch(curves.styles[voice.key], name),
        name=name,
        baseline=points(voice.baseline),
        latest=points(voice.latest),
        latest_on=day(voice.latest_on, SHORT_DAY),
        expected=points(voice.expected),
        signal=str(SIGNALS[voice.signal]) if voice.signal else "",
        change=capital(change_words(voice)),
    )


def _noise(report: MeetingReport) -> str:
    limits = sorted({points(one.rci) for one in report.voices.lines if one.rci is not None})
    if not limits:
        return ""
    return _("Changes under %(points)s points may be chance.", points=" / ".join(limits))


def _ceiling(report: MeetingReport) -> str:
    """Whose start is so high that better cannot be told from chance; "" when nobody's is."""
    names = [rater_in_brief(one.rater) for one in report.voices.lines if not one.improvement_can_show]
    if not names:
        return ""
    more = more_words(len(names) - NAMES_IN_A_NOTE) if len(names) > NAMES_IN_A_NOTE else ""
    return _(
        "Started so high that a sure improvement cannot show: %(raters)s.",
        raters=" ".join([", ".join(names[:NAMES_IN_A_NOTE]), more]).strip(),
    )


def _answered(answered: AnsweredLine) -> str:
    return _("%(rater)s: %(day)s", rater=rater_in_brief(answered.rater), day=day(answered.on))


def _missing(missing: MissingLine) -> str:
    name = rater_in_brief(missing.rater)
    if missing.since is None:
        return _("%(rater)s: not asked yet", rater=name)
    return _("%(rater)s: asked for since %(day)s", rater=name, day=day(missing.since))


def _versions(report: MeetingReport) -> str:
    forms = ", ".join(f"{instrument_id} {version}" for instrument_id, version in report.instruments)
    return _(
        "fitsvc %(version)s · rules %(rules)s · forms: %(forms)s",
        version=__version__,
        rules=RULES_VERSION,
        forms=forms or "–",
    )


def _assumed(one: Assumptions) -> str:
    """The parameters of the assumed curve by the letters the method page explains."""
    return _(
        "Assumed curve, not a norm: μ %(mean)s, SD %(sd)s, A %(target)s, r %(reliability)s, g %(growth)s, "
        "k %(rate)s, s %(spread)s",
        mean=format_decimal(one.mean),
        sd=format_decimal(one.sd),
        target=format_decimal(one.target),
        reliability=format_decimal(one.reliability),
        growth=format_decimal(one.growth),
        rate=format_decimal(one.rate),
        spread=format_decimal(one.spread),
    )
