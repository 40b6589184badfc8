from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.events import CaseEvent, EventKind
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
Show = Callable[..., str]


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("SELECT"):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return count


def rate(
    build: Builder, respondent: Respondent, scores: list[float], instrument: str = "wellbeing-youth"
) -> None:
    """One score every two weeks, the last one yesterday."""
    for place, value in enumerate(reversed(scores)):
        build.rating(respondent, value, build.today - DAY - place * 14 * DAY, instrument)


@pytest.fixture
def show(client: StaffClient, session: Session, cast: Cast) -> Show:
    def open_page(who: str = "practitioner", query: str = "") -> str:
        session.commit()
        client.sign_in(cast.staff[who])
        response = client.get(f"/cases/{cast.case.id}{query}")
        assert response.status_code == 200
        return response.text

    return open_page


def test_a_case_without_ratings_says_what_to_do_next(show: Show) -> None:
    page = show()
    assert "Der er ingen kurve endnu" in page
    assert "<figure" not in page


def test_the_curve_stands_in_both_drawings_with_its_table(show: Show, build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [4, 5, 6.5])
    page = show()
    assert page.count('class="chart-svg"') == 2
    assert 'type="application/json"' in page
    assert "Sådan læser du kurven" in page
    assert page.count('<td class="number">6,5</td>') == 1


def test_a_signal_is_told_with_its_rule_and_numbers(show: Show, build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [4.0, 3.6, 2.2])
    page = show()
    assert "Ligger under det forventede: 2,2, hvor kurven forventer" in page
    assert "Udgangspunkt 4" in page
    assert "ændringer under 2,5 point kan være tilfældige" in page


def test_a_confirmed_signal_asks_for_the_next_step(show: Show, build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [6, 2, 2])
    page = show()
    assert "Hvad er næste skridt?" in page
    assert "/signals/" in page


def test_a_start_near_the_top_says_that_improvement_cannot_be_shown(
    show: Show, build: Builder, cast: Cast
) -> None:
    rate(build, cast.child, [9, 9])
    assert "Fremgang kan ikke vises herfra" in show()


def test_session_ratings_stand_only_on_the_practitioners_page(
    show: Show, session: Session, build: Builder, cast: Cast
) -> None:
    rating = build.rating(cast.child, 3.0, build.today - DAY, "session-youth")
    session.add(Comment(rating_id=rating.id, text="det gik for hurtigt", created_at=build.now))
    assert "Svar om samtalen" in show("practitioner")
    assert "det gik for hurtigt" in show("practitioner")
    for who in ("caseworker", "provider_leader", "authority_leader"):
        page = show(who)
        assert "Svar om samtalen" not in page
        assert "det gik for hurtigt" not in page


def test_an_area_is_shown_without_a_verdict(show: Show, build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [4, 5, 6])
    page = show(query="?area=home")
    assert "uden en vurdering" in page
    assert 'class="band-80"' not in page
    assert 'class="band-80"' in show()


def test_series_go_on_and_off_without_script(show: Show, build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [4, 5, 6])
    rate(build, cast.teacher, [5, 5, 5], "wellbeing-professional")
    child = f"{cast.child.id.hex[:12]}.wellbeing-youth.1.0"
    teacher = f"{cast.teacher.id.hex[:12]}.wellbeing-professional.1.0"
    assert show().count("data-series=") == 4  # two series in two drawings
    only = show(query=f"?chosen=1&show={teacher}&series={teacher}")
    assert f'data-series="{teacher}"' in only
    assert f'data-series="{child}"' not in only
    assert f'value="{child}"' in only  # still there to be chosen


@pytest.mark.parametrize(
    "query", ["?area=nonsense", "?series=nonsense&show=nonsense&chosen=1", "?area=<script>", "?show=%00"]
)
def test_an_odd_address_is_taken_kindly(show: Show, build: Builder, cast: Cast, query: str) -> None:
    rate(build, cast.child, [4, 5])
    page = show(query=query)
    assert page.count("data-series=") == (0 if "chosen" in query else 2)


