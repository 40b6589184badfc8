from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.logs import AccessLog
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
NONSENSE = ["", "0", "-1", "x", "9" * 30, "½", "%00", "'; DROP TABLE cases;--", "watch,watch"]


def fill(build: Builder, cast: Cast, cases: int) -> None:
    """Cases with everything a row can show."""
    for _ in range(cases):
        case = build.case(
            team={cast.practitioner: TeamPart.PRACTITIONER, cast.caseworker: TeamPart.CASEWORKER}
        )
        episode = build.episode(case, cast.provider)
        build.meeting(episode, build.today + 3 * DAY)
        respondent = build.respondent(case)
        build.plan(respondent)
        for place, score in enumerate((5, 3, 1)):
            build.rating(respondent, score, build.today - (40 - 14 * place) * DAY)
        build.administration(respondent, due_on=build.today - DAY)
        build.plan(build.respondent(case, RaterRole.PARENT), "wellbeing-adult")
        build.goal(case, episode)
    build.session.commit()


@pytest.fixture
def count_queries(app: Flask, client: StaffClient) -> Callable[[str], int]:
    def count(path: str) -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return sum(one.lstrip().upper().startswith("SELECT") for one in statements)

    return count


def test_a_row_says_what_there_is_to_know(client: StaffClient, build: Builder, cast: Cast) -> None:
    fill(build, cast, 1)
    page = client.sign_in(cast.caseworker).get("/cases?missing=1").text
    for words in (
        "Under det forventede",
        "Barn/ung",
        "Forebyggende indsats, Familiehuset",
        "small-curve",
        "19. mar.",
    ):
        assert words in page, words


@pytest.mark.parametrize("name", ["state", "signal", "measure", "unit", "missing", "sort", "page"])
def test_nonsense_in_the_address_is_the_default(client: StaffClient, cast: Cast, name: str) -> None:
    client.sign_in(cast.authority_leader)
    for value in NONSENSE:
        response = client.get("/cases", query_string={name: value})
        assert response.status_code == 200
        assert "Ravn" in response.text, (name, value)


def test_pages_have_addresses_that_keep_what_was_chosen(
    client: StaffClient, build: Builder, cast: Cast
) -> None:
    for _ in range(60):
        build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    build.session.commit()
    client.sign_in(cast.caseworker)
    page = client.get("/cases?sort=reference").text
    assert "/cases?sort=reference&amp;page=2" in page
    assert "Viser 51–61 af 61 sager" in client.get("/cases?sort=reference&page=2").text


def test_only_who_sees_the_kommune_chooses_between_units(client: StaffClient, cast: Cast) -> None:
    assert 'name="unit"' in client.sign_in(cast.authority_leader).get("/cases").text
    assert 'name="unit"' not in client.sign_in(cast.provider_leader).get("/cases").text


@pytest.mark.parametrize("who", ["administrator", "auditor"])
@pytest.mark.parametrize("path", ["/cases", "/today", "/cases/search"])
def test_who_sees_no_cases_sees_no_lists(client: StaffClient, cast: Cast, who: str, path: str) -> None:
    assert client.sign_in(cast.staff[who]).get(path).status_code == 403


class TestSearch:
    def test_the_words_stand_in_no_address_and_no_title(self, client: StaffClient, cast: Cast) -> None:
        response = client.sign_in(cast.caseworker).send("/cases/search", {"words": " rav "}, page="/cases")
        assert response.status_code == 200
        assert "Ravn" in response.text
        assert "rav" not in response.request.url
        assert "rav" not in response.text.split("</title>")[0].lower().replace("fravær", "")

    @pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * 41])
    def test_a_search_for_nothing_asks_for_words(self, client: StaffClient, cast: Cast, words: str) -> None:
        response = client.sign_in(cast.caseworker).send("/cases/search", {"words": words}, page="/cases")
        assert response.status_code == 422
        assert 'id="words-error"' in response.text

    @pytest.mark.parametrize("words", ["%", "' OR 1=1 --", "\\", "<b>", "\U0001f600"])
    def test_odd_words_find_nothing(self, client: StaffClient, cast: Cast, words: str) -> None:
        response = client.sign_in(cast.caseworker).send("/cases/search", {"words": words}, page="/cases")
        assert response.status_code == 200
        assert "Ravn" not in response.text

    def test_without_a_token_there_is_no_search(self, client: StaffClient, cast: Cast) -> None:
        response = client.sign_in(cast.caseworker).post("/cases/search", data={"words": "rav"})
        assert response.status_code == 400
        assert "Ravn" not in response.text

    def test_coming_back_to_it_leads_to_the_caseload(self, client: StaffClient, cast: Cast) -> None:
        assert client.sign_in(cast.caseworker).get("/cases/search").location == "/cases"

    def test_it_leaves_one_access_row_with_the_cases_found(
        self, client: StaffClient, session: Session, cast: Cast
    ) -> None:
        client.sign_in(cast.authority_leader).get("/cases")
        before = session.scalar(select(func.max(AccessLog.seq)))
        session.commit()
        client.send("/cases/search", {"words": "ravn"}, page="/account")
        rows = session.scalars(select(AccessLog).where(AccessLog.seq > before)).all()
        assert [(row.access, row.case_ids) for row in rows] == [(Access.CASELOAD_LISTED, [str(cast.case.id)])]


@pytest.mark.parametrize(
    "path", ["/cases", "/cases?sort=signal", "/cases?signal=below_expected&missing=1", "/today"]
)
def test_the_number_of_queries_does_not_grow_with_the_cases(
    client: StaffClient, build: Builder, cast: Cast, count_queries: Callable[[str], int], path: str
) -> None:
    client.sign_in(cast.practitioner)
    fill(build, cast, 2)
    few = count_queries(path)
    fill(build, cast, 12)
    assert count_queries(path) == few < 40
