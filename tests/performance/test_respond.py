"""The respondent's form and its submission, beside bare Flask handlers on the same server and database.

    make performance PYTEST_ARGS="tests/performance/test_respond.py"

Prints requests per second and the ratio to bare. Nothing is asserted about time.
"""

import multiprocessing
import secrets
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import brotli
import pytest
from flask import Flask, Response, request
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from fitsvc.app import create_app
from fitsvc.config import Config, read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.schema import migrate
from fitsvc.server import Server, settings
from fitsvc.services.links import hash_token
from fitsvc.storage.administrations import Administration, AdministrationState, Link
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import invite_cast

FORM = "wellbeing-youth"
ITEMS = ("one", "two", "three", "four", "five")
ROUNDS = 5
GETS = 600
POSTS = 250
THREADS = 4
BARE_KEEPS_CONNECTIONS = {"/bare": False, "/bare-kept": True}

BARE_SCHEMA = """
CREATE TABLE bare_links (token TEXT PRIMARY KEY, label TEXT);
CREATE TABLE bare_rows (id INTEGER PRIMARY KEY, link TEXT, kind TEXT, answers TEXT);
"""


def bare_app(file: Path, page: str, *, keeps_connections: bool) -> Flask:
    """The least a service could do for the same job: no layers, no idempotence, no log, no receipt.

    A submission writes three rows: the rating, the administration now answered, and the audit row. Measured twice:
    with a connection for each request, as Flask's tutorial does it, and with one kept for each thread, as ours does.
    """
    app = Flask("bare")
    template = app.jinja_env.from_string(page)
    kept = threading.local()

    def connect() -> sqlite3.Connection:
        if keeps_connections and hasattr(kept, "connection"):
            found: sqlite3.Connection = kept.connection
            return found
        connection = sqlite3.connect(file, isolation_level=None, timeout=15)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if keeps_connections:
            kept.connection = connection
        return connection

    def leave(connection: sqlite3.Connection) -> None:
        if not keeps_connections:
            connection.close()

    @app.get("/<token>")
    def show(token: str) -> Response:
        connection = connect()
        row = connection.execute("SELECT label FROM bare_links WHERE token = ?", (token,)).fetchone()
        leave(connection)
        text = template.render(label=row[0])
        return Response(
            brotli.compress(text.encode(), mode=brotli.MODE_TEXT, quality=4),
            headers={"Content-Encoding": "br", "Content-Type": "text/html; charset=utf-8"},
        )

    @app.post("/<token>")
    def take(token: str) -> str:
        answers = [float(request.form[item]) for item in ITEMS]
        if not all(0 <= answer <= 10 for answer in answers):
            return "no"
        connection = connect()
        connection.execute("BEGIN IMMEDIATE")
        for kind in ("rating", "administration", "audit"):
            connection.execute(
                "INSERT INTO bare_rows (link, kind, answers) VALUES (?, ?, ?)", (token, kind, str(answers))
            )
        connection.execute("COMMIT")
        leave(connection)
        return "received"

    return app


class Both(Server):
    """Our service and the bare handlers in one gunicorn worker."""

    def load(self) -> Any:
        app = create_app(self.config)
        self.app = app
        file = Path(self.config.database_url.removeprefix("sqlite:///"))
        link = self.settings_of_test["sample"]
        page = app.test_client().get(f"/r/{link}").get_data(as_text=True)
        # The same bytes to render and compress, with one value to fill in.
        page = "{% raw %}" + page + "{% endraw %}{{ label }}"
        bare: dict[str, Any] = {
            path: bare_app(file, page, keeps_connections=keeps)
            for path, keeps in BARE_KEEPS_CONNECTIONS.items()
        }
        return DispatcherMiddleware(app, bare)

    def __init__(self, config: Config, options: dict[str, Any], sample: str) -> None:
        self.settings_of_test = {"sample": sample}
        super().__init__(config, options)


def serve(environment: dict[str, str], port: int, sample: str) -> None:
    """In a process of its own."""
    options = settings("127.0.0.1", port, workers=1) | {"accesslog": None, "loglevel": "error"}
    Both(read_config(environment), options, sample).run()


