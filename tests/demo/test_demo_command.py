"""`fitsvc demo`: what it makes, what it refuses, what it prints."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import Config, read_config
from fitsvc.demo.build import Demo, build_demo
from fitsvc.demo.command import DemoRefused, as_json, as_text, make_demo
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Role
from fitsvc.instruments import load_catalogue
from fitsvc.storage.accounts import find_staff_by_email
from fitsvc.storage.administrations import Link
from fitsvc.storage.cases import Case
from fitsvc.storage.engine import writing
from fitsvc.storage.ratings import Rating
from fitsvc.web.database import db
from tests.builders import Builder
from tests.client import CSRF, StaffClient
from tests.conftest import NOW
from tests.demo.conftest import MONDAY, quick_hash
from tests.keys import DATA_KEYS
from tests.signed_in import login_key_of

RANDOM_COLUMNS = {"password", "pin_hash", "fs_uniquifier", "token_hash"}


@pytest.fixture
def demo_config(database_url: str) -> Config:
    address = database_url.replace("+psycopg", "")
    return read_config(
        {
            "FITSVC_DEMO": "1",
            "FITSVC_DATABASE_URL": address,
            "FITSVC_DATA_KEYS": DATA_KEYS,
        }  # the fixtures' keys
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the slow password hashes; nobody signs in."""
    monkeypatch.setattr("fitsvc.demo.build.hash_secret", quick_hash)


def make(config: Config, *, today: date = MONDAY, reset: bool = False) -> Demo:
    return make_demo(config, today=today, real_today=MONDAY, reset=reset)


def plain(demo: Demo) -> list[dict[str, Any]]:
    """Every row as plain values, without those that are drawn anew each time."""
    return [
        {"table": row.__tablename__}
        | {name: getattr(row, name) for name in row.__table__.columns.keys() if name not in RANDOM_COLUMNS}  # noqa: SIM118
        for row in demo.rows.listed()
    ]


@pytest.mark.usefixtures("quick")
def test_two_demos_for_the_same_day_differ_in_secrets_only(catalogue: Catalogue) -> None:
    one, other = build_demo(MONDAY, catalogue), build_demo(MONDAY, catalogue)
    assert plain(one) == plain(other)
    assert one.staff != other.staff
    assert {link.token for link in one.links}.isdisjoint(link.token for link in other.links)


@pytest.mark.usefixtures("quick")
def test_the_scores_are_the_same_whichever_day_it_is(catalogue: Catalogue) -> None:
    scores = [
        [row["score"] for row in plain(build_demo(day, catalogue)) if row["table"] == "ratings"]
        for day in (MONDAY, MONDAY + timedelta(days=2))
    ]
    assert scores[0] == scores[1]
    assert len(scores[0]) > 1500


@pytest.mark.usefixtures("quick")
def test_an_empty_database_is_filled_and_a_second_time_refused(demo_config: Config, engine: Engine) -> None:
    demo = make(demo_config)
    with Session(engine) as session:
        assert session.scalar(select(func.count(Case.id))) == len(demo.cases) >= 24
        before = session.scalars(select(Link.token_hash).order_by(Link.id)).all()
    with pytest.raises(DemoRefused, match="--reset"):
        make(demo_config)
    with Session(engine) as session:
        assert session.scalars(select(Link.token_hash).order_by(Link.id)).all() == before


@pytest.mark.usefixtures("quick")
def test_reset_builds_the_demo_anew(demo_config: Config, engine: Engine) -> None:
    make(demo_config, today=MONDAY - timedelta(days=30))
    demo = make(demo_config, reset=True)
    with Session(engine) as session:
        assert session.scalar(select(func.count(Rating.id))) == sum(
            row["table"] == "ratings" for row in plain(demo)
        )
        assert session.scalar(select(func.max(Rating.rated_on))) > MONDAY - timedelta(days=14)
    engine.dispose()


@pytest.mark.usefixtures("quick")
def test_reset_never_touches_a_database_that_is_no_demo(demo_config: Config, build: Builder) -> None:
    case = build.case()
    build.session.commit()
    for reset in (False, True):
        with pytest.raises(DemoRefused, match="no demo"):
            make(demo_config, reset=reset)
    build.session.expire_all()
    assert build.session.get(Case, case.id) is not None


def test_outside_demo_mode_nothing_is_made(config: Config, session: Session) -> None:
    with pytest.raises(DemoRefused, match="FITSVC_DEMO=1"):
        make(config, reset=True)
    assert session.scalars(select(Case)).all() == []


