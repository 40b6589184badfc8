from datetime import timedelta

import pytest

from fitsvc.services.series import series_key
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


@pytest.fixture
def series(cast: Cast, build: Builder) -> str:
    """The child's curve, with its latest score 4,0 a week ago."""
    rating = build.rating(cast.child, 4, build.today - timedelta(days=7))
    build.plan(cast.teacher, "wellbeing-professional")
    build.session.commit()
    return series_key(cast.child.id, rating.instrument_id, rating.instrument_version)


def test_a_shared_expectation_is_agreed(client: StaffClient, cast: Cast, series: str) -> None:
    path = f"/cases/{cast.case.id}/expectations/agree?series={series}"
    client.sign_in(cast.caseworker)
    assert f'selected value="{series}"' in client.get(path).text
    fields = {"kind": "shared", "series": series, "score": "6,5", "due_on": "27.04.2026"}
    assert client.send(path, fields).location == f"/cases/{cast.case.id}"


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"score": "11"}, "score"),
        ({"score": "NaN"}, "score"),
        ({"due_on": "16.03.2026"}, "due_on"),
        ({"due_on": "31.12.9999"}, "due_on"),
        ({"series": "abc"}, "series"),
        ({"kind": "both"}, "kind-0"),
    ],
)
def test_a_mistake_stands_at_its_field(
    client: StaffClient, cast: Cast, series: str, changes: dict[str, str], anchor: str
) -> None:
    fields = {"kind": "own", "series": series, "score": "6,5", "due_on": "27.04.2026"} | changes
    answer = client.sign_in(cast.caseworker).send(f"/cases/{cast.case.id}/expectations/agree", fields)
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in answer.text


def test_a_curve_without_a_score_is_refused_in_words(client: StaffClient, cast: Cast, series: str) -> None:
    teacher = series.replace(cast.child.id.hex[:12], cast.teacher.id.hex[:12]).replace(
        "youth", "professional"
    )
    fields = {"kind": "shared", "series": teacher, "score": "6", "due_on": "27.04.2026"}
    answer = client.sign_in(cast.caseworker).send(f"/cases/{cast.case.id}/expectations/agree", fields)
    assert answer.status_code == 422
    assert "ingen score" in answer.text