def test_a_form_change_is_a_break_on_the_curve(show: Show, build: Builder, cast: Cast) -> None:
    build.rating(cast.child, 5.0, build.today - 60 * DAY, "wellbeing-child")
    build.rating(cast.child, 6.0, build.today - 10 * DAY, "wellbeing-youth")
    page = show()
    assert 'class="mark-new_form"' in page
    assert page.count("data-series=") == 4


def test_a_goal_stands_with_the_numbers_behind_its_graph(show: Show, build: Builder, cast: Cast) -> None:
    build.goal(cast.case, cast.episode, text="Jeg kommer i skole")
    build.rating(cast.child, 6.0, build.today - 3 * DAY, "goal")
    page = show()
    assert "Tabel: Jeg kommer i skole" in page
    assert page.count('<td class="number">6</td>') == 1


def test_what_people_wrote_is_escaped_everywhere(
    show: Show, session: Session, build: Builder, cast: Cast
) -> None:
    nasty = '</script><script>alert("x")</script>'
    rating = build.rating(cast.child, 5.0, build.today - DAY)
    build.rating(cast.child, 6.0, build.today - 3 * DAY, "goal")
    session.add(Comment(rating_id=rating.id, text=nasty, created_at=build.now))
    session.add(
        CaseEvent(
            case_id=cast.case.id,
            happened_on=build.today - 5 * DAY,
            kind=EventKind.SCHOOL,
            text=nasty,
            recorded_by_id=cast.practitioner.id,
            created_at=build.now,
        )
    )
    build.goal(cast.case, cast.episode, text=nasty)
    cast.teacher.setting = nasty
    session.merge(cast.teacher)
    build.rating(cast.teacher, 5.0, build.today - DAY, "wellbeing-professional")
    assert nasty not in show()
    assert "<script>alert" not in show()


def test_the_page_has_no_name_in_title_or_address(show: Show) -> None:
    title = show().split("<title>")[1].split("</title>")[0]
    assert "Ravn" not in title


def test_a_stranger_finds_nothing(client: StaffClient, session: Session, cast: Cast) -> None:
    assert client.sign_in(cast.colleague).get(f"/cases/{cast.case.id}").status_code == 404
    assert not list(session.scalars(select(AccessLog)))


def test_reading_writes_one_row(show: Show, session: Session, cast: Cast) -> None:
    show()
    (row,) = session.scalars(select(AccessLog))
    assert (row.access, row.case_ids) == (Access.CASE_READ, [str(cast.case.id)])


def test_actions_lead_only_where_the_reader_may_go(show: Show, cast: Cast) -> None:
    assert f"/cases/{cast.case.id}/sessions/start" in show("practitioner")
    assert f"/cases/{cast.case.id}/sessions/start" not in show("caseworker")
    assert f"/cases/{cast.case.id}/goals" not in show("authority_leader")


def test_the_number_of_queries_does_not_grow_with_ratings_and_respondents(
    show: Show,
    build: Builder,
    cast: Cast,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def fill() -> None:
        for _ in range(2):
            parent = build.respondent(cast.case, RaterRole.PARENT)
            build.plan(parent, "wellbeing-adult")
            rate(build, parent, [4, 5, 6], "wellbeing-adult")
            build.goal(cast.case, cast.episode)
            build.meeting(cast.episode, build.today + 9 * DAY)
            build.administration(parent, "wellbeing-adult", due_on=build.today)

    fill()
    show()  # templates and caches are warm
    with count_queries() as few:
        show()
    fill()
    with count_queries() as many:
        show()
    assert len(many) == len(few)


def test_the_method_page_reads_in_both_languages(client: StaffClient, session: Session, cast: Cast) -> None:
    assert "Sådan læser du kurven" in client.sign_in(cast.practitioner).get("/method").text
    cast.practitioner.language = "en"
    session.merge(cast.practitioner)
    session.commit()
    assert "How to read the curve" in client.get("/method").text


def test_every_bundled_wellbeing_form_can_be_drawn(
    show: Show, build: Builder, cast: Cast, catalogue: Catalogue
) -> None:
    for form in catalogue.current():
        values = form.scale.values
        build.rating(cast.mother, values[-1], build.today - 20 * DAY, form.id)
        build.rating(cast.mother, values[0], build.today - DAY, form.id)
    page = show()
    assert "Trivsel i fem trin" in page or "Femtrins" in page
    assert "Til samtale" in page
