from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services import caseload as service
from fitsvc.services.caseload import Attention, CaseloadPage, Choice, Order, list_caseload, search_caseload
from fitsvc.storage.accounts import Staff
from fitsvc.storage.caseload import CaseFilter
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.logs import AccessLog
from tests.builders import Builder
from tests.cast import Cast
from tests.storage.test_scope import as_actor

DAY = timedelta(days=1)
Listed = Callable[..., CaseloadPage]
Found = Callable[..., list[str]]


@pytest.fixture
def listed(session: Session, build: Builder, catalogue: Catalogue) -> Listed:
    def page(staff: Staff, choice: Choice | None = None) -> CaseloadPage:
        session.flush()
        return list_caseload(
            session, by=as_actor(staff, build), catalogue=catalogue, choice=choice or Choice(), now=build.now
        )

    return page


@pytest.fixture
def found(session: Session, build: Builder, catalogue: Catalogue) -> Found:
    """The names a search finds."""

    def names(staff: Staff, words: str) -> list[str]:
        rows, _ = search_caseload(
            session, by=as_actor(staff, build), catalogue=catalogue, words=words, now=build.now
        )
        return [row.line.display_name for row in rows]

    return names


def names(page: CaseloadPage) -> list[str]:
    return [row.line.display_name for row in page.rows]


def own_case(build: Builder, cast: Cast, name: str, **columns: Any) -> Any:
    return build.case(team={cast.caseworker: TeamPart.CASEWORKER}, display_name=name, **columns)


@pytest.mark.parametrize(
    ("who", "total"),
    [("practitioner", 1), ("caseworker", 1), ("colleague", 0), ("provider_leader", 1), ("outsider", 0)],
)
def test_everybody_sees_their_own_cases_only(cast: Cast, listed: Listed, who: str, total: int) -> None:
    assert listed(cast.staff[who]).total == total


def test_orders(build: Builder, cast: Cast, listed: Listed) -> None:
    asp = own_case(build, cast, "asp", reference="C-3")
    birk = own_case(build, cast, "Birk", reference="C-2")
    cast.case.reference = "C-1"  # Ravn
    build.meeting(build.episode(birk), build.today + DAY)
    build.meeting(build.episode(asp), build.today + 9 * DAY)
    build.rating(build.respondent(asp), 5, build.today - 3 * DAY)
    build.rating(cast.child, 5, build.today - DAY)
    expected = {
        Order.NAME: ["asp", "Birk", "Ravn"],
        Order.REFERENCE: ["Ravn", "Birk", "asp"],
        Order.NEXT_MEETING: ["Birk", "asp", "Ravn"],
        Order.LATEST_RATING: ["Ravn", "asp", "Birk"],
    }
    assert {order: names(listed(cast.caseworker, Choice(order=order))) for order in expected} == expected


def test_session_ratings_leave_no_trace_in_the_list(build: Builder, cast: Cast, listed: Listed) -> None:
    build.rating(cast.child, 5, build.today, "session-youth")
    build.administration(cast.child, "session-youth", due_on=build.today - DAY)
    (row,) = listed(cast.caseworker).rows
    assert (row.line.latest_rated_on, row.outstanding) == (None, ())


def test_the_most_urgent_signal_comes_first(build: Builder, cast: Cast, listed: Listed) -> None:
    fine, watch = own_case(build, cast, "Fine"), own_case(build, cast, "Watch")
    for case, scores in ((fine, (5, 7)), (watch, (6, 2)), (cast.case, (5, 3, 1))):
        respondent = cast.child if case is cast.case else build.respondent(case)
        for place, score in enumerate(scores):
            build.rating(respondent, score, build.today - (40 - 14 * place) * DAY)
    assert names(listed(cast.caseworker, Choice(order=Order.SIGNAL))) == ["Ravn", "Watch", "Fine"]
    chosen = {one: names(listed(cast.caseworker, Choice(attention=one))) for one in Attention}
    assert chosen == {
        Attention.NEXT_STEP_WANTED: ["Ravn"],
        Attention.BELOW_EXPECTED: ["Ravn"],
        Attention.WATCH: ["Watch"],
        Attention.READY_TO_END: [],
        Attention.AS_EXPECTED: ["Fine"],
        Attention.NOT_YET: [],
    }


def test_a_case_at_its_target_twice_is_one_to_talk_about_ending(
    build: Builder, cast: Cast, listed: Listed
) -> None:
    build.plan(cast.child, target_score=6.5)
    build.rating(cast.child, 5, build.today - 30 * DAY)
    ready = Choice(attention=Attention.READY_TO_END)
    for days, expected in ((16, []), (2, ["Ravn"])):
        build.rating(cast.child, 7, build.today - days * DAY)
        assert names(listed(cast.caseworker, ready)) == expected
    cast.episode.ended_on = build.today - DAY
    assert names(listed(cast.caseworker, ready)) == []


