"""Imports on a real database of each kind: all rows or none, nothing twice, nobody kept waiting."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fitsvc.cohort.rows import instrument_of
from fitsvc.cohort.table_error import TableError
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode
from fitsvc.services import imports
from fitsvc.services.imports import ImportRefused, Outcome, Transaction, Transactions, import_table
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case, find_case
from fitsvc.storage.engine import writing
from fitsvc.storage.episodes import Episode
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.import_lock import ImportUnderWay, only_import
from fitsvc.storage.imports import ImportBatch, ImportState, StagedTarget, StagedValue
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.organisation import Unit
from fitsvc.storage.publishing import ChangedMeanwhile
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast
from tests.cohort.files import SERIES, mapping_of, open_plain, write
from tests.storage.test_scope import as_actor

NEW_CASES = SERIES.replace(
    'column = "sag"',
    'column = "sag"\ncreate = true\nunit = "Huset"\ncreate_unit = true\nbirth_month = "2012-05"\n'
    'measure_type = "preventive"\nlegal_basis = "barnets lov § 32"\npurpose = "Ro"',
)
JUDGED = "reference_spread = 12\nreliability = 0.8\nreliability_source = 'x'\nminimum = 0"

FORM = """
[case]
column = "sag"

[rater]
role = "teacher"
create = true
name = "Lærer"

[instrument]
id = "wellbeing-professional"
language = "da"
mode = "paper"

[[values]]
date_column = "dato"
items = { ITEMS }
"""

Import = Callable[..., Outcome]


def transactions_of(engine: Engine) -> Transactions:
    def begin(bound: Engine) -> Transaction:
        @contextmanager
        def transaction() -> Iterator[Session]:
            with Session(bound) as session, session.begin():
                yield session

        return transaction

    return Transactions(begin(engine), begin(writing(engine)))


@pytest.fixture
def do_import(
    engine: Engine, session: Session, tmp_path: Path, catalogue: Catalogue, now: datetime
) -> Import:
    """Import a text as CSV; without waiting between two parts."""

    def run(content: str, mapping_text: str = SERIES, *, dry_run: bool = False) -> Outcome:
        session.rollback()  # a look before may still hold the write lock
        mapping = mapping_of(mapping_text)
        return import_table(
            transactions_of(engine),
            table=open_plain(write(tmp_path, content)),
            mapping=mapping,
            instrument=instrument_of(mapping, catalogue, file="m.toml"),
            now=now,
            dry_run=dry_run,
            pause=lambda seconds: None,
        )

    return run


@pytest.fixture
def case(build: Builder) -> Case:
    found: Case = build.case(reference="S1")
    build.session.commit()
    return found


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def stored(session: Session) -> dict[date, float]:
    session.rollback()
    return {row.measured_on: row.value for row in session.scalars(select(ExternalValue))}


def reasons(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in outcome.problems]


ROW = "sag;fravær;dato\nS1;5;02-03-2026\n"


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


# --- ratings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(catalogue: Catalogue) -> tuple[str, str]:
    """The mapping of a teacher's form, and the header of its file."""
    ids = [item.id for item in catalogue.get("wellbeing-professional").items]
    items = ", ".join(f'{one} = "{one}"' for one in ids)
    return FORM.replace("ITEMS", items), ";".join(["sag", "dato", *ids])


