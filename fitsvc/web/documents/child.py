"""The child's own page: one big curve, what we agreed, when we meet next and why, whom to call. In plain words."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from fitsvc import __version__
from fitsvc.charts.child_paper import ChildDot, draw_child_curve
from fitsvc.config import Config
from fitsvc.domain.meeting import Decision, Minute
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.services.case_facts import RatedPoint, SeriesFacts
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.web.documents.words import cut
from fitsvc.web.rating_form.information import CHILD_HELPLINE, EMERGENCY
from fitsvc.web.templates import day

MOST_DOTS = 9
MOST_AGREEMENTS = 4
AGREEMENT_ROOM = 120
REASON_ROOM = 230
LINE_CHARACTERS = 62
MOST_LINES = 12
SMALLEST_CURVE, LARGEST_CURVE = 218.0, 440.0
LINE_PIXELS = 25.0
"""The curve takes the room the text leaves; both in pixels of the drawing."""

DECISIONS = {
    Decision.CONTINUE: _l("The help goes on as now."),
    Decision.ADJUST: _l("The help goes on. We change it a little."),
    Decision.END: _l("The help stops now. You can always ask for help again."),
    Decision.NEW_MEASURE: _l("You get another kind of help now."),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One answer on the curve: its day, and how high it stands, 0–100."""

    on: str
    height: int


@dataclass(frozen=True, slots=True)
class Call:
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class ChildPage:
    """`dots` are what the drawing shows. `more`: how many agreements are left out, in words."""

    name: str
    told: tuple[str, ...]
    drawing: Markup | None
    dots: tuple[Dot, ...]
    decision: str
    agreed: tuple[str, ...]
    more: str
    next_meeting: str
    next_reason: str
    helped: str
    if_harder: str
    calls: tuple[Call, ...]
    made_on: str
    versions: str


def present_child(composed: ComposedReport, config: Config, *, names_hidden: bool = False) -> ChildPage:
    """Before a meeting: what the last one agreed. For a meeting held: what it decided itself."""
    source = composed.meeting if composed.report.decided else composed.last

    def written(field: Minute, room: int = REASON_ROOM) -> str:
        return cut(composed.book.minute(source.id, field).text, room) if source else ""

    decision = written(Minute.DECISION)
    is_last = decision in {Decision.END, Decision.NEW_MEASURE} and composed.facts.next_meeting is None
    agreed = [one for one in composed.book.agreements if one.is_open]
    agreed.sort(key=lambda one: source is None or one.meeting_id != source.id)
    shown = agreed[:MOST_AGREEMENTS]
    series = _own_series(composed)
    said = [_agreement(one.who, one.what) for one in shown]
    reason = "" if is_last else written(Minute.NEXT_REASON)
    helped, if_harder = (written(Minute.HELPED, 170), written(Minute.IF_HARDER, 170)) if is_last else ("", "")
    lines = sum(ceil(len(text) / LINE_CHARACTERS) for text in (*said, reason, helped, if_harder))
    return ChildPage(
        name="" if names_hidden else composed.report.display_name,
        told=tuple(_told(series)),
        drawing=_drawing(series, lines),
        dots=tuple(Dot(one.day, round(one.height * 100)) for one in _dots(series)),
        decision=str(DECISIONS[Decision(decision)]) if decision else "",
        agreed=tuple(said),
        more=_("+%(num)s more", num=len(agreed) - len(shown)) if len(agreed) > len(shown) else "",
        next_meeting=""
        if is_last or composed.facts.next_meeting is None
        else day(composed.facts.next_meeting.planned_on, "EEEE d. MMMM yyyy"),
        next_reason=reason,
        helped=helped,
        if_harder=if_harder,
        calls=tuple(_calls(config)),
        made_on=day(composed.report.made_on, "d. MMMM yyyy"),
        versions=f"fitsvc {__version__}",
    )


def child_voices(composed: ComposedReport) -> frozenset[UUID]:
    """Whose answers are on the page."""
    return frozenset(one.respondent_id for one in _own_series(composed))


def _own_series(composed: ComposedReport) -> list[SeriesFacts]:
    """The child's own answers on every form, in the order they began."""
    return [
        one for one in composed.facts.totals if one.rater_role is RaterRole.CHILD and one.trajectory.points
    ]


def _dots(series: list[SeriesFacts]) -> list[ChildDot]:
    found: list[ChildDot] = []
    for one in series:
        measure = one.trajectory.measure
        breaks = {gap.end for gap in one.trajectory.gaps}
        for place, point in enumerate(one.trajectory.points):
            share = (point.score - measure.minimum) / (measure.maximum - measure.minimum)
            found.append(
                ChildDot(
                    day(point.on, "d. MMM"),
                    share if measure.sign > 0 else 1 - share,
                    starts_anew=place == 0 or point.on in breaks,
                )
            )
    return found[-MOST_DOTS:]


def _drawing(series: list[SeriesFacts], lines: int) -> Markup | None:
    dots = _dots(series)
    if not dots:
        return None
    height = min(SMALLEST_CURVE + LINE_PIXELS * max(MOST_LINES - lines, 0), LARGEST_CURVE)
    drawn = draw_child_curve(dots, height=height, title=_("Your curve"), description=" ".join(_told(series)))
    return Markup(drawn)  # noqa: S704 (draw_child_curve escapes all words)


def _told(series: list[SeriesFacts]) -> list[str]:
    """What the curve says, without a verdict."""
    answers: list[RatedPoint] = [point for one in series for point in one.points if point.score is not None]
    if not answers:
        return [_("You have not answered yet."), _("When you answer, your curve comes here.")]
    said = [
        ngettext("You have answered %(num)d time.", "You have answered %(num)d times.", len(answers)),
        _("The last dot is your newest answer."),
    ]
    trajectory = series[-1].trajectory
    if trajectory.change is None:
        return said
    if trajectory.change_class in {ChangeClass.IMPROVED, ChangeClass.RECOVERED}:
        return [*said, _("Your curve is higher now than at the start.")]
    if trajectory.change_class is ChangeClass.DETERIORATED:
        return [*said, _("Your curve is lower now than at the start."), _("It is good that you told us.")]
    return [
        *said,
        _("Your curve is about where it was at the start."),
        _("It is fine that it goes up and down."),
    ]


def _agreement(who: str, what: str) -> str:
    """ "Mor: we go swimming every Saturday"."""
    said = f"{who}: {what}" if who else what
    return cut(said, AGREEMENT_ROOM)


def _calls(config: Config) -> list[Call]:
    found = [
        Call(CHILD_HELPLINE, _("The children's helpline. You can call about anything.")),
        Call(EMERGENCY, _("If you are in danger.")),
    ]
    if config.kommune_phone:
        found.insert(1, Call(config.kommune_phone, _("The kommune. Call in the daytime.")))
    return found