@pytest.mark.usefixtures("quick")
def test_json_holds_what_programs_need(catalogue: Catalogue) -> None:
    demo = build_demo(MONDAY, catalogue)
    told = json.loads(as_json(demo, "http://localhost"))
    assert set(told) == {"base_url", "staff", "links", "cases"}
    assert {one["role"] for one in told["staff"]} == {role.value for role in Role}
    assert all(set(one) == {"role", "email", "password"} for one in told["staff"])
    assert all(set(one) == {"rater_role", "instrument", "url", "case"} for one in told["links"])
    assert all(set(one) == {"id", "reference", "pattern"} for one in told["cases"])
    assert len(told["links"]) >= 30
    assert {one["instrument"] for one in told["links"]} == {one.id for one in catalogue.current()}
    assert {one["rater_role"] for one in told["links"]} == {role.value for role in RaterRole}
    assert {one["case"] for one in told["links"]} <= {one["id"] for one in told["cases"]}


@pytest.mark.usefixtures("quick")
def test_the_plain_words_name_logins_three_links_and_how_to_stop(catalogue: Catalogue) -> None:
    demo = build_demo(MONDAY, catalogue)
    text = as_text(demo, "http://localhost", MONDAY)
    assert text.count("http://localhost/r/") == 3
    assert all(drawn.password in text for drawn in demo.staff.values())
    assert "Ctrl-C" in text


def test_the_command_prints_one_json_object_and_nothing_else(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error::DeprecationWarning:fitsvc",
        "-c",
        "from fitsvc.cli import main; main()",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FITSVC_")}
    database = tmp_path / "new" / "folder" / "demo.sqlite"

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, "demo", *arguments],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    refused = run("--json")
    assert refused.returncode != 0
    assert "FITSVC_DEMO=1" in refused.stderr
    assert refused.stdout == ""
    settings = {"FITSVC_DEMO": "1", "FITSVC_DATABASE_URL": f"sqlite:///{database}"}
    made = run("--json", "--today", "2026-05-05", **settings)
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout)["base_url"] == "http://127.0.0.1:8000"
    again = run("--json", **settings)
    assert again.returncode != 0
    assert "--reset" in again.stderr
    assert again.stdout == ""


@pytest.fixture
def running(demo_config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Demo]]:
    """The service on a demo that lives 40 days ahead of the clock."""
    demo = make(demo_config, today=MONDAY + timedelta(days=40))
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    app = create_app(demo_config)
    app.testing = True
    yield app, demo
    with app.app_context():
        db.engine.dispose()


@pytest.mark.usefixtures("quick")
def test_every_link_opens_its_form(running: tuple[Flask, Demo]) -> None:
    app, demo = running
    client = app.test_client()
    told = json.loads(as_json(demo, "http://localhost"))
    answers = {link["url"]: client.get(urlsplit(link["url"]).path).status_code for link in told["links"]}
    assert set(answers.values()) == {200}


def test_every_member_of_staff_can_sign_in(running: tuple[Flask, Demo]) -> None:
    app, demo = running
    for one in json.loads(as_json(demo, "http://localhost"))["staff"]:
        client = app.test_client()
        found = CSRF.search(client.get("/login").text)
        token = found.group(1) if found else ""
        wrong = {"email": one["email"], "password": "not the password", "csrf_token": token}
        assert client.post("/login", data=wrong).status_code == 200
        answer = client.post("/login", data=wrong | {"password": one["password"]})
        assert (answer.status_code, one["email"]) == (302, one["email"])
        assert "/login" not in answer.location


GRAPHS = re.compile(r'class="(?:chart-svg|small-curve)"')


@pytest.mark.usefixtures("quick")
def test_every_graph_leads_to_how_it_is_read(running: tuple[Flask, Demo]) -> None:
    app, demo = running
    staff = json.loads(as_json(demo, "http://localhost"))["staff"]
    email = next(one["email"] for one in staff if one["role"] == Role.AUTHORITY_LEADER)
    with app.app_context():
        leader = find_staff_by_email(db.session, email)
        assert leader is not None
        with Session(writing(db.engine)) as session, session.begin():
            Builder(session, load_catalogue(None), NOW).sign_in(leader, login_key_of(leader))
        client = StaffClient(app).sign_in(leader)
    with_externals = next(one.id for one in demo.cases if one.pattern == "external_series")
    for path in ("/today", "/cases", f"/cases/{with_externals}", f"/cases/{with_externals}/report"):
        page = client.get(path).text
        figures = page.split('<figure class="curve"')[2:]  # the link of the first stands beside its heading
        assert GRAPHS.search(page), path
        assert 'href="/method"' in page, path
        assert all('href="/method"' in figure.split("</figure>")[0] for figure in figures), path
