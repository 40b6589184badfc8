"""What a client writes about itself is believed only as far as the declared proxies vouch for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask, request

from fitsvc.app import create_app
from fitsvc.config import Config
from fitsvc.web.database import db

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PROXY = "10.0.0.1"
SPOOFED = {
    "X-Forwarded-For": "6.6.6.6, 192.0.2.7",
    "X-Forwarded-Proto": "gopher, https",
    "X-Forwarded-Host": "evil.example, localhost",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
}
"""The client wrote the left half; the one proxy in front added the right half."""


@contextmanager
def served(config: Config, proxies: int) -> Iterator[tuple[Flask, list[tuple[str | None, str, str, str]]]]:
    app = create_app(replace(config, trusted_proxies=proxies))
    seen: list[tuple[str | None, str, str, str]] = []
    app.before_request_funcs[None].insert(
        0, lambda: seen.append((request.remote_addr, request.host, request.scheme, request.script_root))
    )
    yield app, seen
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [(0, (PROXY, "localhost", "http", "")), (1, ("192.0.2.7", "localhost", "https", ""))],
)
def test_a_client_cannot_say_who_it_is(
    config: Config, proxies: int, expected: tuple[str, str, str, str]
) -> None:
    with served(config, proxies) as (app, seen):
        answer = app.test_client().get("/cases", headers=SPOOFED, environ_overrides={"REMOTE_ADDR": PROXY})
    assert seen == [expected]
    assert answer.location == "/login?next=/cases"


def test_a_name_the_proxy_passes_on_is_held_against_ours_too(config: Config) -> None:
    with served(config, 1) as (app, seen):
        answer = app.test_client().get("/login", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert not seen


def test_a_form_from_another_site_is_not_looked_at(config: Config) -> None:
    with served(config, 0) as (app, _seen):
        client = app.test_client()
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
        ):
            assert client.post("/language", data={"language": "en"}, headers=headers).status_code == 400
