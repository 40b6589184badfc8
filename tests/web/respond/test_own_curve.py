"""The respondent's own curve: after an answer, later behind the month of birth, with notes on its dots."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import Visibility
from fitsvc.storage.administrations import Link
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.point_notes import PointNote
from tests.builders import Builder
from tests.cast import Cast
from tests.web.respond.conftest import Phone, youth_form

BORN = {"step": "open_curve", "month": "5", "year": "2012"}
WRONG = BORN | {"month": "6"}


@pytest.fixture
def curve(phone: Phone, session: Session, build: Builder, cast: Cast) -> Phone:
    """The child has rated twice before, and may see the own curve."""
    cast.child.shows_own_curve = True
    for value, days in ((3, 28), (5, 14)):
        build.rating(cast.child, value, build.today - timedelta(days=days))
    build.rating(cast.mother, 9, build.today - timedelta(days=7), "wellbeing-adult")
    session.commit()
    return phone


def proof(html: str) -> str:
    found = re.search(r'name="proof" value="([^"]+)"', html)
    assert found
    return found.group(1)


def dots(html: str) -> list[str]:
    return re.findall(r'<a href="#p\d" aria-label="([^"]+)"', html)


def points(html: str) -> list[str]:
    return re.findall(r'name="point" value="([0-9a-f]+)"', html)


def notes(session: Session) -> list[PointNote]:
    found = list(session.scalars(select(PointNote)))
    session.expunge_all()
    session.rollback()
    return found


def note(html: str, place: int, **fields: str) -> dict[str, str]:
    return {"step": "note", "proof": proof(html), "point": points(html)[place], **fields}


def test_the_receipt_shows_the_own_answers_and_nobody_elses(curve: Phone, cast: Cast) -> None:
    html = curve.send(curve.link(cast.child), youth_form("7")).text
    assert dots(html) == ["16. februar: 3 ud af 10", "2. marts: 5 ud af 10", "16. marts: 7 ud af 10"]
    assert "Prikken til højre er i dag" in html
    assert html.count("<polyline") == 1
    for said in ("forventet", "opmærksomhed", "Person ", cast.case.display_name):
        assert said not in html


def test_without_the_practitioners_leave_there_is_no_curve(phone: Phone, cast: Cast, build: Builder) -> None:
    link = phone.link(cast.child)
    assert "own-curve" not in re.sub("<style.*?</style>", "", phone.send(link, youth_form()).text, flags=re.S)
    assert "Vil du se din kurve" not in phone.open(link).text
    answer = phone.send(link, BORN)
    assert answer.status_code == 410
    assert not dots(answer.text)


def test_a_link_that_is_not_answered_opens_no_curve(curve: Phone, cast: Cast) -> None:
    answer = curve.send(curve.link(cast.child), BORN)
    assert not dots(answer.text)
    assert "Send mine svar" in answer.text


def test_later_the_month_of_birth_opens_it(curve: Phone, cast: Cast, session: Session) -> None:
    link = curve.link(cast.child)
    curve.send(link, youth_form("7"))
    page = curve.open(link)
    assert "Vil du se din kurve?" in page.text
    assert not dots(page.text)
    assert len(dots(curve.send(link, BORN).text)) == 3
    acts = [one.act for one in session.scalars(select(AuditLog))]
    assert acts.count(Act.OWN_CURVE_OPENED) == 1


def test_five_wrong_guesses_close_it_for_this_link_for_good_and_for_others_until_it_expires(
    curve: Phone, cast: Cast, session: Session
) -> None:
    link, other = curve.link(cast.child, days=3), curve.link(cast.child)
    for one in (link, other):
        curve.send(one, youth_form("7"))
    for _guess in range(4):
        answer = curve.send(link, WRONG)
        assert answer.status_code == 422
        assert "Prøv igen" in answer.text
        assert not dots(answer.text)
    assert "Kurven er lukket her" in curve.send(link, WRONG).text
    assert not dots(curve.send(link, BORN).text)
    assert "Vil du se din kurve?" not in curve.open(link).text
    assert "Kurven er lukket her" in curve.send(other, BORN).text
    assert sorted(session.scalars(select(Link.failed_guesses))) == [0, 5]
    for row in session.scalars(select(Link).where(Link.failed_guesses == 5)):
        row.created_at, row.expires_at = row.created_at - timedelta(days=9), curve.now - timedelta(minutes=1)
    session.commit()
    assert dots(curve.send(other, BORN).text)


@pytest.mark.parametrize(
    "guess",
    [
        {"month": "", "year": ""},
        {"month": "5"},
        {"month": "٥", "year": "2012"},
        {"month": "5", "year": "9" * 90},
    ],
)
def test_an_odd_guess_is_a_wrong_one(curve: Phone, cast: Cast, guess: dict[str, str]) -> None:
    link = curve.link(cast.child)
    curve.send(link, youth_form("7"))
    answer = curve.send(link, {"step": "open_curve"} | guess)
    assert (answer.status_code, dots(answer.text)) == (422, [])


@pytest.mark.parametrize("how", ["expired", "cancelled", "withdrawn", "closed", "ended_switch"])
def test_a_link_that_no_longer_works_shows_nothing(
    curve: Phone, cast: Cast, session: Session, now: datetime, how: str
) -> None:
    path = curve.link(cast.child)
    html = curve.send(path, youth_form("7")).text
    link = session.scalars(select(Link)).one()
    if how == "expired":
        link.created_at, link.expires_at = now - timedelta(days=30), now - timedelta(minutes=1)
    elif how == "cancelled":
        link.cancelled_at = now
    elif how == "withdrawn":
        cast.child.withdrawn_at = now
    elif how == "closed":
        cast.case.closed_on = curve.build.today
    else:
        cast.child.shows_own_curve = False
    session.merge(cast.child)
    session.merge(cast.case)
    session.commit()
    for data in (BORN, note(html, 0, text="Hej")):
        answer = curve.send(path, data)
        assert answer.status_code == 410
        assert not dots(answer.text)
    assert "Vil du se" not in curve.open(path).text


def test_a_receipt_asked_for_again_the_next_day_holds_no_curve(
    curve: Phone, cast: Cast, app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = curve.link(cast.child)
    assert dots(curve.send(link, youth_form("7")).text)
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: now + timedelta(days=1))
    assert not dots(curve.send(link, youth_form("7")).text)


def test_a_dot_gets_a_picture_and_a_sentence_for_oneself_at_first(
    curve: Phone, cast: Cast, session: Session
) -> None:
    link = curve.link(cast.child)
    html = curve.send(link, youth_form("7")).text
    saved = curve.send(link, note(html, 1, picture="rain", text="<b>Regn</b> & torden")).text
    assert "Gemt." in saved
    assert "&lt;b&gt;Regn&lt;/b&gt; &amp; torden" in saved
    assert 'href="#w-rain" class="picture"' in saved
    [found] = notes(session)
    assert (found.picture, found.text, found.visibility) == (
        "rain",
        "<b>Regn</b> & torden",
        Visibility.ONLY_ME,
    )
    curve.send(link, note(saved, 1, picture="sun", text="", readers="meeting"))
    [found] = notes(session)
    assert (found.picture, found.text, found.visibility) == ("sun", "", Visibility.MEETING)
    curve.send(link, note(saved, 1) | {"step": "delete_note"})
    assert notes(session) == []


@pytest.mark.parametrize("text", ["Mit nummer er 010203-1234", "x" * 301])
def test_a_sentence_that_cannot_be_taken_is_kept_in_its_field(
    curve: Phone, cast: Cast, session: Session, text: str
) -> None:
    link = curve.link(cast.child)
    html = curve.send(link, youth_form("7")).text
    answer = curve.send(link, note(html, 0, text=text))
    assert answer.status_code == 422
    assert text in answer.text
    assert 'class="dot open" id="p1"' in answer.text
    assert notes(session) == []


def test_a_note_without_a_good_proof_or_on_anothers_point_is_not_taken(
    curve: Phone, cast: Cast, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = curve.link(cast.child)
    html = curve.send(link, youth_form("7")).text
    mothers = curve.ratings[[one.respondent_id for one in curve.ratings].index(cast.mother.id)]
    sent = note(html, 0, text="Hej")
    until, _, signature = sent["proof"].partition(".")
    for forged in ("", "x", signature, f"{int(until) + 999}.{signature}", f"{until}.{signature[:-1]}"):
        assert curve.send(link, sent | {"proof": forged}).status_code == 422
    for point in (mothers.id.hex, "nonsense", ""):
        assert curve.send(link, sent | {"point": point}).status_code == 410
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: now + timedelta(minutes=31))
    assert "Der er gået lidt tid" in curve.send(link, sent).text
    assert notes(session) == []


def test_another_form_breaks_the_line(curve: Phone, cast: Cast, build: Builder, session: Session) -> None:
    build.rating(cast.child, 5, build.today - timedelta(days=40), "wellbeing-child")
    build.rating(cast.child, 5, build.today - timedelta(days=42), "wellbeing-child")
    session.commit()
    html = curve.send(curve.link(cast.child), youth_form("7")).text
    assert len(dots(html)) == 5
    assert html.count("<polyline") == 2


def test_a_rating_kept_from_the_meeting_is_on_the_own_curve(
    curve: Phone, cast: Cast, session: Session
) -> None:
    link = curve.link(cast.child)
    html = curve.send(link, youth_form("7", withheld="1")).text
    assert len(dots(html)) == 3
    last = html[html.index('id="p3"') :]
    assert 'value="practitioner"' in last
    assert 'value="meeting"' not in last
    curve.send(link, note(html, 2, text="Hej", readers="meeting"))
    assert notes(session)[0].visibility is Visibility.PRACTITIONER


def test_a_corrected_answer_keeps_its_note(curve: Phone, cast: Cast, session: Session) -> None:
    link = curve.link(cast.child)
    html = curve.send(link, youth_form("7")).text
    curve.send(link, note(html, 2, text="Hej"))
    correction = re.search(r'name="correction" value="([^"]+)"', html)
    assert correction
    again = curve.send(link, youth_form("8", correction=correction.group(1))).text
    assert ">\nHej</textarea>" in again
    assert len(notes(session)) == 1
