import re
from datetime import timedelta

import pytest

from fitsvc.services.series import series_key
from fitsvc.storage.ratings import Comment
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


@pytest.fixture
def signal_path(cast: Cast, build: Builder) -> str:
    """The page of a confirmed signal on the child's curve."""
    ratings = [
        build.rating(cast.child, score, build.today - timedelta(days=days))
        for days, score in ((60, 6), (30, 2), (10, 2))
    ]
    build.session.commit()
    key = series_key(cast.child.id, ratings[0].instrument_id, ratings[0].instrument_version)
    return f"/cases/{cast.case.id}/signals/{key}"


def test_a_confirmed_signal_says_why_and_closes_with_a_next_step(
    client: StaffClient, signal_path: str, cast: Cast
) -> None:
    client.sign_in(cast.practitioner)
    assert "6. mar. 2026" in client.get(signal_path).text  # the day of the score that confirmed it
    thought = {"about_life": "Han er flyttet"}
    assert client.send(signal_path, thought | {"next_step": "  "}).status_code == 422
    alone = client.send(signal_path, {"next_step": "Ny kontaktperson"})
    assert alone.status_code == 422
    assert 'href="#about_goals"' in alone.text
    assert "Ny kontaktperson</textarea>" in alone.text  # nothing typed is lost
    assert client.send(signal_path, thought | {"next_step": "Ny kontaktperson"}).status_code == 303
    assert "<textarea" not in client.get(signal_path).text


def test_an_unknown_series_is_not_found(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.practitioner)
    assert client.get(f"/cases/{cast.case.id}/signals/abc.wellbeing-youth.1.0").status_code == 404


def test_a_number_is_entered_with_a_comma_and_replaced_on_purpose(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.caseworker)
    started = client.send(
        f"/cases/{cast.case.id}/external/add", {"preset": "absence", "purpose": "Skolen er målet"}
    )
    path = started.location
    assert client.send(path, {"measured_on": "1.3.2026", "value": "12,5"}).status_code == 303
    assert "12,5 %" in client.get(path).text
    refused = client.send(path, {"measured_on": "1.3.2026", "value": "20"})
    assert refused.status_code == 422
    assert 'name="replace"' in refused.text
    assert client.send(path, {"measured_on": "1.3.2026", "value": "20", "replace": "y"}).status_code == 303
    page = client.get(path).text
    assert "20 %" in page
    assert "12,5" not in page


def test_an_own_number_says_everything_it_lacks_at_once(client: StaffClient, cast: Cast) -> None:
    answer = client.sign_in(cast.caseworker).send(
        f"/cases/{cast.case.id}/external/add", {"preset": "own", "purpose": "x"}
    )
    assert answer.status_code == 422
    for field in ("name", "minimum", "maximum", "direction-0"):
        assert f'href="#{field}"' in answer.text


def test_goals_are_closed_and_a_fourth_finds_no_form(client: StaffClient, cast: Cast) -> None:
    path = f"/cases/{cast.case.id}/goals"
    client.sign_in(cast.practitioner)
    for number in range(3):
        fields = {"text": f"Mål nummer {number}", "start_value": "2", "target_value": "7"}
        assert client.send(path, fields).status_code == 303
    assert 'name="start_value"' not in client.get(path).text
    close = re.findall(rf"{path}/[\w-]+/close", client.get(path).text)[0]
    assert client.send(close, {"reached": "maybe"}, page=path).status_code == 400
    assert client.send(close, {"reached": "yes"}, page=path).status_code == 303
    assert 'name="start_value"' in client.get(path).text


def test_a_comment_is_marked_read(client: StaffClient, cast: Cast, build: Builder) -> None:
    rating = build.rating(cast.child, 3, build.today)
    comment = Comment(rating_id=rating.id, text="Det er svært", created_at=build.now)
    build.session.add(comment)
    build.session.commit()
    client.sign_in(cast.practitioner)
    path = f"/cases/{cast.case.id}/ratings/{rating.id}/read"
    goals = f"/cases/{cast.case.id}/goals"
    assert client.send(path, page=goals).location == "/today"
    assert client.send(path, {"back": "case"}, page=goals).location == f"/cases/{cast.case.id}"
    build.session.refresh(comment)
    assert comment.read_by_id == cast.practitioner.id
