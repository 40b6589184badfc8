"""A respondent's own curve as the template places it: the drawing, and beneath it one small form for each dot."""

from dataclasses import dataclass
from datetime import date

from babel.dates import get_month_names as month_names
from flask_babel import format_date, format_decimal, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc.charts.own_curve import OwnDot, ScaleEnd, draw_own_curve
from fitsvc.domain.instrument import Direction
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.picture_words import PictureWord
from fitsvc.domain.rater import RaterRole
from fitsvc.services.administrations import OpenedForm
from fitsvc.services.own_curve import OwnCurve, OwnPoint
from fitsvc.web.picture_words import PICTURE_WORDS
from fitsvc.web.rating_form.page import FACE_COUNT, Audience


@dataclass(frozen=True, slots=True)
class TypedNote:
    """What was sent for one dot, to be shown again with what is to be looked at."""

    rating_id: str
    picture: str
    text: str
    visibility: Visibility
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DotView:
    """`pictures` and `readers` are code, words and whether chosen."""

    anchor: str
    rating_id: str
    day: str
    value: str
    pictures: tuple[tuple[str, str, bool], ...]
    text: str
    problem: str
    readers: tuple[tuple[str, str, bool], ...]
    has_note: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class AskView:
    """The question for the second thing to know, with what was wrong with the last answer."""

    heading: str
    words: str
    months: tuple[tuple[int, str], ...]
    problem: str


@dataclass(frozen=True, slots=True)
class CurveView:
    heading: str
    words: str
    drawing: Markup
    dots: tuple[DotView, ...]
    proof: str


def build_curve(
    curve: OwnCurve,
    audience: Audience,
    *,
    language: str,
    today: date,
    proof: str,
    typed: TypedNote | None = None,
) -> CurveView:
    """Call it under `force_locale`."""
    dots = tuple(
        _dot(point, place, audience, language, typed) for place, point in enumerate(curve.points, start=1)
    )
    faces = audience is Audience.CHILD
    drawn = [
        OwnDot(
            target=view.anchor,
            day=f"{point.on.day}/{point.on.month}",
            words=f"{view.day}: {view.value}",
            height=_height(point),
            picture=f"w-{point.note.picture}" if point.note and point.note.picture else "",
            starts_anew=point.starts_anew,
        )
        for point, view in zip(curve.points, dots, strict=True)
    ]
    first = curve.points[0].instrument.scoring
    drawing = draw_own_curve(
        drawn,
        title=_("Your curve"),
        high=ScaleEnd(symbol=f"face-{FACE_COUNT - 1}") if faces else ScaleEnd(text=f"{first.maximum:g}"),
        low=ScaleEnd(symbol="face-0") if faces else ScaleEnd(text=f"{first.minimum:g}"),
    )
    return CurveView(
        heading=_("Your curve"),
        words=_words(curve, today),
        drawing=Markup(drawing),  # noqa: S704  drawn here, its words escaped
        dots=dots,
        proof=proof,
    )


def offers_curve(opened: OpenedForm) -> bool:
    """Whether the link, answered as it is, still leads to the own curve for who knows the second thing."""
    return opened.shows_own_curve and opened.open_link_id is not None


def ask_view(opened: OpenedForm, problem: str = "") -> AskView:
    """Call it under `force_locale`."""
    is_child = opened.rater_role is RaterRole.CHILD
    return AskView(
        heading=_("Do you want to see your curve?"),
        words=_("Which month and year were you born? Then only you can open it.")
        if is_child
        else _("Which month and year was the child born? Then nobody else opens it by chance."),
        months=tuple(
            (number, name) for number, name in month_names("wide", "stand-alone", get_locale()).items()
        ),
        problem=problem,
    )


def _words(curve: OwnCurve, today: date) -> str:
    last = curve.points[-1].on
    told = [_("Here are your answers.") if not curve.earlier else _("Here are your latest answers.")]
    if last == today:
        told.append(_("The dot on the right is today."))
    else:
        told.append(_("The dot on the right is from %(day)s.", day=_day(last)))
    told.append(_("The higher up, the better you said it was."))
    return " ".join(told)


def _day(on: date) -> str:
    return format_date(on, "d. MMMM")


def _height(point: OwnPoint) -> float:
    scoring = point.instrument.scoring
    share = (point.score - scoring.minimum) / (scoring.maximum - scoring.minimum)
    return share if point.instrument.direction is Direction.HIGHER_IS_BETTER else 1 - share


def _value(point: OwnPoint, language: str) -> str:
    """The nearest face in words, or the number."""
    steps = point.instrument.text(point.instrument.language_for(language)).steps
    if steps:
        return steps[round(_height(point) * (len(steps) - 1))]
    most = point.instrument.scoring.maximum
    return _("%(value)s of %(most)s", value=format_decimal(point.score, "0.#"), most=f"{most:g}")


def _dot(point: OwnPoint, place: int, audience: Audience, language: str, typed: TypedNote | None) -> DotView:
    again = typed if typed is not None and typed.rating_id == point.rating_id.hex else None
    note = point.note
    picture = again.picture if again else (note.picture if note else None)
    chosen = again.visibility if again else (note.visibility if note else Visibility.ONLY_ME)
    words = {Visibility.ONLY_ME: _("Only me"), Visibility.PRACTITIONER: _helper(audience)}
    if (
        not point.withheld
    ):  # what is kept from the meeting is not shown there, and so is what is said about it
        words[Visibility.MEETING] = _("Everybody at the meeting")
    return DotView(
        anchor=f"p{place}",
        rating_id=point.rating_id.hex,
        day=_day(point.on),
        value=_value(point, language),
        pictures=tuple((one.value, str(PICTURE_WORDS[one]), one.value == picture) for one in PictureWord),
        text=again.text if again else (note.text if note else ""),
        problem=again.problem if again else "",
        readers=tuple((one.value, said, one is chosen) for one, said in words.items()),
        has_note=note is not None,
        is_open=again is not None,
    )


def _helper(audience: Audience) -> str:
    if audience is Audience.ADULT:
        return _("The practitioner who helps the family")
    return _("The one who helps me")
