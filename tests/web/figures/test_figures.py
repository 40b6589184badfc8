"""Key figures as leaders see them: their own units, small numbers hidden, the same page however much data."""

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.key_figures import Period, Voice
from fitsvc.domain.rater import RaterRole
from fitsvc.services.key_figures import KeyFigures, Part, read_key_figures
from fitsvc.storage.accounts import Staff
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.organisation import Unit
from fitsvc.web.database import db
from fitsvc.web.figures.file import as_csv
from fitsvc.web.figures.pages import CellPage, RowPage, TablePage
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


def follow(build: Builder, unit: Unit, days_late: int = 0) -> tuple[Episode, FollowUpMeeting]:
    """A case with one meeting held: due Monday 16 February 2026, six weeks after its start."""
    episode = build.episode(build.case(), unit, started_on=date(2026, 1, 5))
    due = date(2026, 2, 16)
    return episode, build.meeting(episode, due, held_on=due + timedelta(days=days_late))


def figures(
    session: Session, staff: Staff, build: Builder, catalogue: Catalogue, period: Period = Period.ALL
) -> KeyFigures:
    by = acting(staff, build.today)
    return read_key_figures(session, by=by, catalogue=catalogue, period=period, now=build.now)


@pytest.fixture
def measured(build: Builder, cast: Cast, session: Session) -> list[FollowUpMeeting]:
    """Eight measures at the provider, six at the outside one; in each six held in time and the others late."""
    held = [follow(build, cast.provider, days_late=0 if number < 6 else 3)[1] for number in range(8)]
    held += [follow(build, cast.external)[1] for _number in range(6)]
    session.commit()
    return held


