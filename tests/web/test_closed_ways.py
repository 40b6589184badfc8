"""What an installation does without is not there: to nobody, by no method, with and without a token."""

import pytest
from flask import Flask

from fitsvc.web.access import CLOSED
from tests.client import CSRF
from tests.web.answers import Answer, answer_of
from tests.web.walk import IDS, Bare, Furnished, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

METHODS = ("GET", "POST", "PUT", "DELETE")
OWN_SITE = {"Sec-Fetch-Site": "same-origin"}


def ways(app: Flask, own: Furnished) -> dict[str, str]:
    """The address of each closed endpoint."""
    adapter = app.url_map.bind("localhost")
    return {
        rule.endpoint: adapter.build(rule.endpoint, {name: IDS[name](own) for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if rule.endpoint in app.extensions[CLOSED]
    }


def asked(browser: Bare, method: str, path: str, data: dict[str, str]) -> Answer:
    return answer_of(browser.open(path, method=method, data=data, headers=OWN_SITE), path)


def test_without_a_provider_the_kommunes_ways_look_like_no_page_to_everybody(world: World) -> None:
    closed = ways(world.app, world.own)
    assert {"kommune_sign_in.resume", "kommune_sign_in.let_in", "kommune_sign_in.back_channel"} <= set(closed)
    wrong = []
    for who in (None, "practitioner", "administrator"):
        browser = world.browser(who, Bare)
        token = CSRF.search(browser.get("/login" if who is None else "/account").text)
        assert token
        for method in METHODS:
            for data in ({}, {"csrf_token": token.group(1)}):
                nothing = asked(browser, method, "/sign-in/no-such-page", data)
                assert nothing.status == 404
                for endpoint, path in closed.items():
                    found = asked(browser, method, path, data)
                    if found != nothing:
                        wrong.append(f"{method} {endpoint} as {who} with {set(data)}: {found}")
    assert not wrong, "\n".join(wrong)
