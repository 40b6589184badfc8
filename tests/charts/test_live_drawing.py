"""The live drawing: everything is in it, what is not shown is hidden, and every point leads to what stands about it."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from fitsvc.charts.model import ChartLine, ChartModel
from fitsvc.charts.svg import draw_svg
from tests.charts.models import full_model

SVG = "{http://www.w3.org/2000/svg}"
SIZE = (1500.0, 560.0)


def with_keys(line: ChartLine) -> ChartLine:
    return replace(
        line,
        segments=tuple(
            tuple(replace(point, key=f"{line.key}-{point.on}") for point in part) for part in line.segments
        ),
    )


@pytest.fixture(scope="module")
def model() -> ChartModel:
    model = full_model()
    return replace(model, lines=tuple(with_keys(line) for line in model.lines))


@pytest.fixture(scope="module")
def live(model: ChartModel) -> ElementTree.Element:
    return ElementTree.fromstring(draw_svg(model, *SIZE, live=True))


def parts(svg: ElementTree.Element, kind: str) -> dict[str, bool]:
    """Series by whether their part of this kind is visible."""
    return {
        group.get("data-series", ""): group.get("display") != "none"
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == kind
    }


def test_hidden_lines_are_in_the_drawing_and_hidden(live: ElementTree.Element) -> None:
    assert parts(live, "chart-line") == {"child": True, "parent": True, "teacher": False, "pedagogue": True}


def test_every_assumed_course_is_there_and_only_the_selected_is_visible(live: ElementTree.Element) -> None:
    assert parts(live, "chart-course") == {"child": True, "parent": False}


def test_an_expectation_and_a_name_are_hidden_with_their_line(model: ChartModel) -> None:
    lines = tuple(replace(line, is_shown=line.key == "parent") for line in model.lines)
    svg = ElementTree.fromstring(draw_svg(replace(model, lines=lines), *SIZE, live=True))
    assert parts(svg, "chart-agreed") == {"child": False}
    assert parts(svg, "end-label") == {"child": False, "parent": True, "teacher": False}


def test_every_point_is_a_link_with_words_and_room_for_a_finger(
    model: ChartModel, live: ElementTree.Element
) -> None:
    links = {one.get("href"): one for one in live.iter(f"{SVG}a")}
    wanted = {f"#point-{point.key}": point.words for line in model.lines for point in line.points}
    assert {href: link.get("aria-label") for href, link in links.items()} == wanted
    for link in links.values():
        room = link.find(f"{SVG}rect")
        assert room is not None
        assert float(room.get("width", 0)) >= 44
        assert float(room.get("height", 0)) >= 44


def test_what_holds_links_is_no_picture_to_a_screen_reader(live: ElementTree.Element) -> None:
    assert live.get("role") == "group"


def test_a_drawing_that_is_not_live_has_none_of_it(model: ChartModel) -> None:
    drawn = draw_svg(model, *SIZE)
    assert ElementTree.fromstring(drawn).get("role") == "img"
    for word in ("<a ", "display=", "data-anchor", "teacher"):
        assert word not in drawn
