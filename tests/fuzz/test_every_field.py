"""Hostile input in every field of every form of a whole kommune: no failure, no trace of the code, nothing by half.

The forms are found as a browser would find them, from the start page of each kind of staff and from the links of
respondents; a new form is found without a line here. `UNREACHED` says which posts no page of the demo offers.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote_plus, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from fitsvc.app import create_app
from fitsvc.config import read_config
from fitsvc.demo.build import Demo
from fitsvc.demo.command import make_demo
from fitsvc.domain.roles import Role
from fitsvc.services.sign_ins import begin
from fitsvc.storage.accounts import SignInWay, Staff
from fitsvc.storage.engine import writing
from fitsvc.web.access_register import REGISTER
from fitsvc.web.database import db
from tests.client import CSRF, StaffClient
from tests.conftest import NOW
from tests.demo.conftest import MONDAY, quick_hash
from tests.fuzz.forms import Form, links_and_forms
from tests.fuzz.hostile import HOSTILE, RAW, Changes, check
from tests.signed_in import signed_in

PAGES_OF_A_KIND = 2
"""How many pages of one endpoint each person looks at: the same form of the tenth case is the same form."""
FORMS_OF_A_KIND = 2
START = {"administrator": "/admin/", "auditor": "/log"}
NOT_PRESSED = {"security.logout"}
_UNREACHED_BECAUSE = {
    "a step on the way in, which whoever is signed in has behind them": (
        "confirm.ask",
        "second_factor.ask",
        "second_factor.set_up",
        "second_factor.set_up_app",
        "second_factor.set_up_passkey",
    ),
    "behind a link sent by mail, or a page only an installation with mail shows": (
        "account_links.change_address",
        "account_links.choose_password",
        "account_links.confirm_address",
        "account_links.forgot_password",
    ),
    "the demo has no provider of the kommune's": (
        "kommune_sign_in.back_channel",
        "kommune_sign_in.let_in",
        "kommune_sign_in.resume",
    ),
    "its button comes when something was done first that the demo has not done": (
        "admin_teams.change_team",
        "admin_teams.remove_member",
        "calendar.revoke",
        "care_sessions.end",
        "care_sessions.hand_over",
        "devices.end",
        "devices.end_others",
        "ending.plan",
        "ending.show",
        "follow_up_settings.retire",
        "log_controls.judge",
        "meeting_room.expect",
        "meeting_room.take_back",
        "own_factors.drop_app",
        "own_factors.drop_passkey",
        "own_factors.make_codes",
        "progress.external_value",
        "protection.name",
        "protection.remove",
        "respondents.undo_withdrawal",
        "session_sharing.end",
    ),
    "on a device that was handed over, which is locked to nothing else": (
        "handed_over.submit",
        "handed_over.unlock",
    ),
}
UNREACHED = {endpoint: why for why, endpoints in _UNREACHED_BECAUSE.items() for endpoint in endpoints}
"""Posts that no page of the demo leads to, each with the reason; test_direct_posts.py sends to them as well."""
ODD = ("%00", "%ff%fe", "a" * 3000, "-1", "../../etc/passwd", "%F0%90%80", "NaN", "'\"")
"""Words for an address; the next page gets the next."""


@dataclass
class Found:
    forms: dict[str, list[tuple[str, Form]]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    files: set[str] = field(default_factory=set)


class Kommune:
    """The demo behind the real application, and what of it is stored."""

    def __init__(self, app: Flask, demo: Demo, file: Path) -> None:
        self.app, self.demo, self.file = app, demo, file
        self.changes = Changes(file)
        with app.app_context():
            self.staff = {Role(one.roles[0].name): one for one in db.session.scalars(select(Staff)).unique()}

    def browser(self, who: Role | None) -> StaffClient:
        """A new browser, signed in on a row of its own: what one form does to its sign-in does not stop the next."""
        client = StaffClient(self.app)
        if who is None:
            return client
        staff, key = self.staff[who], token_urlsafe(16)
        with self.app.app_context(), Session(writing(db.engine)) as session, session.begin():
            row = session.get_one(Staff, staff.id)
            row.active, row.fs_uniquifier = True, staff.fs_uniquifier
            begin(
                session,
                staff_id=staff.id,
                login_key=key,
                way=SignInWay.PASSWORD,
                browser="",
                origin="",
                oidc_sid=None,
                oidc_id_token="",
                now=NOW,
            )
        with client.session_transaction() as cookie:
            cookie.update(signed_in(staff, key))
        return client

    def endpoint(self, address: str, method: str) -> str | None:
        try:
            found = self.app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
        except (HTTPException, RequestRedirect):
            return None
        return str(found[0])

    def forget_limits(self) -> None:
        with sqlite3.connect(self.file, timeout=20) as writer:
            writer.execute("DELETE FROM limit_counters")


@pytest.fixture(scope="module")
def kommune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kommune]:
    file = tmp_path_factory.mktemp("fuzz") / "demo.sqlite"
    config = read_config(
        {
            "FITSVC_DEMO": "1",
            "FITSVC_DATABASE_URL": f"sqlite:///{file}",
            "FITSVC_BASE_URL": "http://localhost",
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitsvc.demo.build.hash_secret", quick_hash)
        patch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
        demo = make_demo(config, today=MONDAY, real_today=MONDAY, reset=False)
        app = create_app(config)
        whole = Kommune(app, demo, file)
        yield whole
        whole.changes.reader.close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def found(kommune: Kommune) -> Found:
    """Every kind of page and form that somebody of the staff, or a respondent, comes across."""
    everything = Found()
    for role in kommune.staff:
        look_around(kommune, everything, role, [START.get(role.value, "/today")])
    look_around(
        kommune, everything, None, ["/login", *(f"/r/{one.token}" for one in kommune.demo.links[:12])]
    )
    return everything


def look_around(kommune: Kommune, everything: Found, who: Role | None, addresses: list[str]) -> None:
    browser = kommune.browser(who)
    seen_of: dict[str, int] = defaultdict(int)
    waiting = list(addresses)
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        endpoint = kommune.endpoint(address, "GET")
        if endpoint in {None, "static"} or seen_of[endpoint or ""] >= PAGES_OF_A_KIND + 10 * (who is None):
            continue
        if endpoint in everything.files:  # it leads nowhere, and a PDF takes its time
            continue
        seen_of[endpoint or ""] += 1
        answer = browser.get(address)
        everything.pages[endpoint or ""].append((who.value if who else "", address))
        if answer.mimetype != "text/html":
            everything.files.add(endpoint or "")
            continue
        links, forms = links_and_forms(address, answer.text)
        waiting += sorted(links - known)
        known |= links
        for form in forms:
            action = kommune.endpoint(form.action, "POST")
            known_forms = everything.forms[action] if action else []
            if action and form.names not in [one.names for _, one in known_forms]:
                known_forms.append((who.value if who else "", form))


def hostile_bodies(
    form: Form, token: str, values: Iterator[str], raws: Iterator[bytes]
) -> Iterator[tuple[str, bytes]]:
    """One field wrong at a time, then missing; then all wrong, and all twice; the next form gets other values."""
    plain = [(name, value) for name, value in form.fields if name != "csrf_token"]
    for name in form.names:
        value = next(values)
        yield f"{name}={value[:30]!r}", body(token, [(n, value if n == name else v) for n, v in plain])
        yield f"without {name}", body(token, [(n, v) for n, v in plain if n != name])
    yield "all of one", body(token, [(n, next(values)) for n, _ in plain])
    yield "all twice", body(token, plain + plain)
    for raw in (next(raws), next(raws), next(raws)):
        yield f"raw {raw[:12]!r}", b"csrf_token=" + token.encode() + b"&" + raw


def body(token: str, fields: list[tuple[str, str]]) -> bytes:
    pairs = [("csrf_token", token), *fields]
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value, errors='surrogatepass')}" for name, value in pairs
    ).encode()


def test_every_post_of_the_service_is_reached_or_has_tests_of_its_own(kommune: Kommune, found: Found) -> None:
    posts = {rule.endpoint for rule in kommune.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts - set(found.forms) - NOT_PRESSED - set(UNREACHED) == set()
    assert set(UNREACHED) <= set(REGISTER) - set(found.forms)


def test_hostile_input_in_any_field_gets_an_answer_and_stores_nothing_by_half(
    kommune: Kommune, found: Found
) -> None:
    values, raws = cycle(HOSTILE), cycle(RAW)
    for endpoint, forms in sorted(found.forms.items()):
        if endpoint in NOT_PRESSED:
            continue
        kommune.forget_limits()
        for who, form in forms:
            role = Role(who) if who else None
            browser = kommune.browser(role)
            page = browser.get(form.page)
            token = CSRF.search(page.text) if page.mimetype == "text/html" else None
            for said, sent in hostile_bodies(form, token.group(1) if token else "", values, raws):
                before = kommune.changes.so_far()
                answer = browser.post(
                    form.action, data=sent, content_type="application/x-www-form-urlencoded"
                )
                check(answer, f"{endpoint} as {who or 'respondent'}: {said}")
                if answer.status_code >= 400:
                    changed = kommune.changes.since(before)
                    assert not changed, f"{endpoint} as {who}: {said} was refused, but {changed} changed"
                if answer.status_code == 429:
                    kommune.forget_limits()


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("application/json", b'{"csrf_token": 1}'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain", b"a=1"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-"),
        ("", b"\x00"),
    ],
)
def test_a_body_of_another_kind_is_refused_by_every_form(
    kommune: Kommune, found: Found, content_type: str, sent: bytes
) -> None:
    before = kommune.changes.so_far()
    for endpoint, forms in sorted(found.forms.items()):
        for who, form in forms[:1]:
            browser = kommune.browser(Role(who) if who else None)
            answer = browser.post(form.action, data=sent, content_type=content_type)
            check(answer, f"{endpoint}: {content_type}")
    kommune.forget_limits()
    assert kommune.changes.since(before) == set()


def test_every_page_takes_odd_words_in_its_address(kommune: Kommune, found: Found) -> None:
    odds = cycle(ODD)
    for endpoint, pages in sorted(found.pages.items()):
        who, address = pages[0]
        browser = kommune.browser(Role(who) if who else None)
        path, _, query = address.partition("?")
        names = [pair.partition("=")[0] for pair in query.split("&") if pair]
        for odd in (next(odds), next(odds)):
            asked = "&".join(f"{name}={odd}" for name in [*names, "page", "view", "next", "unit_id"])
            check(browser.get(f"{path}?{asked}"), f"{endpoint}?{odd}")
        parts = path.split("/")
        for place in range(1, len(parts)):
            odd = next(odds)
            changed = "/".join([*parts[:place], odd, *parts[place + 1 :]])
            check(browser.get(changed), f"{endpoint}: {odd} in the path")