class Fixture:
    """A running server, and tokens nobody has used."""

    def __init__(self, port: int, tokens: list[str], items: tuple[str, ...]) -> None:
        self.port = port
        self.tokens = tokens
        self.items = items


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Fixture]:
    file = tmp_path_factory.mktemp("performance") / "performance.sqlite"
    environment = {"FITSVC_DEMO": "1", "FITSVC_DATABASE_URL": f"sqlite:///{file}"}
    config = read_config(environment)
    migrate(config.database_url, config.data_keys)
    engine = writing(build_engine(config.database_url, config.data_keys))
    with Session(engine) as session:
        build = Builder(session, catalogue, datetime.now(UTC))
        cast = invite_cast(build)
        tokens = add_links(session, catalogue, cast.child, ROUNDS * POSTS + GETS)
        session.commit()
    with sqlite3.connect(file) as connection:
        connection.executescript(BARE_SCHEMA)
        connection.executemany("INSERT INTO bare_links VALUES (?, 'Ravn')", [(token,) for token in tokens])
    engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(environment, port, tokens[0]))
    process.start()
    wait_for(port)
    yield Fixture(port, tokens, tuple(item.id for item in catalogue.get(FORM).items))
    process.terminate()
    process.join(10)


def add_links(session: Session, catalogue: Catalogue, child: Respondent, number: int) -> list[str]:
    now = datetime.now(UTC)
    tokens = [secrets.token_urlsafe(24) for _ in range(number)]
    keys = [uuid4() for _ in tokens]
    session.execute(
        insert(Administration),
        [
            {
                "id": key,
                "case_id": child.case_id,
                "respondent_id": child.id,
                "instrument_id": FORM,
                "instrument_version": catalogue.get(FORM).version,
                "due_on": now.date(),
                "state": AdministrationState.OPEN,
                "created_at": now,
            }
            for key in keys
        ],
    )
    session.execute(
        insert(Link),
        [
            {
                "id": uuid4(),
                "administration_id": key,
                "token_hash": hash_token(token),
                "label": "",
                "created_at": now,
                "expires_at": now + timedelta(days=10),
            }
            for key, token in zip(keys, tokens, strict=True)
        ],
    )
    return tokens


def wait_for(port: int) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not start")


def requests_per_second(port: int, requests: list[bytes]) -> float:
    """Send all on a few keep-alive connections and count; fails on any answer but 200."""
    parts = [requests[number::THREADS] for number in range(THREADS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda part: send_all(port, part), parts))
    return len(requests) / (time.perf_counter() - started)


def send_all(port: int, requests: list[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for one in requests:
            connection.sendall(one)
            read_answer(connection)


def read_answer(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        assert more, "the server hung up"
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n", 1)[0], head[:300]
    length = int(
        next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")).split()[1]
    )
    while len(body) < length:
        body += connection.recv(65536)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n".encode()


def post(path: str, fields: dict[str, str]) -> bytes:
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def report(name: str, ours: list[float], bare: dict[str, list[float]]) -> None:
    best = max(ours)
    print(f"\n{name:<20}{best:>8.0f}/s")
    for path, rounds in bare.items():
        kept = "connections kept" if BARE_KEEPS_CONNECTIONS[path] else "a connection each"
        print(f"  bare, {kept:<20}{max(rounds):>8.0f}/s  ratio {best / max(rounds):.2f}")


def test_opening_the_form(running: Fixture) -> None:
    tokens = running.tokens[-GETS:]
    ours: list[float] = []
    bare: dict[str, list[float]] = {path: [] for path in BARE_KEEPS_CONNECTIONS}
    for _round in range(ROUNDS):
        for path, rounds in bare.items():
            rounds.append(requests_per_second(running.port, [get(f"{path}/{token}") for token in tokens]))
        ours.append(requests_per_second(running.port, [get(f"/r/{token}") for token in tokens]))
    report("open the form", ours, bare)


def test_sending_the_form(running: Fixture) -> None:
    tokens = iter(running.tokens[: ROUNDS * POSTS])
    ours: list[float] = []
    bare: dict[str, list[float]] = {path: [] for path in BARE_KEEPS_CONNECTIONS}
    for _round in range(ROUNDS):
        mine = [next(tokens) for _ in range(POSTS)]
        for path, rounds in bare.items():
            sent = [post(f"{path}/{token}", dict.fromkeys(ITEMS, "7")) for token in mine]
            rounds.append(requests_per_second(running.port, sent))
        fields = {f"q-{item}": "7" for item in running.items}
        ours.append(requests_per_second(running.port, [post(f"/r/{token}", fields) for token in mine]))
    report("send the form", ours, bare)