def test_answers_become_scored_ratings_of_a_respondent(
    session: Session, case: Case, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    outcome = do_import(f"{header}\nS1;2026-03-02;7;6;5;4;3\nS1;2026-03-09;8;8;8;8;\n", mapping)
    assert (outcome.values, outcome.new_respondents, outcome.problem_count) == (2, 1, 0)
    session.rollback()
    teacher = session.scalars(select(Respondent)).one()
    assert (teacher.case_id, teacher.rater_role, teacher.started_on) == (
        case.id,
        RaterRole.TEACHER,
        date(2026, 3, 2),
    )
    first, second = session.scalars(select(Rating).order_by(Rating.rated_on))
    assert (first.score, first.mode, first.language) == (5, Mode.PAPER, "da")
    assert (second.score, second.notice, second.respondent_id) == (8, False, teacher.id)
    again = do_import(f"{header}\nS1;2026-03-02;7;6;5;4;3\nS1;2026-03-09;8;8;8;8;\n", mapping)
    assert (again.values, again.already_there, again.new_respondents) == (0, 2, 0)
    [(row, reason)] = reasons(do_import(f"{header}\nS1;2026-03-02;7;6;5;4;4\n", mapping))
    assert (row, reason) == (2, "other answers of 2026-03-02 were imported before: nothing is overwritten")


def test_what_the_first_rating_cannot_see_counts_in_none_of_the_series(
    session: Session, case: Case, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    do_import(f"{header}\nS1;2026-03-09;0;8;8;8;8\nS1;2026-03-02;cannot_see;8;8;8;8\n", mapping)
    session.rollback()
    assert session.scalars(select(Rating.score).order_by(Rating.rated_on)).all() == [8, 8]


def test_a_respondent_must_be_there_and_be_the_only_one(
    session: Session, build: Builder, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    case = build.case(reference="S1")
    session.commit()
    row = f"{header}\nS1;2026-03-02;7;6;5;4;3\n"
    known = mapping.replace('create = true\nname = "Lærer"', "")
    assert reasons(do_import(row, known)) == [
        (2, "the case has no respondent teacher (rater.create is not set)")
    ]
    build.respondent(case, RaterRole.TEACHER, setting="3.b")
    build.respondent(case, RaterRole.TEACHER, setting="SFO")
    session.commit()
    assert reasons(do_import(row, known)) == [(2, "the case has 2 of teacher: set rater.setting")]
    chosen = known.replace('role = "teacher"', 'role = "teacher"\nsetting = "SFO"')
    assert do_import(row, chosen).values == 1
    session.rollback()
    assert session.scalars(
        select(Respondent.setting).join(Rating, Rating.respondent_id == Respondent.id)
    ).all() == ["SFO"]


# --- meanwhile -------------------------------------------------------------------------------------------------------


def test_a_value_entered_while_the_import_ran_keeps_it_out(
    session: Session,
    engine: Engine,
    build: Builder,
    case: Case,
    do_import: Import,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    do_import("sag;fravær;dato\nS1;1;01-03-2026\n")
    publish = imports.publish

    def enter_first(*arguments: object, **keywords: object) -> None:
        if engine.dialect.name == "postgresql":
            with Session(engine) as other, other.begin():
                enter(other)
        else:
            enter(arguments[0])  # SQLite lets nobody else write now; the check must see it all the same
        publish(*arguments, **keywords)

    def enter(other: Session) -> None:
        series_id = other.scalars(select(ExternalSeries.id)).one()
        other.add(ExternalValue(series_id=series_id, measured_on=date(2026, 3, 2), value=9, created_at=now))
        other.flush()

    monkeypatch.setattr(imports, "publish", enter_first)
    with pytest.raises(ChangedMeanwhile):
        do_import(ROW)
    assert 5 not in stored(session).values()
    assert count(session, StagedValue) == 0


def test_one_import_at_a_time(engine: Engine) -> None:
    with only_import(engine), pytest.raises(ImportUnderWay), only_import(engine):
        pass
    with only_import(engine):
        pass


def test_ratings_sent_while_a_large_import_runs_are_all_stored(
    session: Session,
    engine: Engine,
    build: Builder,
    tmp_path: Path,
    now: datetime,
) -> None:
    case = build.case()
    respondent = build.respondent(case, RaterRole.CHILD)
    session.commit()
    session.close()
    sent: list[float] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def send() -> None:
        number = 0
        while not done.is_set() or number < 5:
            began = time.monotonic()
            try:
                with Session(writing(engine)) as own, own.begin():
                    own.add(rating_of(case.id, respondent.id, f"{threading.get_ident()}-{number}", now))
            except BaseException as error:
                failures.append(error)
                return
            sent.append(time.monotonic() - began)
            number += 1
            time.sleep(0.02)

    days = [f"{date(2020, 1, 1) + timedelta(days=number):%d-%m-%Y}" for number in range(1000)]
    rows = "".join(f"N{number};1;{day}\n" for day in days for number in range(20))
    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        outcome = import_table(
            transactions_of(engine),
            table=open_plain(write(tmp_path, "sag;fravær;dato\n" + rows)),
            mapping=mapping_of(NEW_CASES),
            instrument=None,
            now=now,
        )
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert outcome.values == 20_000
    assert not failures
    assert count(session, Rating) == len(sent) >= 15
    assert max(sent) < 10


def rating_of(case_id: UUID, respondent_id: UUID, key: str, now: datetime) -> Rating:
    return Rating(
        case_id=case_id,
        respondent_id=respondent_id,
        instrument_id="wellbeing-youth",
        instrument_version="1.0",
        language="da",
        mode=Mode.OWN_DEVICE,
        rated_on=now.date(),
        submitted_at=now,
        answers={},
        score=5.0,
        digest=key,
        import_key=key,
    )


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fitsvc.storage.engine import build_engine
from fitsvc.services import imports
from tests.cohort.files import mapping_of, open_plain
from tests.services.test_imports import NEW_CASES, transactions_of
import time

url, file = sys.argv[1:]
def stand_still(*arguments, **keywords):
    print("staged", flush=True)
    time.sleep(60)
imports.publish = stand_still
imports.import_table(
    transactions_of(build_engine(url)), table=open_plain(Path(file)), mapping=mapping_of(NEW_CASES),
    instrument=None, now=datetime.now(UTC), pause=lambda seconds: None,
)
"""


def test_a_killed_import_leaves_nothing_to_see_and_the_next_one_clears_up(
    session: Session, database_url: str, tmp_path: Path, do_import: Import
) -> None:
    days = [f"{date(2020, 1, 1) + timedelta(days=number):%d-%m-%Y}" for number in range(700)]
    content = "sag;fravær;dato\n" + "".join(f"N1;1;{day}\n" for day in days)
    path = write(tmp_path, content, "killed.csv")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "staged\n"
        process.send_signal(signal.SIGKILL)
    for model in (Case, Episode, ExternalSeries, ExternalValue, Unit, AuditLog):
        assert count(session, model) == 0
    assert count(session, StagedValue) == 700
    session.rollback()
    assert do_import(content, NEW_CASES).values == 700
    assert (count(session, ExternalValue), count(session, StagedValue), count(session, ImportBatch)) == (
        700,
        0,
        1,
    )
