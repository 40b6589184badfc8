"""What a walk through everything leaves behind: no name, contact, comment, password or link outside the pages.

The real server with the demo, every kind of staff and some respondents. Looked through afterwards: the server's log,
temporary files, both logs in the database, and, of every page, its address, its title, the addresses it leads to, the
names of its downloads, and the cookies.
"""

import base64
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.config import read_config
from fitsvc.demo.build import Demo
from fitsvc.demo.command import make_demo
from fitsvc.demo.people import STAFF
from fitsvc.domain.roles import Role
from fitsvc.services.clock import local_day
from fitsvc.storage.cases import Case
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Person, Respondent
from tests.client import CSRF
from tests.conftest import engine_of
from tests.fuzz.forms import links_and_forms
from tests.keys import DATA_KEYS
from tests.live_server import LiveServer, live_server

PAGES_OF_A_KIND = 2
NAMELESS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
SAID = "Det gik bedre end ventet med hesten i går"
WRITTEN = {"comment", "wish"}
START = {Role.ADMINISTRATOR: "/admin/", Role.AUDITOR: "/log"}


@dataclass
class Walk:
    server: LiveServer
    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """Kinds of addresses that give a file: one of each is enough, a PDF takes its time."""

    def ask(self, browser: OpenerDirector, address: str, form: dict[str, str] | None = None) -> str:
        """The page, or "" for a file; what is left behind is noted."""
        whole = f"http://127.0.0.1:{self.server.port}{address}"
        try:
            answer = browser.open(whole, urlencode(form).encode() if form is not None else None, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            self.addresses.append(answer.url)
            self.downloads.append(answer.headers.get("Content-Disposition", ""))
            is_page = answer.headers.get_content_type() == "text/html"
            text = answer.read().decode() if is_page else ""
        self.titles += TITLE.findall(text)
        return text

    def look_around(self, browser: OpenerDirector, start: str) -> None:
        seen: dict[str, int] = defaultdict(int)
        waiting, known = [start], {start}
        while waiting:
            address = waiting.pop(0)
            kind = NAMELESS.sub("·", urlsplit(address).path)
            if address.startswith("/static") or seen[kind] >= PAGES_OF_A_KIND or kind in self.files:
                continue
            seen[kind] += 1
            page = self.ask(browser, address)
            if not page:
                self.files.add(kind)
            links, forms = links_and_forms(address, page)
            self.addresses += [*links, *(form.action for form in forms)]
            waiting += sorted(links - known)
            known |= links


def new_browser() -> tuple[OpenerDirector, CookieJar]:
    jar = CookieJar()
    return build_opener(HTTPCookieProcessor(jar)), jar


def token_in(page: str) -> str:
    found = CSRF.search(page)
    return found.group(1) if found else ""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Walk, Demo, Path]]:
    folder = tmp_path_factory.mktemp("walk")
    (folder / "tmp").mkdir()
    url = f"sqlite:///{folder / 'demo.sqlite'}"
    config = read_config({"FITSVC_DEMO": "1", "FITSVC_DATABASE_URL": url, "FITSVC_DATA_KEYS": DATA_KEYS})
    today = local_day(datetime.now(UTC))  # the server has no other clock
    demo = make_demo(config, today=today, real_today=today, reset=False)
    with live_server(url, folder / "log", FITSVC_DEMO="1", TMPDIR=str(folder / "tmp")) as server:
        walk = Walk(server)
        for part in {part.role: part for part in STAFF}.values():
            browser, jar = new_browser()
            page = walk.ask(browser, "/login")
            typed = {"csrf_token": token_in(page), "email": part.email}
            walk.ask(browser, "/login", typed | {"password": "not-the-password-at-all"})
            walk.ask(browser, "/login", typed | {"password": demo.staff[part.key].password})
            walk.look_around(browser, START.get(part.role, "/today"))
            if part.role in {Role.CASEWORKER, Role.PRACTITIONER}:
                page = walk.ask(browser, "/cases")
                walk.ask(
                    browser, "/cases/search", {"csrf_token": token_in(page), "words": demo.cases[0].reference}
                )
            walk.cookies += [f"{cookie.name}={cookie.value}" for cookie in jar]
        browser, _ = new_browser()
        for link in demo.links[:14]:
            page = walk.ask(browser, f"/r/{link.token}")
            _, forms = links_and_forms(f"/r/{link.token}", page)
            for form in forms[:1]:
                typed = dict(form.fields)
                walk.ask(
                    browser, f"/r/{link.token}", typed | {name: SAID for name in typed if name in WRITTEN}
                )
        walk.ask(browser, f"/r/{demo.links[0].token}-and-more")
        yield walk, demo, folder


