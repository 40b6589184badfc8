"""The report as its template takes it: every code in words, every number written, the curves drawn."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc import __version__
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.law import MeasureType
from fitsvc.domain.meeting_report import (
    RULES_VERSION,
    AgreedLine,
    GoalLine,
    MeetingReport,
    MissingLine,
    QuestionLine,
    VoiceLine,
)
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.web.documents.curve import Curves, draw_curves, swatch
from fitsvc.web.documents.words import capital, change_words, cut, rater_in_brief, rater_words, spoken
from fitsvc.web.templates import day, points
from fitsvc.web.words import MEASURE_TYPES, SIGNALS

NAME_ROOM = 26
NAMES_IN_A_NOTE = 2
GOAL_ROOM = 92
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
class QuestionRow:
    area: str
    question: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    text: str
    numbers: str
    newest: str
    state: str


@dataclass(frozen=True, slots=True)
class AgreedRow:
    expectation: str
    source: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one section, and a line that says how many more there are ("" when none is left out)."""

    lines: tuple[VoiceRow | QuestionRow | GoalRow | AgreedRow | str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    name: str
    reference: str
    about: str
    next_meeting: str
    made_on: str
    curves: Curves
    voices: Rows
    noise: str
    ceiling: str
    questions: Rows
    missing: Rows
    goals: Rows
    agreed: Rows
    versions: str
    assumptions: tuple[str, ...]


def present(composed: ComposedReport, catalogue: Catalogue, language: str) -> ReportPage:
    report = composed.report
    curves = draw_curves(composed)
    instruments = [catalogue.get(*key) for key in report.instruments]
    areas = {area: word for one in reversed(instruments) for area, word in one.text(language).areas.items()}
    return ReportPage(
        name=report.display_name,
        reference=report.reference,
        about=_about(report),
        next_meeting=day(report.next_meeting_on, "EEEE d. MMMM yyyy"),
        made_on=day(report.made_on, "d. MMMM yyyy"),
        curves=curves,
        voices=Rows(tuple(_voice(one, curves) for one in report.voices.lines), _more(report.voices.left_out)),
        noise=_noise(report),
        ceiling=_ceiling(report),
        questions=Rows(
            tuple(_question(one, areas, report.age_years) for one in report.questions.lines),
            _more(report.questions.left_out),
        ),
        missing=Rows(tuple(_missing(one) for one in report.missing.lines), _more(report.missing.left_out)),
        goals=Rows(
            tuple(_goal(one, report.age_years) for one in report.goals.lines), _more(report.goals.left_out)
        ),
        agreed=Rows(tuple(_agreed(one) for one in report.agreed.lines), _more(report.agreed.left_out)),
        versions=_versions(report),
        assumptions=tuple(_assumed(one) for one in report.assumptions),
    )


def _more(left_out: int) -> str:
    return _("+%(num)s more", num=left_out) if left_out else ""


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
    more = _more(len(names) - NAMES_IN_A_NOTE) if len(names) > NAMES_IN_A_NOTE else ""
    return _(
        "Started so high that a sure improvement cannot show: %(raters)s.",
        raters=" ".join([", ".join(names[:NAMES_IN_A_NOTE]), more]).strip(),
    )


def _question(question: QuestionLine, areas: dict[str, str], age_years: int) -> QuestionRow:
    words = _(
        "%(one)s sees %(one_value)s, %(other)s sees %(other_value)s: what does each of you see?",
        one=spoken(question.low, age_years),
        one_value=points(question.low_value),
        other=spoken(question.high, age_years),
        other_value=points(question.high_value),
    )
    return QuestionRow(areas.get(question.area, question.area), capital(words))


def _goal(goal: GoalLine, age_years: int) -> GoalRow:
    numbers = _(
        "Start %(start)s, target %(target)s",
        start=points(goal.start_value),
        target=points(goal.target_value),
    )
    if goal.latest is None or goal.latest_by is None:
        newest = _("not rated yet")
    else:
        newest = _(
            "now %(value)s (%(rater)s, %(day)s)",
            value=points(goal.latest),
            rater=spoken(goal.latest_by, age_years),
            day=day(goal.latest_on, SHORT_DAY),
        )
    states = {None: "", True: _("Reached"), False: _("Goal closed")}
    return GoalRow(cut(goal.text, GOAL_ROOM), numbers, newest, states[goal.reached])


def _agreed(agreed: AgreedLine) -> AgreedRow:
    who = rater_in_brief(agreed.rater)
    expectation = _(
        "%(rater)s: from %(start)s to %(score)s by %(day)s",
        rater=who,
        start=points(agreed.start_score),
        score=points(agreed.score),
        day=day(agreed.due_on, SHORT_DAY),
    )
    if agreed.latest is not None:
        expectation = f"{expectation}, {_('now %(value)s', value=points(agreed.latest))}"
    if agreed.meeting_on is None:
        source = _("agreed outside a meeting, counted from %(day)s", day=day(agreed.start_on))
    else:
        source = _("agreed at the meeting on %(day)s", day=day(agreed.meeting_on))
    whose = _("shared") if agreed.is_shared else _("own")
    return AgreedRow(expectation, f"{whose}, {source}")


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