def test_too_many_cases_are_listed_without_looking_at_signals_and_say_so(
    build: Builder, cast: Cast, listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_case(build, cast, "Asp")
    monkeypatch.setattr(service, "SIGNAL_REACH", 1)
    page = listed(cast.caseworker, Choice(attention=Attention.WATCH, order=Order.SIGNAL))
    assert (page.total, page.too_many_for_signals) == (2, True)


class TestFilters:
    def test_closed_cases_stand_apart(self, build: Builder, cast: Cast, listed: Listed) -> None:
        own_case(build, cast, "Gone", closed_on=build.today)
        own_case(build, cast, "Going", closed_on=build.today + DAY)
        assert names(listed(cast.caseworker)) == ["Going", "Ravn"]
        assert names(listed(cast.caseworker, Choice(filter=CaseFilter(closed=True)))) == ["Gone"]

    def test_a_measure_counts_while_it_runs(self, build: Builder, cast: Cast, listed: Listed) -> None:
        build.episode(own_case(build, cast, "Old"), measure_type="youth_support", ended_on=build.today - DAY)
        build.episode(own_case(build, cast, "New"), measure_type="youth_support")
        chosen = Choice(filter=CaseFilter(measure_type="youth_support"))
        assert names(listed(cast.caseworker, chosen)) == ["New"]

    def test_a_unit_counts_while_its_episode_runs(self, build: Builder, cast: Cast, listed: Listed) -> None:
        build.episode(own_case(build, cast, "Elsewhere"))
        chosen = Choice(filter=CaseFilter(unit_id=cast.provider.id))
        assert names(listed(cast.authority_leader, chosen)) == ["Ravn"]

    def test_a_missing_answer(self, build: Builder, cast: Cast, listed: Listed) -> None:
        own_case(build, cast, "Answered")
        build.administration(cast.mother, "wellbeing-adult", due_on=build.today)
        page = listed(cast.caseworker, Choice(filter=CaseFilter(outstanding=True)))
        assert names(page) == ["Ravn"]
        assert [one.respondent_id for one in page.rows[0].outstanding] == [cast.mother.id]

    def test_an_outside_provider_reads_of_its_own_measure_only(
        self, build: Builder, cast: Cast, listed: Listed
    ) -> None:
        case = build.case(team={cast.outsider: TeamPart.PRACTITIONER})
        build.episode(case, cast.external)
        build.episode(case, cast.provider, measure_type="youth_support")
        (row,) = listed(cast.outsider).rows
        assert [one.unit_name for one in row.measures] == [cast.external.name]


class TestPages:
    def test_pages_hold_fifty_and_miss_nobody(self, build: Builder, cast: Cast, listed: Listed) -> None:
        for number in range(119):
            own_case(build, cast, f"Same name {number % 2}")
        pages = [listed(cast.caseworker, Choice(page=number)) for number in (1, 2, 3)]
        assert [len(page.rows) for page in pages] == [50, 50, 20]
        assert len({row.line.id for page in pages for row in page.rows}) == 120

    @pytest.mark.parametrize("order", Order)
    @pytest.mark.parametrize("wanted", [0, -3, 2, 99_999])
    def test_a_page_that_is_not_there_is_the_nearest(
        self, cast: Cast, listed: Listed, order: Order, wanted: int
    ) -> None:
        page = listed(cast.caseworker, Choice(order=order, page=wanted))
        assert (page.page, page.pages, len(page.rows)) == (1, 1, 1)


class TestSearch:
    @pytest.mark.parametrize("words", ["SAG-1001", "SAG-1", "sag-10", "Ravn", "rav", "AVN"])
    def test_the_start_of_a_reference_or_any_part_of_a_name(
        self, cast: Cast, found: Found, words: str
    ) -> None:
        assert found(cast.caseworker, words) == ["Ravn"]

    @pytest.mark.parametrize("words", ["1001", "AG-1001", "R_vn", "R%n", "Ravnen", "%", "\\"])
    def test_what_does_not_fit_is_not_found(self, cast: Cast, found: Found, words: str) -> None:
        assert found(cast.caseworker, words) == []

    @pytest.mark.parametrize("words", ["Ørn", "ørn", "ØRN", "ør"])
    def test_danish_letters_in_any_case(self, build: Builder, cast: Cast, found: Found, words: str) -> None:
        own_case(build, cast, "Ørn")
        build.session.flush()
        assert found(cast.caseworker, words) == ["Ørn"]

    @pytest.mark.parametrize("words", ["SAG-1001", "Ravn"])
    @pytest.mark.parametrize("who", ["colleague", "outsider", "administrator", "auditor"])
    def test_nobody_finds_what_is_not_theirs(self, cast: Cast, found: Found, words: str, who: str) -> None:
        assert found(cast.staff[who], words) == []

    def test_closed_cases_are_found_after_the_open_ones(
        self, build: Builder, cast: Cast, found: Found
    ) -> None:
        own_case(build, cast, "Ravn old", reference="A-1", closed_on=build.today)
        build.session.flush()
        assert found(cast.caseworker, "ravn") == ["Ravn", "Ravn old"]

    def test_more_than_a_page_says_so(
        self, session: Session, build: Builder, cast: Cast, catalogue: Catalogue
    ) -> None:
        for _ in range(51):
            own_case(build, cast, "Many")
        rows, is_cut = search_caseload(
            session, by=as_actor(cast.caseworker, build), catalogue=catalogue, words="many", now=build.now
        )
        assert (len(rows), is_cut) == (50, True)


def test_one_access_row_names_the_cases_on_the_page(
    session: Session, build: Builder, cast: Cast, listed: Listed
) -> None:
    own_case(build, cast, "Elsewhere on the list", closed_on=build.today)
    listed(cast.caseworker)
    (row,) = session.scalars(select(AccessLog)).all()
    assert (row.access, row.case_ids) == (Access.CASELOAD_LISTED, [str(cast.case.id)])
