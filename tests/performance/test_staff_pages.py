"""Today, the caseload, a case and its page for the meeting, for somebody with 200 open cases, at 2,000 and at 20,000
cases in the database.

    make performance PYTEST_ARGS="tests/performance/test_staff_pages.py"

Prints milliseconds, queries and the ratio of the two sizes; a leader who sees everything stands below. The number of
queries is asserted here and, at small scale, in `make test`; nothing is asserted about time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.schema import migrate
from fitsvc.storage.cases import TeamMember
from fitsvc.storage.engine import build_engine, writing
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import invite_cast
from tests.client import StaffClient
from tests.keys import DATA_KEYS, KEYS
from tests.performance.filler import NOW, TODAY, Filler

OWN_CASES = 200
SIZES = (2_000, 20_000)
ROUNDS = 7


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def measure(app: Flask, client: StaffClient, path: str) -> tuple[float, int]:
    """Median milliseconds of a warm page, and its queries.

    Processor time: page and database both run in this process, and other work on the machine is left out.
    """
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        response = client.get(path)
        times.append((time.process_time() - began) * 1000)
        assert response.status_code == 200
    with counted(app) as statements:
        client.get(path)
    return median(times[1:]), len(statements)


class PlainClient(StaffClient):
    """Without the checks of every page, which take longer than the page."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super(StaffClient, self).open(*args, **kwargs)


def test_staff_pages(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    url = f"sqlite:///{tmp_path / 'many.sqlite'}"
    migrate(url, KEYS)
    engine = build_engine(url, KEYS)
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    with Session(writing(engine), expire_on_commit=False) as session:
        cast = invite_cast(Builder(session, catalogue, NOW))
        session.execute(update(TeamMember).values(until_on=TODAY))
        filler = Filler(session, catalogue, cast)
        filler.add(OWN_CASES, own=True)
        app = create_app(
            read_config(
                {
                    "FITSVC_DATABASE_URL": url,
                    "FITSVC_DATA_KEYS": DATA_KEYS,
                    "FITSVC_SECRET_KEY": "a-secret-key-for-tests-only-0123456789",
                    "FITSVC_BASE_URL": "http://localhost",
                    "FITSVC_KOMMUNE_PHONE": "12 34 56 78",
                }
            )
        )
        case_id = session.query(TeamMember.case_id).filter_by(staff_id=cast.practitioner.id, until_on=None)[
            0
        ][0]
        case_page = f"/cases/{case_id}"
        pages = ["/today", "/cases", "/cases?sort=signal", "/cases?missing=1", case_page]
        pages += [f"{case_page}/report", f"{case_page}/report.pdf"]
        for size in SIZES:
            filler.add(size - filler.made, own=False)
            for who in (cast.practitioner, cast.authority_leader):
                client = PlainClient(app).sign_in(who)
                for path in pages:
                    name = path.replace(str(case_id), "<case>")
                    found.setdefault((who.name, name), []).append(measure(app, client, path))
        with app.app_context():
            db.engine.dispose()
    engine.dispose()
    with capsys.disabled():
        print(f"\n{'who':8}{'page':26}{SIZES[0]:>12}{SIZES[1]:>12}{'ratio':>8}{'queries':>10}")
        for (name, page), ((few, one), (many, other)) in found.items():
            print(f"{name:8}{page:26}{few:9.0f} ms{many:9.0f} ms{many / few:8.2f}{one:>7}/{other}")
    assert all(one[1] == other[1] for one, other in found.values())
