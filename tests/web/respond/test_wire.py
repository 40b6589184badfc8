"""The page as the real server sends it: bytes, encodings, headers, and the server's own log."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import brotli
import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.instruments import load_catalogue
from fitsvc.services.links import create_link
from fitsvc.storage.engine import build_engine, writing
from tests.builders import Builder
from tests.cast import invite_cast
from tests.keys import KEYS
from tests.live_server import LiveServer, live_server

MOST_BYTES = 14_000
INSTRUMENTS = [one.id for one in load_catalogue(None).current()]
LONGEST_LABEL = "Drengen med den lange jakke (Æblevangens Naturbørnehave, den store stue)"


@pytest.fixture(scope="module")
def sent(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, catalogue: Catalogue
) -> Iterator[tuple[LiveServer, dict[tuple[str, bool], str]]]:
    """The real server with one link for every instrument, for the first time and for a later one."""
    folder = tmp_path_factory.mktemp("wire")
    url = f"sqlite:///{copyfile(migrated_sqlite, folder / 'wire.sqlite')}"
    engine = build_engine(url, KEYS)
    with Session(writing(engine), expire_on_commit=False) as session:
        links = _links(session, catalogue)
        session.commit()
    engine.dispose()
    with live_server(url, folder / "server.log") as server:
        yield server, links


def _links(session: Session, catalogue: Catalogue) -> dict[tuple[str, bool], str]:
    now = datetime.now(UTC)
    build = Builder(session, catalogue, now)
    cast = invite_cast(build)
    for number in (1, 2, 3):
        build.goal(cast.case, cast.episode, number=number, text=f"Mål {number}: " + "vi spiser sammen " * 12)
    links = {}
    for informed in (False, True):
        for instrument in catalogue.current():
            role = instrument.rater_roles[0]
            respondent = build.respondent(cast.case, role)
            respondent.person.informed_at = now if informed else None
            # The longest form there is: asked for a wish too, where the form takes one.
            asked = build.administration(respondent, instrument.id, asks_wish=True)
            respondent.shows_own_curve = instrument.is_on_curve
            for week in range(12) if instrument.is_on_curve else ():
                build.rating(respondent, 5, build.today - timedelta(weeks=week + 1), instrument.id)
            links[instrument.id, informed] = create_link(
                session, administration=asked, label=LONGEST_LABEL, by=None, now=now, link_days=21
            )
    return links


def fetch(server: LiveServer, path: str, encoding: str) -> tuple[bytes, bytes, bytes]:
    """The whole answer, its head, and its body decoded."""
    answer = server.exchange(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode()
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    if encoding == "br":
        assert b"Content-Encoding: br" in head
        body = brotli.decompress(body)
    elif encoding == "gzip":
        assert b"Content-Encoding: gzip" in head
        body = gzip.decompress(body)
    return answer, head, body


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_one_response_holds_everything_in_few_bytes(
    sent: tuple[LiveServer, dict[tuple[str, bool], str]], instrument: str, language: str
) -> None:
    server, links = sent
    for informed in (False, True):
        path = f"/r/{links[instrument, informed]}?lang={language}"
        for encoding in ("br", "gzip"):
            answer, head, body = fetch(server, path, encoding)
            assert answer.startswith(b"HTTP/1.1 200")
            assert len(answer) <= MOST_BYTES
            assert b"set-cookie" not in head.lower()
            assert f'<html lang="{language}"'.encode() in body
            assert body.rstrip().endswith(b"</html>")


CURVES = [one.id for one in load_catalogue(None).current() if one.is_on_curve]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("instrument", CURVES)
def test_a_receipt_with_the_own_curve_is_as_small(
    sent: tuple[LiveServer, dict[tuple[str, bool], str]], catalogue: Catalogue, instrument: str, language: str
) -> None:
    server, links = sent
    value = catalogue.get(instrument).scale.values[1]
    body = "&".join(f"q-{item.id}={value:g}" for item in catalogue.get(instrument).items)
    path = f"/r/{links[instrument, language == 'da']}?lang={language}"
    for encoding in ("br", "gzip"):
        answer = server.exchange(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head, _, packed = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        html = brotli.decompress(packed) if encoding == "br" else gzip.decompress(packed)
        assert html.count(b'class="dot"') == 8
        assert len(answer) <= MOST_BYTES


def test_a_browser_that_unpacks_nothing_gets_the_page_too(
    sent: tuple[LiveServer, dict[tuple[str, bool], str]],
) -> None:
    server, links = sent
    _answer, head, body = fetch(server, f"/r/{links['session-child', True]}", "identity")
    assert b"Content-Encoding" not in head
    assert b"<svg" in body


def test_no_link_stands_in_the_servers_log(sent: tuple[LiveServer, dict[tuple[str, bool], str]]) -> None:
    server, links = sent
    token = links["wellbeing-youth", False]
    for request in (
        f"GET /r/{token} HTTP/1.1\r\nHost: x\r\nReferer: http://x/r/{token}\r\nConnection: close\r\n\r\n",
        f"GET /r/{token}?lang=en HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        f"GET http://x/r/{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        f"POST /r/{token} HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\nConnection: close\r\n\r\n",
        f"BREW /r/{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        f"GET /r/{token} HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
        f"GET /r/{token}/{'x' * 9000} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ):
        assert server.exchange(request.encode())
    log = server.log.read_text()
    assert "/r/[redacted]" in log
    assert not [one for one in links.values() if one in log]
