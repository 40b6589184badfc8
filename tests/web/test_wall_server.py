"""The wall as the real server stands behind it, with two workers: raw requests, slow clients, limits held together."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from tests.live_server import LiveServer, live_server

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("wall")
    file = copyfile(migrated_sqlite, folder / "wall.sqlite")
    with live_server(f"sqlite:///{file}", folder / "server.log", workers=2) as running:
        yield running


def ask(server: LiveServer, head: str, body: bytes = b"") -> tuple[int, str]:
    """The status and the whole answer to raw bytes; `head` without its last empty line."""
    answer = server.exchange(
        head.replace("\n", "\r\n").encode() + b"Connection: close\r\n\r\n" + body
    ).decode()
    return int(answer.split(" ", 2)[1]), answer


def get(server: LiveServer, path: str, *headers: str) -> tuple[int, str]:
    return ask(
        server,
        "".join(f"{line}\n" for line in (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *headers)),
    )


@pytest.mark.parametrize(
    "head",
    [
        "GET /login HTTP/1.1\nHost: evil.example\n",
        "GET /login HTTP/1.1\nHost: 127.0.0.1.evil.example\n",
        "GET /login HTTP/1.1\nHost: 127.0.0.1@evil.example\n",
        "GET /login HTTP/1.0\n",
        "GET http://evil.example/login HTTP/1.1\nHost: 127.0.0.1\n",
        "GET http://[evil/login HTTP/1.1\nHost: 127.0.0.1\n",
    ],
)
def test_a_name_that_is_not_ours_is_refused(server: LiveServer, head: str) -> None:
    status, answer = ask(server, head)
    assert status == 400
    assert "evil" not in answer
    assert "<form" not in answer


def test_our_name_is_answered_also_in_an_absolute_address(server: LiveServer) -> None:
    name = f"127.0.0.1:{server.port}"
    assert ask(server, f"GET http://{name}/login HTTP/1.1\nHost: {name}\n")[0] == 200


def test_forwarded_headers_are_not_believed_without_a_proxy(server: LiveServer) -> None:
    status, answer = get(
        server,
        "/cases",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Prefix: /evil",
        "Forwarded: host=evil.example",
        "Script-Name: /evil",
    )
    assert status == 302
    assert "evil" not in answer
    assert "\r\nLocation: /login?next=/cases\r\n" in answer


@pytest.mark.parametrize(
    ("expected", "head", "body"),
    [
        (414, "GET /{long} HTTP/1.1\nHost: 127.0.0.1\n", b""),
        (431, "GET /login HTTP/1.1\nHost: 127.0.0.1\nX-Long: {long}{long}\n", b""),
        (400, "BAD\x01 /login HTTP/1.1\nHost: 127.0.0.1\n", b""),
        (400, "GET /login HTTP/9.9\nHost: 127.0.0.1\n", b""),
        (400, "GET /login HTTP/1.1\nHost: 127.0.0.1\nNo colon here\n", b""),
        (400, "POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Length: -1\n", b""),
        (
            400,
            "POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nTransfer-Encoding: chunked\n",
            b"0\r\n\r\n",
        ),
        (
            400,
            "POST /r/x HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n",
            b"zz\r\nq-body=5\r\n0\r\n\r\n",
        ),
        (400, "POST /login HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n", b"5\r\nabc"),
        (413, "POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1200000\n" + FORM, b"x" * 1_200_000),
        (413, "POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 12000\n" + FORM, b"&a" * 6_000),
    ],
)
def test_what_is_no_proper_request_gets_a_calm_answer(
    server: LiveServer, expected: int, head: str, body: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        sent = (
            head.replace("{long}", "x" * 9_000).replace("\r\n", "\n").replace("\n", "\r\n").encode("latin-1")
        )
        connection.sendall(sent + b"Connection: close\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    assert answer.split(b" ", 2)[1] == str(expected).encode()
    for header in (
        b"content-security-policy: default-src 'none'",
        b"x-content-type-options: nosniff",
        b"no-store",
    ):
        assert header in answer.lower()
    assert b"Traceback" not in answer
    assert b"gunicorn/" not in answer


def test_slow_clients_hold_up_nobody_else(server: LiveServer) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
    head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}Content-Length: 1000\r\n\r\nemail="
    try:
        for one in slow[:20]:
            one.sendall(head.encode())
        for one in slow[20:]:
            one.sendall(b"GET /login HTTP/1.1\r\nHost: 127")
        time.sleep(0.3)
        began = time.monotonic()
        for _ in range(4):
            assert get(server, "/login")[0] == 200
        assert time.monotonic() - began < 3
        slow[0].settimeout(20)
        assert b" 408 " in slow[0].recv(100)  # and is told so when it has been silent for long
    finally:
        for one in slow:
            one.close()


def test_a_limit_holds_over_all_workers(server: LiveServer) -> None:
    answers = Counter(get(server, f"/r/guess-{n}")[0] for n in range(70))
    assert answers == {404: 60, 429: 10}
