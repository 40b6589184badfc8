"""A meeting's pages, holding it with both papers frozen, and the key figures, beside bare handlers in the same process.

    make performance PYTEST_ARGS="tests/performance/test_meetings.py"

Bare is a Flask handler that reads one row and renders the same bytes from a template; for holding it also makes the
two PDFs from nearly empty pages, and stores three rows. Prints processor milliseconds, ratios and queries, and how long
a hold keeps the write lock. Nothing is asserted about time.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.schema import migrate
from fitsvc.storage.cases import TeamMember
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.database import db
from fitsvc.web.documents.pdf import make_pdf
from tests.builders import Builder
from tests.cast import Cast, invite_cast
from tests.performance.filler import NOW, TODAY, Filler
from tests.performance.test_staff_pages import PlainClient, counted

CASES = 5_000
OWN_CASES = 20
RATINGS = 17
"""From each voice of a case: 170,000 in all."""
ROUNDS = 7
EMPTY_PAGE = "<!doctype html><html lang=da><title>bare</title><h1>bare</h1></html>"
HELD = {
    "held_on": f"{TODAY:%d.%m.%Y}",
    "child_heard": "present",
    "decision": "continue",
    "next_on": "16.06.2026",
    "next_reason": "Before the summer",
    "grounds-decided_by": "caseworker",
}


@dataclass(frozen=True)
class Kommune:
    app: Flask
    cast: Cast
    file: Path
    meetings: list[tuple[UUID, UUID]]
    """Meetings of own cases still to be held, with their case."""


@pytest.fixture(scope="module")
def kommune(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Kommune]:
    file = tmp_path_factory.mktemp("meetings") / "meetings.sqlite"
    config = read_config({"FITSVC_DEMO": "1", "FITSVC_DATABASE_URL": f"sqlite:///{file}"})
    migrate(config.database_url, config.data_keys)
    engine = build_engine(config.database_url, config.data_keys)
    with Session(writing(engine), expire_on_commit=False) as session:
        cast = invite_cast(Builder(session, catalogue, NOW))
        session.execute(update(TeamMember).values(until_on=TODAY))
        filler = Filler(session, catalogue, cast, other_ratings=RATINGS)
        filler.add(OWN_CASES, own=True)
        filler.add(CASES - OWN_CASES, own=False)
        own = select(TeamMember.case_id).where(
            TeamMember.staff_id == cast.practitioner.id, TeamMember.until_on.is_(None)
        )
        rows = session.execute(
            select(FollowUpMeeting.case_id, FollowUpMeeting.id).where(
                FollowUpMeeting.case_id.in_(own), FollowUpMeeting.held_on.is_(None)
            )
        )
        meetings = [(case_id, meeting_id) for case_id, meeting_id in rows]
        session.commit()
    engine.dispose()
    app = create_app(config)
    yield Kommune(app, cast, file, meetings)
    with app.app_context():
        db.engine.dispose()


def bare_app(file: Path, page: str) -> Flask:
    app = Flask("bare")
    template = app.jinja_env.from_string("{% raw %}" + page + "{% endraw %}{{ label }}")
    connection = sqlite3.connect(file, isolation_level=None, timeout=15)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare_rows (kind TEXT, content BLOB)")

    @app.get("/")
    def show() -> str:
        (label,) = connection.execute("SELECT reference FROM cases LIMIT 1").fetchone()
        return template.render(label=label)

    @app.post("/")
    def hold() -> str:
        papers = [make_pdf(EMPTY_PAGE, static_url_path="/static") for _ in range(2)]
        connection.execute("BEGIN IMMEDIATE")
        for kind, content in zip(("report", "child", "audit"), (*papers, b""), strict=True):
            connection.execute("INSERT INTO bare_rows VALUES (?, ?)", (kind, content))
        connection.execute("COMMIT")
        return "held"

    return app


def milliseconds(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median processor time, the first round left out: both page and database run in this process."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        answer = act()
        times.append((time.process_time() - began) * 1000)
        assert answer.status_code in (200, 303), answer.text
    return median(times[1:])


def test_pages_around_a_meeting_and_key_figures(
    kommune: Kommune, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    case_id, meeting_id = kommune.meetings[-1]
    meeting = f"/cases/{case_id}/meetings/{meeting_id}"
    pages = [(kommune.cast.practitioner, f"{meeting}/{page}") for page in ("ask", "prepare", "room", "hold")]
    pages.append((kommune.cast.authority_leader, "/figures"))
    with capsys.disabled():
        print(f"\n{'page':12}{'ours':>12}{'bare':>12}{'ratio':>8}{'queries':>9}")
    for who, path in pages:
        client = PlainClient(kommune.app).sign_in(who)
        bare = bare_app(kommune.file, client.get(path).text).test_client()
        ours, least = milliseconds(lambda: client.get(path)), milliseconds(lambda: bare.get("/"))  # noqa: B023
        with counted(kommune.app) as statements:
            client.get(path)
        with capsys.disabled():
            name = path.rsplit("/", 1)[1]
            print(f"{name:12}{ours:9.1f} ms{least:9.2f} ms{ours / least:8.0f}{len(statements):9}")


def test_holding_a_meeting_with_its_papers(
    kommune: Kommune, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    client = PlainClient(kommune.app).sign_in(kommune.cast.practitioner)
    bare = bare_app(kommune.file, "").test_client()
    locked: list[float] = []
    with kommune.app.app_context():
        engine = db.engine
    began = [0.0]

    def note_begin(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            began[0] = time.process_time()

    def note_commit(_connection: object) -> None:
        if began[0]:
            locked.append((time.process_time() - began[0]) * 1000)
            began[0] = 0.0

    event.listen(engine, "before_cursor_execute", note_begin)
    event.listen(engine, "commit", note_commit)
    meetings = iter(kommune.meetings)

    def hold() -> Any:
        case_id, meeting_id = next(meetings)
        return client.send(f"/cases/{case_id}/meetings/{meeting_id}/hold", HELD)

    ours, least = milliseconds(hold), milliseconds(lambda: bare.post("/"))
    event.remove(engine, "before_cursor_execute", note_begin)
    event.remove(engine, "commit", note_commit)
    with capsys.disabled():
        print(f"\n{'hold':12}{ours:9.0f} ms{least:9.0f} ms{ours / least:8.1f}")
        print(f"{'':12}the write lock is held for {max(locked[-(ROUNDS - 1) :]):.0f} ms at most")