def test_days_and_shares_are_those_counted_by_hand(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    found = figures(session, cast.authority_leader, build, catalogue)
    assert found.kommune is not None
    assert [row.unit_name for row in found.units] == ["Familiehuset", "Fjordens Familier"]
    house = found.units[0]
    assert house.steps == 8
    assert house.spread is not None
    assert (house.spread.median, house.spread.upper) == (42, 42.75)
    assert house.within == Part(6, 8)
    assert found.kommune.within == Part(12, 14)
    # Paula's own measure runs too, without a meeting.
    assert (house.running, found.units[1].running, found.kommune.running) == (9, 6, 15)


def test_ratings_count_in_the_days_before_the_meeting_unless_withheld_taken_back_or_of_a_session(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    given = [
        (10, {}), (0, {}), (5, {}), (3, {}), (1, {}), (7, {}),
        (11, {}), (-1, {}), (4, {"withheld": True}), (4, {"superseded_at": build.now}),
    ]  # fmt: skip
    for meeting, (days, more) in zip(measured, given, strict=False):
        episode = session.get(Episode, meeting.episode_id)
        assert episode is not None
        assert meeting.held_on is not None
        respondent = build.respondent(session.get_one(type(cast.case), episode.case_id), RaterRole.CHILD)
        build.rating(respondent, 5, meeting.held_on - timedelta(days=days), **more)
    session_rated = build.respondent(session.get_one(type(cast.case), measured[-1].case_id), RaterRole.CHILD)
    build.rating(session_rated, 5, date(2026, 2, 15), "session-youth")
    taken_back = build.respondent(session.get_one(type(cast.case), measured[7].case_id), RaterRole.CHILD)
    build.rating(taken_back, 5, date(2026, 2, 15))
    taken_back.withdrawn_at = build.now
    session.commit()
    found = figures(session, cast.authority_leader, build, catalogue)
    assert found.kommune is not None
    assert found.kommune.voices[Voice.CHILD] == Part(6, 14)
    assert found.units[1].voices[Voice.CHILD].count is None, "none of six: hidden"


def test_expectations_set_at_a_meeting_count_until_they_are_withdrawn(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    for place, meeting in enumerate(measured[:7]):
        respondent = build.respondent(session.get_one(type(cast.case), meeting.case_id), RaterRole.CHILD)
        session.add(
            AgreedExpectation(
                case_id=meeting.case_id, respondent_id=respondent.id, instrument_id="wellbeing-youth",
                instrument_version="1", meeting_id=meeting.id, kind=ExpectationKind.SHARED,
                start_on=date(2026, 2, 16), start_score=4, due_on=date(2026, 5, 1), score=6,
                set_by_id=cast.caseworker.id, created_at=build.now,
                withdrawn_at=build.now if place == 0 else None,
            )
        )  # fmt: skip
    session.commit()
    found = figures(session, cast.provider_leader, build, catalogue)
    assert found.units[0].voices[Voice.EXPECTATION] == Part(6, 8)


def deviate(build: Builder, meeting: FollowUpMeeting, **columns: object) -> Deviation:
    values: dict[str, object] = {
        "case_id": meeting.case_id,
        "episode_id": meeting.episode_id,
        "meeting_id": meeting.id,
        "kind": DeviationKind.LATER,
        "reason_code": DeviationReason.ABSENCE,
        "reason": "Ferie",
        "planned_on": meeting.held_on,
        "state": DeviationState.APPROVED,
        "asked_at": build.now,
    }
    deviation = Deviation(id=uuid4(), **(values | columns))
    build.session.add(deviation)
    return deviation


def test_what_a_leader_approved_is_counted_apart_and_what_was_refused_is_not_counted(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    deviate(build, measured[6])
    deviate(build, measured[7], state=DeviationState.REFUSED)
    session.commit()
    row = figures(session, cast.provider_leader, build, catalogue).units[0]
    assert (row.within, row.within_or_approved) == (Part(6, 8), Part(7, 8))
    assert row.deviations == 1


def test_one_deviation_is_counted_and_its_reason_hidden(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    for meeting in measured[:6]:
        deviate(build, meeting)
    deviate(build, measured[8], reason_code=DeviationReason.WORRY)
    session.commit()
    found = figures(session, cast.authority_leader, build, catalogue)
    assert found.kommune is not None
    assert found.kommune.deviations == 7
    assert found.kommune.reasons[DeviationReason.WORRY] is None
    assert found.units[0].reasons[DeviationReason.ABSENCE] is None, (
        "six of six would tell that no other was given"
    )


def test_a_small_unit_hides_with_another_so_that_subtraction_tells_nothing(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    third = build.unit("Åhuset")
    for _number in range(3):
        follow(build, third)
    session.commit()
    found = figures(session, cast.authority_leader, build, catalogue)
    assert found.kommune is not None
    assert found.kommune.within == Part(15, 17)
    shown = [row.within.count for row in found.units]
    assert shown.count(None) == 2
    small = found.units[2]
    assert (small.steps, small.spread, small.within) == (3, None, Part(None, 3))


def test_a_period_counts_from_its_first_day(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, measured: list[FollowUpMeeting]
) -> None:
    episode = build.episode(build.case(), cast.provider, started_on=date(2025, 9, 1))
    build.meeting(episode, date(2025, 10, 13), held_on=date(2025, 10, 13))
    session.commit()
    counted = [
        figures(session, cast.provider_leader, build, catalogue, period).units[0].steps for period in Period
    ]
    assert counted == [8, 9, 9]


def test_each_leader_sees_the_units_in_reach_and_nobody_else_sees_any(
    client: StaffClient, app: Flask, cast: Cast, measured: list[FollowUpMeeting]
) -> None:
    everything = client.sign_in(cast.authority_leader).get("/figures").text
    assert "Familiehuset" in everything
    assert "Fjordens Familier" in everything
    assert "Hele kommunen" in everything
    own = StaffClient(app).sign_in(cast.provider_leader).get("/figures").text
    assert "Familiehuset" in own
    assert "Fjordens Familier" not in own
    assert "Hele kommunen" not in own
    for staff in (cast.practitioner, cast.caseworker, cast.administrator, cast.auditor, cast.outsider):
        assert StaffClient(app).sign_in(staff).get("/figures").status_code == 403


def test_nobodys_name_and_no_case_is_on_the_page_or_in_the_file(
    client: StaffClient, cast: Cast, measured: list[FollowUpMeeting]
) -> None:
    client.sign_in(cast.authority_leader)
    for text in (client.get("/figures").text, client.get("/figures.csv").text):
        for secret in (
            cast.practitioner.name,
            cast.caseworker.name,
            cast.case.reference,
            cast.case.display_name,
        ):
            assert secret not in text


def test_reading_leaves_a_row(
    client: StaffClient, cast: Cast, session: Session, measured: list[FollowUpMeeting]
) -> None:
    client.sign_in(cast.authority_leader).get("/figures?period=nonsense")
    rows = session.scalars(select(AccessLog).where(AccessLog.access == Access.FIGURES_READ)).all()
    assert [(row.staff_id, row.case_ids) for row in rows] == [(cast.authority_leader.id, [])]


def test_the_file_holds_the_pages_tables(
    client: StaffClient, cast: Cast, measured: list[FollowUpMeeting]
) -> None:
    answer = client.sign_in(cast.authority_leader).get("/figures.csv?period=all")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [
        "Alle år",
        "Holdt til tiden efter standarden",
        "Familiehuset",
        "Til tiden",
        "6",
        "75 % (41 til 93 %)",
    ] in rows
    assert len({len(row) for row in rows}) == 1


def test_a_unit_named_like_a_formula_is_harmless_in_a_spreadsheet() -> None:
    row = RowPage("=HYPERLINK(1)", False, (CellPage("-3"),))
    text = as_csv([TablePage("x", "T", "", ("C",), (row,))], "P", "–").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ";-3;" in text  # a number, not a formula


def test_the_number_of_queries_does_not_grow(
    client: StaffClient, app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.authority_leader)
    said: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    counts = []
    for _more in range(2):
        for _number in range(4):
            follow(build, build.unit())
        session.commit()
        said.clear()
        client.get("/figures")
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert counts[0] < 20
