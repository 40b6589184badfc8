"""Every address and every kind of answer carries the headers of the wall. `tests.client` checks them wherever it is
used, so that the walk of every route as every role (test_access) checks them too; here is what it does not reach."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask_login import user_logged_in
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter

from fitsvc.app import create_app
from fitsvc.config import Config
from fitsvc.services.calendar_feeds import make_feed
from fitsvc.services.links import create_link
from fitsvc.web.database import db
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW
from tests.headers import check_headers
from tests.signed_in import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FILLED = {"filename": "css/tokens.css"}
PUBLIC_NAME = "https://maaling.kommune.example"


@pytest.fixture
def https_app(
    config: Config, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    session.commit()
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    app = create_app(replace(config, base_url=PUBLIC_NAME))
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("who", [None, "practitioner", "administrator"])
def test_every_rule_answers_with_the_headers_over_https(
    https_app: Flask, cast: Cast, who: str | None
) -> None:
    client = StaffClient(https_app)  # checks each answer
    if who:
        with client.session_transaction(base_url=PUBLIC_NAME) as cookie:
            cookie.update(signed_in(cast.staff[who]))
    for rule in https_app.url_map.iter_rules():
        values = dict.fromkeys(rule.arguments, "x")
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "UUIDConverter":
                values[name] = str(uuid4())
            if isinstance(converter, AnyConverter):
                values[name] = min(converter.items)
            if name in FILLED:
                values[name] = FILLED[name]
        path = https_app.url_map.bind("maaling.kommune.example", url_scheme="https").build(
            rule.endpoint, values
        )
        for method in sorted({"GET", "POST", "OPTIONS", "PUT", "TRACE"}):
            client.open(path, method=method, base_url=PUBLIC_NAME).close()


def test_files_links_errors_and_redirects_carry_them_too(
    app: Flask, cast: Cast, build: Builder, session: Session
) -> None:
    token = create_link(
        session, administration=build.administration(cast.child), label="", by=None, now=NOW, link_days=21
    )
    feed = make_feed(session, by=acting(cast.caseworker, NOW.date()), now=NOW)
    session.commit()
    browser = app.test_client()
    seen = []
    for method, path, options in (
        ("GET", f"/r/{token}", {}),
        ("POST", f"/r/{token}", {"data": {"q-body": "99"}}),
        ("POST", f"/r/{token}", {"data": "x" * 300_000, "content_type": "application/x-www-form-urlencoded"}),
        ("POST", f"/r/{token}", {"json": {}}),
        ("DELETE", f"/r/{token}", {}),
        ("OPTIONS", f"/r/{token}", {}),
        ("GET", "/r/unknown", {}),
        ("GET", f"/calendar/{feed}.ics", {}),
        ("GET", "/static/css/tokens.css", {}),
        ("GET", "/static/nothing.css", {}),
        ("GET", "/static/../fitsvc/app.py", {}),
        ("GET", "/", {}),
        ("GET", "/login", {}),
        ("PUT", "/login", {}),
        ("POST", "/login", {"data": "x" * 1_000_001, "content_type": "application/x-www-form-urlencoded"}),
        ("POST", "/login", {"json": {}}),
        ("GET", "/nothing", {}),
        ("GET", "/cases", {"headers": {"Host": "evil.example"}}),
    ):
        with browser.open(path, method=method, **options) as answer:
            check_headers(answer)
            seen.append(answer.status_code)
    assert {200, 204, 302, 400, 404, 405, 413, 415, 422} <= set(seen)


def test_every_cookie_is_for_this_host_only_and_out_of_scripts(https_app: Flask, cast: Cast) -> None:
    client = StaffClient(https_app)
    names = set()
    for answer in (
        client.get("/login", base_url=PUBLIC_NAME),
        client.post("/language", data={"language": "en"}, base_url=PUBLIC_NAME),
    ):
        check_headers(answer, https=True)
        names |= {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    with https_app.test_request_context(base_url=PUBLIC_NAME):
        user_logged_in.send(https_app, user=cast.practitioner)
        answer = https_app.process_response(https_app.response_class())
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
            names.add(cookie.partition("=")[0])
    assert {"__Host-fitsvc", "__Host-fitsvc-known"} <= names


def test_a_file_of_ours_may_be_kept_and_is_asked_for_again_with_its_tag(client: StaffClient) -> None:
    first = client.get("/static/css/tokens.css")
    again = client.get("/static/css/tokens.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    first.close()
