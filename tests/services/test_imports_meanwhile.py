"""What happens while an import runs, and when it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode, read_form
from fitsvc.services import imports
from fitsvc.services.administrations import open_form
from fitsvc.services.imports import import_table
from fitsvc.services.ratings import submit_rating
from fitsvc.storage.cases import Case
from fitsvc.storage.engine import writing
from fitsvc.storage.episodes import Episode
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.import_lock import ImportUnderWay, only_import
from fitsvc.storage.imports import ImportBatch, StagedValue
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.organisation import Unit
from fitsvc.storage.publishing import ChangedMeanwhile
from fitsvc.storage.ratings import Rating
from tests.builders import Builder
from tests.cohort.files import mapping_of, open_plain, write
from tests.services.importing import NEW_CASES, ROW, Import, count, stored, transactions_of


@pytest.fixture
def case(build: Builder) -> Case:
    found: Case = build.case(reference="S1")
    build.session.commit()
    return found


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
    catalogue: Catalogue,
    tmp_path: Path,
    now: datetime,
) -> None:
    respondent = build.respondent(build.case(), RaterRole.CHILD)
    waiting = [build.administration(respondent).id for _ in range(600)]
    session.commit()
    session.close()
    sent: list[float] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def send() -> None:
        while waiting and not done.is_set():
            began = time.monotonic()
            try:
                with Session(writing(engine)) as own, own.begin():
                    answer(own, waiting.pop(), catalogue, now)
            except BaseException as error:
                failures.append(error)
                return
            sent.append(time.monotonic() - began)
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


def answer(session: Session, administration_id: UUID, catalogue: Catalogue, now: datetime) -> None:
    """What the respondent's page does when a form is sent."""
    form = open_form(session, administration_id=administration_id, catalogue=catalogue, now=now)
    submit_rating(
        session,
        opened=form,
        form=read_form(form.instrument, form.items, {item.id: "7" for item in form.items}),
        language="da",
        mode=Mode.OWN_DEVICE,
        seconds_used=None,
        now=now,
    )


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fitsvc.storage.engine import build_engine
from fitsvc.services import imports
from tests.cohort.files import mapping_of, open_plain
from tests.keys import KEYS
from tests.services.importing import NEW_CASES, transactions_of
import time

url, file = sys.argv[1:]
def stand_still(*arguments, **keywords):
    print("staged", flush=True)
    time.sleep(60)
imports.publish = stand_still
imports.import_table(
    transactions_of(build_engine(url, KEYS)), table=open_plain(Path(file)), mapping=mapping_of(NEW_CASES),
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
