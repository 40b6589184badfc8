"""The SVG and the Plotly figure show the same: read back from the pixels and from the traces."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest

from fitsvc.charts.layout import Frame, fitting_ticks
from fitsvc.charts.model import ChartModel, DateTick, month_starts
from fitsvc.charts.plotly_figure import WIDE, plotly_figure
from fitsvc.charts.svg import PHONE, SCREEN, SvgStyle, draw_svg, frame_of
from tests.charts.models import full_model

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def model() -> ChartModel:
    return full_model()


@pytest.fixture(scope="module")
def svg(model: ChartModel) -> ElementTree.Element:
    return ElementTree.fromstring(draw_svg(model, *WIDE))


@pytest.fixture(scope="module")
def frame(model: ChartModel) -> Frame:
    return frame_of(model, *WIDE, SCREEN)


@pytest.fixture(scope="module")
def figure(model: ChartModel) -> dict:  # type: ignore[type-arg]
    return plotly_figure(model)


def read_back(points: str, frame: Frame) -> list[tuple[date, float]]:
    pairs = (pair.split(",") for pair in points.split())
    return [(frame.day(float(x)), round(frame.value(float(y)), 1)) for x, y in pairs]


def traces(figure: dict, part: str, series: str = "") -> list[dict]:  # type: ignore[type-arg]
    return [
        one
        for one in figure["data"]
        if one["meta"]["part"] == part and one["visible"] and series in ("", one["meta"]["series"])
    ]


def drawn_groups(svg: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {
        group.get("data-series", ""): group
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == "chart-line"
    }


def test_the_same_series_are_visible(svg: ElementTree.Element, figure: dict) -> None:  # type: ignore[type-arg]
    assert set(drawn_groups(svg)) == {one["meta"]["series"] for one in traces(figure, "line")}
    assert "teacher" not in drawn_groups(svg)


@pytest.mark.parametrize("series", ["child", "parent", "pedagogue"])
def test_a_series_has_the_same_points_broken_at_the_same_places(
    svg: ElementTree.Element,
    figure: dict,
    frame: Frame,
    series: str,  # type: ignore[type-arg]
) -> None:
    (trace,) = traces(figure, "line", series)
    runs: list[list[tuple[date, float]]] = [[]]
    for on, value in zip(trace["x"], trace["y"], strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((date.fromisoformat(on), value))
    lines = [
        read_back(one.get("points", ""), frame) for one in drawn_groups(svg)[series].iter(f"{SVG}polyline")
    ]
    assert lines == [run for run in runs if len(run) > 1]
    titles = [
        group.findtext(f"{SVG}title")
        for group in drawn_groups(svg)[series].iter(f"{SVG}g")
        if group.get("class") == "point"
    ]
    assert titles == [text for text in trace["text"] if text]
    assert trace["line"]["color"] in ElementTree.tostring(drawn_groups(svg)[series], "unicode")


def test_the_child_line_is_broken_where_an_answer_is_missing(figure: dict) -> None:  # type: ignore[type-arg]
    (trace,) = traces(figure, "line", "child")
    assert trace["y"].count(None) == 1


def test_missed_answers_stand_on_the_axis_in_both(svg: ElementTree.Element, figure: dict) -> None:  # type: ignore[type-arg]
    (trace,) = traces(figure, "missed")
    drawn = [one.findtext(f"{SVG}title") for one in svg.iter(f"{SVG}g") if one.get("class") == "missed"]
    assert drawn == trace["text"] == ["missed 50"]
    assert trace["y"] == [0]


@pytest.mark.parametrize("level", ["80", "68"])
def test_the_bands_of_the_selected_series_agree(
    svg: ElementTree.Element,
    figure: dict,
    frame: Frame,
    level: str,  # type: ignore[type-arg]
) -> None:
    (band,) = [one for one in svg.iter(f"{SVG}polygon") if one.get("class") == f"band-{level}"]
    drawn = read_back(band.get("points", ""), frame)
    edges = {one["meta"]["edge"]: one for one in traces(figure, "course")}
    upper, lower = edges[f"upper_{level}"], edges[f"lower_{level}"]
    expected = list(zip(upper["x"], upper["y"], strict=True))
    expected += list(zip(lower["x"], lower["y"], strict=True))[::-1]
    for (on, value), (day, number) in zip(drawn, expected, strict=True):
        assert on == date.fromisoformat(day)
        assert value == pytest.approx(number, abs=0.06)


def test_the_expected_line_agrees_and_only_one_is_visible(
    svg: ElementTree.Element,
    figure: dict,
    frame: Frame,  # type: ignore[type-arg]
) -> None:
    (line,) = [one for one in svg.iter(f"{SVG}polyline") if one.get("class") == "expected"]
    (trace,) = [one for one in traces(figure, "course") if one["meta"]["edge"] == "expected"]
    drawn = read_back(line.get("points", ""), frame)
    for (on, value), day, number in zip(drawn, trace["x"], trace["y"], strict=True):
        assert on == date.fromisoformat(day)
        assert value == pytest.approx(number, abs=0.06)
    assert trace["meta"]["series"] == "child"
    assert {one["meta"]["series"] for one in figure["data"] if one["meta"]["part"] == "course"} == {
        "child",
        "parent",
    }


def test_agreed_expectations_agree(svg: ElementTree.Element, figure: dict, frame: Frame) -> None:  # type: ignore[type-arg]
    (group,) = [one for one in svg.iter(f"{SVG}g") if one.get("class") == "chart-agreed"]
    rule = group.find(f"{SVG}line")
    assert rule is not None
    ends = f"{rule.get('x1')},{rule.get('y1')} {rule.get('x2')},{rule.get('y2')}"
    (trace,) = traces(figure, "agreed")
    drawn = [(on.isoformat(), value) for on, value in read_back(ends, frame)]
    assert drawn == list(zip(trace["x"], trace["y"], strict=True))


def test_every_mark_stands_on_its_day_in_both(
    svg: ElementTree.Element,
    figure: dict,
    frame: Frame,  # type: ignore[type-arg]
) -> None:
    drawn = {}
    for group in svg.iter(f"{SVG}g"):
        if group.get("class", "").startswith("mark-"):
            rule = group.find(f"{SVG}line")
            assert rule is not None
            drawn[group.get("class")] = frame.day(float(rule.get("x1", "0"))).isoformat()
    assert drawn == {
        one["name"]: one["x0"] for one in figure["layout"]["shapes"] if one["name"].startswith("mark-")
    }
    assert len(drawn) == 5


def test_both_carry_the_same_words(model: ChartModel, svg: ElementTree.Element, figure: dict) -> None:  # type: ignore[type-arg]
    written = {"".join(one.itertext()) for one in svg.iter(f"{SVG}text")}
    annotations = [
        unescape(one["text"]) for one in figure["layout"]["annotations"] if one.get("visible", True)
    ]
    assert annotations
    assert set(annotations) <= written
    assert {f"{line.label} {line.latest}" for line in model.shown_lines if line.is_current} <= written
    (heads,) = traces(figure, "marks")
    assert heads["text"] == [mark.words for mark in model.marks]


def test_plotly_knows_every_property(figure: dict) -> None:  # type: ignore[type-arg]
    go.Figure(data=figure["data"], layout=figure["layout"])
    go.Figure(layout=figure["narrow"])


def test_the_svg_is_safe_and_named() -> None:
    drawn = draw_svg(full_model(title="<script>", description='"a" & b'), 640, 360)
    assert "<script>" not in drawn
    assert " style=" not in drawn
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert set(root.get("aria-labelledby", "").split()) == ids


def test_end_labels_never_cover_one_another() -> None:
    model = full_model()
    crowd = tuple(
        type(model.lines[0])(
            key=f"s{place}",
            label=f"Rater {place}",
            short_label=f"R{place}",
            latest="5",
            style=model.lines[0].style,
            segments=model.lines[1].segments,
        )
        for place in range(9)
    )
    drawn = draw_svg(full_model(lines=crowd, agreed=(), courses=()), 360, 320)
    heights = sorted(float(y) for y in re.findall(r'y="([\d.]+)"[^>]*font-weight="600"', drawn))
    assert len(heights) == 9
    assert all(later - earlier >= SCREEN.font * 1.2 for earlier, later in pairwise(heights))


def test_labels_of_expectations_that_end_together_stand_apart() -> None:
    model = full_model()
    (one,) = model.agreed
    near = replace(one, key="parent", label="own 7.1", end=replace(one.end, value=7.1))
    drawn = draw_svg(full_model(agreed=(one, near)), *WIDE)
    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>(?:agreed 7|own 7.1)<', drawn)]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= SCREEN.font


@pytest.mark.parametrize("style", [SCREEN, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("days", [60, 400, 900])
def test_a_time_axis_tells_every_year_once(style: SvgStyle, days: int) -> None:
    start, end = date(2025, 5, 14), date(2025, 5, 14) + timedelta(days=days)
    months = tuple(DateTick(one, f"{one:%b}.", f"{one:%b}. {one.year}") for one in month_starts(start, end))
    model = full_model(start=start, end=end, date_ticks=months)
    width = 340 if style is PHONE else 1000
    named = fitting_ticks(model, frame_of(model, width, 300, style), size=style.font)
    with_year = [label[-4:] for _day, label in named if label[-1].isdigit()]
    assert with_year == sorted({str(day.year) for day, _label in named})
    assert with_year[0] == "2025"
