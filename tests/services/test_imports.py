"""Imports on a real database of each kind: all rows or none, and nothing twice."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.cohort.table_error import TableError
from fitsvc.domain.audit import Act
from fitsvc.domain.rater import RaterRole
from fitsvc.services.imports import ImportRefused
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case, find_case
from fitsvc.storage.episodes import Episode
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.imports import ImportBatch, ImportState, StagedTarget, StagedValue
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.organisation import Unit
from tests.builders import Builder
from tests.cast import Cast
from tests.cohort.files import SERIES
from tests.services.importing import JUDGED, NEW_CASES, ROW, Import, count, reasons, stored
from tests.storage.test_scope import as_actor


@pytest.fixture
def case(build: Builder) -> Case:
    found: Case = build.case(reference="S1")
    build.session.commit()
    return found


def test_values_of_a_known_case_are_stored_with_series_batch_and_audit_row(
    session: Session, case: Case, do_import: Import, now: datetime
) -> None:
    outcome = do_import(ROW + "S1;7,5;09-03-2026\n", SERIES.replace("minimum = 0", JUDGED))
    assert (outcome.rows, outcome.values, outcome.new_cases, outcome.new_series) == (2, 2, 0, 1)
    session.rollback()
    series = session.scalars(select(ExternalSeries)).one()
    assert (series.case_id, series.series_key, series.sd, series.reliability) == (case.id, "absence", 12, 0.8)
    assert series.rater_role is RaterRole.TEACHER
    assert stored(session) == {date(2026, 3, 2): 5, date(2026, 3, 9): 7.5}
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.row_count, batch.published_at) == (ImportState.PUBLISHED, 2, now)
    assert {value.import_batch_id for value in session.scalars(select(ExternalValue))} == {batch.id}
    audit = session.scalars(select(AuditLog).where(AuditLog.act == Act.RATINGS_IMPORTED)).one()
    assert (audit.details["values"], audit.details["rows"], audit.details["target"]) == (2, 2, "absence")
    assert count(session, StagedValue) == count(session, StagedTarget) == 0


@pytest.mark.usefixtures("case")
def test_one_bad_row_among_many_keeps_all_out(session: Session, do_import: Import) -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(1200)]
    rows = "".join(f"S1;{number % 100};{day:%d-%m-%Y}\n" for number, day in enumerate(days))
    outcome = do_import("sag;fravær;dato\n" + rows + "S1;101;02-03-2026\nS2;5;02-03-2026\n")
    assert reasons(outcome) == [
        (1202, "not on the scale 0 to 100"),
        (1203, "there is no case with this reference (case.create is not set)"),
    ]
    for model in (ExternalValue, ExternalSeries, StagedValue, StagedTarget, ImportBatch, AuditLog):
        assert count(session, model) == 0


@pytest.mark.usefixtures("case")
def test_problems_are_counted_when_there_are_too_many_to_tell(do_import: Import) -> None:
    outcome = do_import("sag;fravær;dato\n" + "S1;x;02-03-2026\n" * 150)
    assert (len(outcome.problems), outcome.problem_count, outcome.rows) == (100, 150, 150)
    assert [one.row for one in outcome.problems] == list(range(2, 102))


@pytest.mark.usefixtures("case")
def test_a_dry_run_checks_as_much_and_stores_nothing(session: Session, do_import: Import) -> None:
    outcome = do_import(ROW + "S2;5;02-03-2026\nS2;6;03-03-2026\n", NEW_CASES, dry_run=True)
    assert (outcome.values, outcome.new_cases, outcome.new_series, outcome.problem_count) == (3, 1, 2, 0)
    assert do_import(ROW + "S2;5;02-03-2026\n", dry_run=True).problem_count == 1
    for model in (ExternalValue, ExternalSeries, StagedValue, StagedTarget, ImportBatch, AuditLog, Unit):
        assert count(session, model) == 0
    assert count(session, Case) == 1


@pytest.mark.usefixtures("case")
def test_the_same_file_twice_stores_nothing_twice(session: Session, do_import: Import) -> None:
    do_import(ROW + "S1;6;03-03-2026\n")
    outcome = do_import(ROW + "S1;6;03-03-2026\nS1;7;04-03-2026\n")
    assert (outcome.values, outcome.already_there, outcome.new_series) == (1, 2, 0)
    assert len(stored(session)) == 3


@pytest.mark.usefixtures("case")
def test_another_value_for_a_day_that_has_one_is_a_conflict(session: Session, do_import: Import) -> None:
    do_import(ROW)
    outcome = do_import(ROW.replace(";5;", ";6;") + "S1;7;04-03-2026\n")
    assert reasons(outcome) == [(2, "the case has 5 on 2026-03-02 already: correct it there, or in the file")]
    assert stored(session) == {date(2026, 3, 2): 5}


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("change", ["maximum = 99", 'unit = "dage"', 'role = "child"'])
def test_a_series_keeps_its_meaning(do_import: Import, change: str) -> None:
    do_import(ROW)
    key = change.split(" = ")[0]
    changed = "\n".join(change if line.startswith(f"{key} =") else line for line in SERIES.splitlines())
    [(_, reason)] = reasons(do_import(ROW, changed))
    assert reason.startswith("the case has a series 'absence'")


@pytest.mark.usefixtures("case")
def test_a_series_keeps_its_reference_spread_and_that_is_told(session: Session, do_import: Import) -> None:
    do_import(ROW, SERIES.replace("minimum = 0", JUDGED))
    outcome = do_import(ROW, SERIES.replace("minimum = 0", JUDGED.replace("12", "13")))
    assert outcome.kept_figures == 1
    session.rollback()
    assert session.scalars(select(ExternalSeries.sd)).one() == 12
    assert do_import(ROW, SERIES.replace("minimum = 0", JUDGED)).kept_figures == 0


def test_a_closed_case_takes_no_values(session: Session, build: Builder, do_import: Import) -> None:
    build.case(reference="S1", closed_on=date(2026, 3, 1))
    session.commit()
    assert reasons(do_import(ROW)) == [(2, "the case was closed on 2026-03-01")]


def test_new_cases_begin_on_their_first_day_and_are_seen_by_the_leaders(
    session: Session, cast: Cast, build: Builder, do_import: Import
) -> None:
    text = NEW_CASES.replace('"Huset"', '"Familiehuset"')
    outcome = do_import("sag;fravær;dato\nN1;5;02-03-2026\nN1;6;23-02-2026\nN2;6;03-03-2026\n", text)
    assert (outcome.new_cases, outcome.new_series, outcome.values) == (2, 2, 3)
    session.rollback()
    case = session.scalars(select(Case).where(Case.reference == "N1")).one()
    episode = session.scalars(select(Episode).where(Episode.case_id == case.id)).one()
    assert case.opened_on == episode.started_on == date(2026, 2, 23)
    assert (case.display_name, case.birth_month, episode.unit_id) == (
        "N1",
        date(2012, 5, 1),
        cast.provider.id,
    )

    def sees(staff: Staff) -> bool:
        return find_case(session, as_actor(staff, build), case.id) is not None

    assert [sees(one) for one in (cast.authority_leader, cast.provider_leader, cast.practitioner)] == [
        True,
        True,
        False,
    ]


def test_a_case_whose_rows_stand_far_apart_is_opened_once(session: Session, do_import: Import) -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(400)]
    rows = "".join(f"N{number % 3};1;{day:%d-%m-%Y}\n" for day in days for number in range(3))
    assert do_import("sag;fravær;dato\n" + rows, NEW_CASES).new_cases == 3
    assert (count(session, Case), count(session, ExternalValue)) == (3, 1200)


def test_the_unit_of_new_cases_must_be_there_unless_it_may_be_made(
    session: Session, do_import: Import
) -> None:
    with pytest.raises(ImportRefused, match="there is no unit 'Huset'"):
        do_import(ROW, NEW_CASES.replace("create_unit = true", ""))
    assert count(session, ImportBatch) == 0
    do_import(ROW, NEW_CASES)
    session.rollback()
    assert session.scalars(select(Unit.name)).all() == ["Huset"]


def test_a_file_that_breaks_off_leaves_nothing(session: Session, case: Case, do_import: Import) -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(600)]
    rows = "".join(f"S1;1;{day:%d-%m-%Y}\n" for day in days)
    with pytest.raises(TableError, match="row 602"):
        do_import("sag;fravær;dato\n" + rows + 'S1;"1;02-03-2026\n')
    assert count(session, StagedValue) == count(session, ImportBatch) == count(session, ExternalValue) == 0