@pytest.fixture(scope="module")
def private(walked: tuple[Walk, Demo, Path]) -> dict[str, re.Pattern[str]]:
    """Every name, contact, comment, password and link of the demo, as a pattern of whole words."""
    _, demo, folder = walked
    engine = engine_of(f"sqlite:///{folder / 'demo.sqlite'}")
    with Session(engine) as session:
        words = {*session.scalars(select(Case.display_name)), *session.scalars(select(Respondent.label))}
        for person in session.scalars(select(Person)):
            words |= {person.name, person.email or "", person.phone or ""}
        words |= {text[:40] for text in session.scalars(select(Comment.text))}
    engine.dispose()
    words |= {SAID, *(part.email for part in STAFF), *(part.name for part in STAFF)}
    words |= {one.password for one in demo.staff.values()} | {"not-the-password-at-all"}
    words |= {link.token for link in demo.links}
    return {word: re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words if len(word) > 1}


def found_in(text: str, private: dict[str, re.Pattern[str]]) -> set[str]:
    return {word for word, pattern in private.items() if pattern.search(text)}


def test_the_walk_came_everywhere(walked: tuple[Walk, Demo, Path]) -> None:
    walk, _, folder = walked
    kinds = {NAMELESS.sub("·", urlsplit(address).path) for address in walk.addresses}
    assert len(kinds) > 50
    assert SAID in " ".join(_comments(folder))


def _comments(folder: Path) -> list[str]:
    engine = engine_of(f"sqlite:///{folder / 'demo.sqlite'}")
    with Session(engine) as session:
        found = list(session.scalars(select(Comment.text)))
    engine.dispose()
    return found


def test_the_servers_log_names_nobody(
    walked: tuple[Walk, Demo, Path], private: dict[str, re.Pattern[str]]
) -> None:
    walk, _, _ = walked
    log = unquote(walk.server.log.read_text())
    assert log.count("GET") > 100
    assert found_in(log, private) == set()
    assert "Traceback" not in log


def test_no_file_is_left_with_anything_in_it(
    walked: tuple[Walk, Demo, Path], private: dict[str, re.Pattern[str]]
) -> None:
    _, _, folder = walked
    for file in (folder / "tmp").rglob("*"):
        if file.is_file():
            assert found_in(file.read_bytes().decode("utf-8", "replace"), private) == set(), file


def test_addresses_titles_and_names_of_downloads_name_nobody(
    walked: tuple[Walk, Demo, Path], private: dict[str, re.Pattern[str]]
) -> None:
    walk, demo, _ = walked
    links = {
        link.token for link in demo.links
    }  # a link's address is the link; staff pages do not show it again
    addresses = unquote("\n".join(one for one in walk.addresses if not any(token in one for token in links)))
    assert found_in(addresses, private) == set()
    assert found_in("\n".join(walk.titles), private) == set()
    assert found_in(unquote("\n".join(walk.downloads)), private) == set()
    assert sum(map(bool, walk.downloads)) > 3


def test_cookies_hold_nothing_about_anybody(
    walked: tuple[Walk, Demo, Path], private: dict[str, re.Pattern[str]]
) -> None:
    walk, _, _ = walked
    assert walk.cookies
    for cookie in walk.cookies:
        assert found_in(cookie + opened(cookie.partition("=")[2]), private) == set()


def opened(value: str) -> str:
    """What stands in a signed cookie for whoever takes it apart."""
    packed = value.startswith(".")
    part = value.lstrip(".").split(".")[0]
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        return (zlib.decompress(raw) if packed else raw).decode("utf-8", "replace")
    except (ValueError, zlib.error):
        return ""


def test_both_logs_in_the_database_hold_ids_and_codes_only(
    walked: tuple[Walk, Demo, Path], private: dict[str, re.Pattern[str]]
) -> None:
    _, _, folder = walked
    with sqlite3.connect(folder / "demo.sqlite") as reader:
        rows = [
            row for table in ("access_log", "audit_log") for row in reader.execute(f"SELECT * FROM {table}")
        ]
    assert len(rows) > 100
    assert found_in(repr(rows), private) == set()
