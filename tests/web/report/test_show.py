"""The page for the meeting on the screen."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.storage.logs import AccessLog
from fitsvc.web.documents.words import cut
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.report.cases import CASES, SESSION_WORDS


@pytest.fixture
def show(client: StaffClient, build: Builder, cast: Cast, session: Session):  # type: ignore[no-untyped-def]
    def shown(case: str = "ordinary", staff: str = "caseworker", language: str = "da") -> str:
        CASES[case](build, cast)
        cast.staff[staff].language = language
        session.commit()
        response = client.sign_in(cast.staff[staff]).get(f"/cases/{cast.case.id}/report")
        assert response.status_code == 200
        return response.text

    return shown


def words(html: str) -> str:
    """The visible text, tags and surplus blanks away."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_childs_curve_stands_first_and_alone_then_the_others(show) -> None:  # type: ignore[no-untyped-def]
    html = show()
    first, rest = re.findall(r"<svg[^>]*chart-svg.*?</svg>", html, re.S)
    assert html.index("Sådan ser den unge det") < html.index("Sådan ser de andre det")
    assert first.count('class="chart-line"') == 1
    assert rest.count('class="chart-line"') == 2
    assert "band-68" in first
    assert "band-68" not in rest


def test_key_sentences_say_signal_numbers_and_what_may_be_chance(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show())
    assert "Barn/ung 3 5 13. mar. 5 Som forventet. 2 op, måske tilfældigt" in text
    assert "Ændringer under 2,5 point kan være tilfældige." in text


def test_a_discrepancy_is_a_neutral_question(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show())
    assert "Krop og humør." in text
    assert "Forælderen ser 4,4, læreren ser 8: hvad ser I hver især?" in text


def test_the_source_of_every_expectation_is_named(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show())
    assert "Bånd: antaget kurve, ikke en norm." in text
    assert "Ring: aftalt på mødet den 14. mar. 2026." in text
    assert "Barn/ung (fælles): Forventet: 6,5 den 25. april. Der er" in text


def test_the_foot_says_when_and_with_which_versions(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show())
    assert "Lavet 16. marts 2026 · fitsvc 0.1.0 · regler 2 · skemaer: wellbeing-youth 1.0" in text
    assert "Antaget kurve, ikke en norm: μ 5, SD 2, A 7, r 0,8, g 0,7, k 0,125, s 0,5" in text
    assert "Side 1 af 2" in text


def test_who_has_not_answered_the_goal_and_the_next_date_are_there(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show())
    assert "Forælder: mangler siden 14. mar. 2026" in text
    assert "Kryds: et svar, der ikke kom." not in text  # asked for two days ago: not silence yet
    assert "Jeg kommer i skole hver dag Start 2, mål 7, nu 5 (den unge, 13. mar.)" in text
    assert "Næste møde torsdag 26. marts 2026" in text


def test_an_answer_that_did_not_come_is_a_cross_with_a_key(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.administration(cast.teacher, "wellbeing-professional", due_on=build.today - timedelta(days=20))
    html = show()
    assert html.count('class="missed"') == 1
    assert "Kryds: et svar, der ikke kom." in html


def test_who_has_answered_stands_beside_who_has_not(show) -> None:  # type: ignore[no-untyped-def]
    assert "Har svaret Barn/ung: 13. mar. 2026 Lærer: 13. mar. 2026" in words(show())


def test_an_overdue_follow_up_stands_on_top_with_its_days(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    text = words(show("one score"))
    assert "Opfølgningen er 42 dage over tiden." in text


@pytest.mark.parametrize("address", ["report", "report/child"])
def test_names_can_be_hidden(
    client: StaffClient, build: Builder, cast: Cast, session: Session, address: str
) -> None:
    CASES["followed up"](build, cast)
    session.commit()
    client.sign_in(cast.caseworker)
    page = client.get(f"/cases/{cast.case.id}/{address}").text
    assert "Ravn" in page
    assert "names=hidden" in page
    hidden = client.get(f"/cases/{cast.case.id}/{address}?names=hidden").text
    for name in ("Ravn", "SAG-1001", "7.b", "hjemme", "Paula"):
        assert name not in hidden, name
    assert "Vis navne" in hidden


def test_an_empty_case_says_what_will_come(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show("empty"))
    assert "Ingen har svaret endnu" in text
    assert "Næste møde ikke planlagt" in text


def test_the_full_page_says_what_is_left_out_and_cuts_goals_between_words(show) -> None:  # type: ignore[no-untyped-def]
    html = show("full")
    assert re.search(r"\+\d mere", html)
    assert "…" in html
    goals = html[html.index("Mål (0–10)") :]
    assert "uden at blive ked af det, og jeg siger…" in goals


@pytest.mark.parametrize("staff", ["practitioner", "caseworker", "provider_leader", "authority_leader"])
def test_nobody_finds_session_ratings_on_it(show, build: Builder, staff: str) -> None:  # type: ignore[no-untyped-def]
    html = show("full", staff)
    assert "session-" not in html
    assert SESSION_WORDS not in html
    assert build.catalogue.get("session-youth").text("da").title not in html


def test_it_is_complete_in_english(show) -> None:  # type: ignore[no-untyped-def]
    text = words(show(language="en"))
    assert "How the young person sees it" in text
    assert "The parent sees 4.4, the teacher sees 8: what does each of you see?" in text
    assert not re.search("[æøåÆØÅ]", text.replace("Jeg kommer i skole hver dag", ""))


def test_reading_and_printing_are_told_apart_in_the_log(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    client.get(f"/cases/{cast.case.id}/report")
    response = client.get(f"/cases/{cast.case.id}/report.pdf")
    assert [
        row.access for row in session.scalars(select(AccessLog).order_by(AccessLog.at, AccessLog.seq))
    ].count(Access.REPORT_PRINTED) == 1
    assert len(list(session.scalars(select(AccessLog)))) == 2
    assert response.headers["Content-Disposition"] == 'inline; filename="opfoelgning.pdf"'


@pytest.mark.parametrize("address", ["report", "report.pdf"])
def test_out_of_scope_is_not_found_and_other_roles_are_refused(
    client: StaffClient, cast: Cast, address: str
) -> None:
    assert client.get(f"/cases/{cast.case.id}/{address}").status_code == 302
    assert client.sign_in(cast.outsider).get(f"/cases/{cast.case.id}/{address}").status_code == 404
    assert client.sign_in(cast.colleague).get(f"/cases/{cast.case.id}/{address}").status_code == 404
    assert client.sign_in(cast.administrator).get(f"/cases/{cast.case.id}/{address}").status_code == 403
    assert client.sign_in(cast.auditor).get(f"/cases/{cast.case.id}/{address}").status_code == 403


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("kort tekst", 20, "kort tekst"),
        ("to  blanke\nlinjer", 20, "to blanke linjer"),
        ("en sætning med flere ord i", 21, "en sætning med flere…"),
        ("x" * 40, 20, "x" * 19 + "…"),
        ("mål, og mere endnu, sagde han", 20, "mål, og mere endnu…"),
        ("kort undervisningsdifferentiering", 24, "kort undervisningsdiffe…"),
    ],
)
def test_text_is_cut_between_words_and_within_a_word_only_when_it_is_long(
    text: str, room: int, expected: str
) -> None:
    assert cut(text, room) == expected
    assert len(cut(text, room)) <= room
