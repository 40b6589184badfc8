"""The respondent's walk: open, answer, read the receipt, correct, come back."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fitsvc.domain.rating import AnswerKind
from fitsvc.storage.ratings import Comment
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast
from tests.web.respond.conftest import Phone, youth_form

CORRECTION = re.compile(r'name="correction" value="([^"]+)"')


def correction_of(html: str) -> str:
    found = CORRECTION.search(html)
    assert found, "no way to correct"
    return found.group(1)


def test_a_rating_is_stored_and_the_receipt_shows_what_was_answered(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    receipt = phone.send(link, youth_form("7", **{"q-home": "skip", "seconds": "41"}))
    assert receipt.status_code == 200
    assert "modtaget" in receipt.text
    assert receipt.text.count("7 ud af 10") == 4
    assert "Sprunget over" in receipt.text
    [rating] = phone.ratings
    assert (rating.score, rating.seconds_used, rating.language) == (7, 41, "da")


def test_opening_a_link_often_stores_nothing_and_uses_nothing_up(
    phone: Phone, cast: Cast, app: Flask
) -> None:
    link = phone.link(cast.child)
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for _ in range(3):
        assert phone.open(link).status_code == 200
        assert phone.browser.head(link).status_code == 200
    reading = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(reading) == 6
    assert all(one.startswith("SELECT") for one in reading)
    assert phone.send(link, youth_form()).status_code == 200


def test_the_same_form_sent_again_stores_one_rating_and_shows_the_same_receipt(
    phone: Phone, cast: Cast
) -> None:
    link = phone.link(cast.child)
    first = phone.send(link, youth_form(seconds="10"))
    again = phone.send(link, youth_form(seconds="10"))
    assert (again.status_code, again.data) == (200, first.data)
    assert len(phone.ratings) == 1


def test_another_form_on_an_answered_link_is_told_so_and_changes_nothing(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    phone.send(link, youth_form("6"))
    other = phone.send(link, youth_form("2"))
    assert other.status_code == 410
    assert [rating.score for rating in phone.ratings] == [6]


def test_a_later_look_says_only_that_it_was_received(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.mother, "safety")
    phone.send(link, {"q-safety": "3", "comment": "Hemmelig uro"})
    later = phone.open(link)
    assert later.status_code == 410
    assert "Modtaget" in later.text
    assert "Hemmelig uro" not in later.text
    assert "ud af 10" not in later.text


def test_blanks_are_pointed_out_once_and_then_stored_as_blank(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    sent = {"q-body": "3", "q-home": "skip"}
    pointed = phone.send(link, sent)
    assert pointed.status_code == 422
    assert not phone.ratings
    assert "Du mangler at svare på 3 spørgsmål." in pointed.text
    assert re.search(r'name="q-body" value="3" checked', pointed.text)
    assert re.search(r'name="q-home" value="skip" checked', pointed.text)
    assert pointed.text.count("Her er ikke svaret endnu") == 3
    marker = re.search(r'name="(blanks_seen)" value="(\w+)"', pointed.text)
    assert marker
    assert phone.send(link, sent | {marker.group(1): marker.group(2)}).status_code == 200
    [rating] = phone.ratings
    kinds = [answer["kind"] for answer in rating.answers.values()]
    assert kinds == [AnswerKind.VALUE, AnswerKind.SKIPPED, *[AnswerKind.BLANK] * 3]
    assert rating.score is None


def test_an_empty_form_is_pointed_out_and_only_a_second_send_stores_it(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    for _ in range(2):
        assert phone.send(link, {"seconds": "3"}).status_code == 422
    assert not phone.ratings
    assert phone.send(link, {"blanks_seen": "1"}).status_code == 200
    assert [rating.score for rating in phone.ratings] == [None]


def test_answers_can_be_corrected_from_the_receipt(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.mother, "session-adult")
    receipt = phone.send(link, {"q-room": "8", "q-direction": "6", "q-use": "2", "comment": "Godt møde"})
    token = correction_of(receipt.text)
    form = phone.send(link, {"correction": token, "step": "correct"})
    assert form.status_code == 200
    assert re.search(r'name="q-use" value="2" checked', form.text)
    assert "Godt møde" in form.text
    changed = phone.send(
        link,
        {"correction": token, "q-room": "8", "q-direction": "6", "q-use": "9", "comment": "Rigtig godt møde"},
    )
    assert changed.status_code == 200
    assert "9 ud af 10" in changed.text
    old, new = phone.ratings
    assert old.superseded_at is not None
    assert (old.answers["use"]["value"], new.answers["use"]["value"]) == (2, 9)


def test_a_correction_sent_twice_counts_once_and_the_token_is_used_up(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    token = correction_of(phone.send(link, youth_form("6")).text)
    first = phone.send(link, youth_form("3", correction=token))
    again = phone.send(link, youth_form("3", correction=token))
    assert (first.status_code, again.status_code, again.data) == (200, 200, first.data)
    assert phone.send(link, youth_form("9", correction=token)).status_code == 410
    assert phone.send(link, {"correction": token, "step": "correct"}).status_code == 410
    assert len(phone.ratings) == 2


def test_a_repeated_first_send_still_offers_a_working_correction(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    phone.send(link, youth_form("6"))
    token = correction_of(phone.send(link, youth_form("6")).text)
    assert phone.send(link, youth_form("3", correction=token)).status_code == 200


def test_after_half_an_hour_nothing_can_be_corrected(
    phone: Phone, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = phone.link(cast.child)
    token = correction_of(phone.send(link, youth_form("6")).text)
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: now + timedelta(minutes=31))
    for form in ({"correction": token, "step": "correct"}, youth_form("3", correction=token)):
        late = phone.send(link, form)
        assert late.status_code == 410
        assert "6 ud af 10" not in late.text
    assert [rating.score for rating in phone.ratings] == [6]
    assert 'name="correction"' not in phone.send(link, youth_form("6")).text


@pytest.mark.parametrize("token", ["", "0" * 64, "æ", "x" * 5000])
def test_an_invented_correction_token_shows_nothing(phone: Phone, cast: Cast, token: str) -> None:
    link = phone.link(cast.child)
    phone.send(link, youth_form("6"))
    answer = phone.send(link, {"correction": token, "step": "correct"})
    assert answer.status_code == 410
    assert "6 ud af 10" not in answer.text
    assert '" checked' not in answer.text


def test_a_correction_with_blanks_is_pointed_out_once_too(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    token = correction_of(phone.send(link, youth_form("6")).text)
    blank = youth_form("3", correction=token) | {"q-home": ""}
    pointed = phone.send(link, blank)
    assert pointed.status_code == 422
    assert correction_of(pointed.text) == token
    assert phone.send(link, blank | {"blanks_seen": "1"}).status_code == 200


def test_a_comment_reaches_the_staff(phone: Phone, cast: Cast, session: Session) -> None:
    phone.send(phone.link(cast.mother, "safety"), {"q-safety": "2", "comment": "Vi er bange\r\nom natten"})
    assert session.scalars(select(Comment.text)).all() == ["Vi er bange\nom natten"]
    assert phone.ratings[0].notice


def test_the_goal_form_asks_in_the_familys_words(phone: Phone, cast: Cast, build: Builder) -> None:
    build.goal(cast.case, cast.episode, number=1, text="Vi spiser <sammen> & uden skænderi")
    link = phone.link(cast.mother, "goal", label="Den yngste")
    assert "Vi spiser &lt;sammen&gt; &amp; uden skænderi" in phone.open(link).text
    assert phone.send(link, {"q-goal-1": "4"}).status_code == 200
    assert phone.ratings[0].answers == {"goal-1": {"kind": "value", "value": 4.0}}
