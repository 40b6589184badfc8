import re
from pathlib import Path

import pytest

from fitsvc.charts.palette import BAND_68, BAND_80, MEETING, style_of
from fitsvc.charts.small_curve import small_curve
from fitsvc.domain.rater import RaterRole
from tests.charts.models import MEASURE, trajectory

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"


def colours() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", TOKENS.read_text()))


@pytest.mark.parametrize("role", RaterRole)
def test_a_rater_has_the_same_colour_in_the_charts_as_on_the_page(role: RaterRole) -> None:
    assert style_of(role).colour == colours()[f"rater-{role.value}"]


def test_bands_and_meetings_have_the_pages_colours() -> None:
    found = colours()
    assert (found["band-80"], found["band-68"], found["meeting"]) == (BAND_80, BAND_68, MEETING)


def test_without_colour_dash_and_marker_still_tell_the_roles_apart() -> None:
    looks = {(style_of(role).dash, style_of(role).marker) for role in RaterRole}
    assert len(looks) == len(RaterRole)
    assert len({style_of(role).marker for role in RaterRole}) == len(RaterRole)


def test_a_second_rater_in_the_same_role_has_hollow_markers() -> None:
    first, second = style_of(RaterRole.PARENT, 0), style_of(RaterRole.PARENT, 1)
    assert (first.colour, first.marker) == (second.colour, second.marker)
    assert not first.is_hollow
    assert second.is_hollow


@pytest.mark.parametrize(("scores", "lines"), [({}, 0), ({5: 4.0}, 0), ({20: 4.0, 5: 9.0}, 1)])
def test_a_small_curve_takes_none_one_or_many_scores(scores: dict[int, float], lines: int) -> None:
    drawn = small_curve(trajectory(scores).points, MEASURE, RaterRole.CHILD, 'Child "A": 4')
    assert drawn.count("<polyline") == lines
    assert "aria-label='Child \"A\": 4'" in drawn


def test_a_small_curve_without_words_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in small_curve((), MEASURE, RaterRole.CHILD, "")
