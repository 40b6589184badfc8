"""The child's own page: plain words, one curve, nothing to be afraid of."""

import re
from html import unescape

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from fitsvc.web.documents import child
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.instruments.test_own_instruments import lix
from tests.web.report.cases import followed_up, rate

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def shown(client: StaffClient, cast: Cast, session: Session) -> str:
    session.commit()
    page = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/report/child").text
    return unescape(page[page.index("<main") : page.index("</main>")])


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("scores", [[], [4], [2, 3, 4, 9], [9, 8, 3, 2], [4, 5, 4, 5]])
def test_every_sentence_of_ours_is_easy_to_read(
    client: StaffClient, build: Builder, cast: Cast, session: Session, scores: list[float]
) -> None:
    rate(build, cast.child, scores, "wellbeing-youth")
    html = shown(client, cast, session)
    said = re.findall(r"<(?:p|h1|h2|dd)[^>]*>(.*?)</", html, re.S)
    sentences = [
        text if text.endswith((".", "?", "!")) else f"{text}." for text in map(words, said[:-1]) if text
    ]
    assert lix(sentences) < 25


def test_each_decision_is_easy_to_read(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("da"):
        assert lix([str(one) for one in child.DECISIONS.values()]) < 25


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ([], "Du har ikke svaret endnu."),
        ([4], "Du har svaret 1 gang."),
        ([2, 3, 4, 9], "Din kurve er højere nu end i starten."),
        ([9, 8, 3, 2], "Din kurve er lavere nu end i starten. Det er godt, at du har sagt det."),
        ([4, 5, 4, 5], "Din kurve er cirka, hvor den var i starten."),
    ],
)
def test_it_tells_the_childs_own_curve_without_a_verdict(
    client: StaffClient, build: Builder, cast: Cast, session: Session, scores: list[float], told: str
) -> None:
    rate(build, cast.child, scores, "wellbeing-youth")
    rate(build, cast.teacher, [9, 9], "wellbeing-professional")
    html = shown(client, cast, session)
    assert told in words(html)
    assert html.count("<circle") == (len(scores) + 15 if scores else 0)  # five faces of three circles each
    for judging in ("forventet", "Signal", "point", "Lærer", "antaget"):
        assert judging not in words(html)


def test_it_keeps_what_was_agreed_and_why_the_next_day(
    client: StaffClient, build: Builder, cast: Cast, session: Session
) -> None:
    followed_up(build, cast)
    text = words(shown(client, cast, session))
    assert "Paula: Laver en pauseplan sammen med Ravn og klubben" in text
    assert "Vi mødes igen mandag 27. april 2026 Så har du prøvet den nye pauseplan i seks uger." in text
    assert "116 111" in text
