"""Chart models for tests: everything a graph can show, in one model."""

from dataclasses import replace
from datetime import date, timedelta

from fitsvc.charts.model import (
    AgreedLine,
    Axis,
    ChartLine,
    ChartMark,
    ChartModel,
    ChartPoint,
    DateTick,
    MarkKind,
    date_span,
    expected_course,
    month_starts,
    segments,
)
from fitsvc.charts.palette import style_of
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.measure import Measure
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.signal import ScoredPoint
from fitsvc.domain.trajectory import follow

TODAY = date(2026, 3, 16)
ASSUMED = Assumptions(mean=5, sd=2, target=7, reliability=0.8, growth=0.7, rate=0.125, spread=0.5)
MEASURE = Measure(0, 10, sd=2, reliability=0.8, assumptions=ASSUMED)
AXIS = Axis(0, 10, (0, 2, 4, 6, 8, 10), "0–10")


def day(before_today: int) -> date:
    return TODAY - timedelta(days=before_today)


def trajectory(scores: dict[int, float], missed: tuple[int, ...] = ()):  # type: ignore[no-untyped-def]
    """Scores by days before today."""
    points = [ScoredPoint(day(before), value) for before, value in scores.items()]
    return follow(points, MEASURE, missed=[day(before) for before in missed])


def line(
    role: RaterRole, scores: dict[int, float], missed: tuple[int, ...] = (), **more: object
) -> ChartLine:
    followed = trajectory(scores, missed)
    points = [ChartPoint(one.on, one.score, f"{role.value} {one.on} {one.score}") for one in followed.points]
    values: dict[str, object] = {
        "key": role.value,
        "label": role.value,
        "short_label": role.value[:5],
        "latest": f"{points[-1].value:g}" if points else "",
        "style": style_of(role),
        "segments": segments(followed, points),
        "missed": tuple(ChartPoint(day(before), AXIS.minimum, f"missed {before}") for before in missed),
    }
    return ChartLine(**(values | more))  # type: ignore[arg-type]


def full_model(**more: object) -> ChartModel:
    """Child with gap and miss, parent, a teacher who is hidden, an ended form, bands, expectation, all marks."""
    child = {84: 3.0, 70: 3.5, 28: 4.0, 14: 5.5, 1: 6.0}
    lines = (
        line(RaterRole.CHILD, child, missed=(50,)),
        line(RaterRole.PARENT, {80: 5.0, 40: 5.2, 2: 5.9}),
        line(RaterRole.TEACHER, {60: 2.0, 5: 8.0}, is_shown=False),
        replace(line(RaterRole.PEDAGOGUE, {120: 4.0, 90: 4.4}), is_current=False),
    )
    start, end = date_span([day(120), day(-40)], TODAY)
    marks = (
        ChartMark(day(84), MarkKind.EPISODE_START, "Start", "The episode starts"),
        ChartMark(day(42), MarkKind.MEETING_HELD, "Meeting", "Meeting held"),
        ChartMark(day(-14), MarkKind.MEETING_PLANNED, "Next meeting", "Meeting planned"),
        ChartMark(day(30), MarkKind.EVENT, "New school", "New school & class"),
        ChartMark(day(88), MarkKind.NEW_FORM, "New form", "New form at 13"),
    )
    agreed = AgreedLine(
        "child",
        "agreed 7",
        style_of(RaterRole.CHILD),
        ChartPoint(day(14), 5.5, "from"),
        ChartPoint(day(-30), 7.0, "to"),
    )
    courses = tuple(
        course
        for key, scores in (("child", child), ("parent", {80: 5.0, 40: 5.2, 2: 5.9}))
        if (course := expected_course(trajectory(scores), key=key, label="assumed", until=end, axis=AXIS))
    )
    values: dict[str, object] = {
        "key": "curve",
        "title": "Wellbeing <0–10>",
        "description": "Four series & more",
        "start": start,
        "end": end,
        "axis": AXIS,
        "date_ticks": tuple(
            DateTick(one, one.strftime("%b"), one.strftime("%b %Y")) for one in month_starts(start, end)
        ),
        "lines": lines,
        "courses": courses,
        "selected": "child",
        "agreed": (agreed,),
        "marks": marks,
    }
    return ChartModel(**(values | more))  # type: ignore[arg-type]
