"""Fewer bytes, the same content."""

import gzip

import brotli
import pytest
from flask import Flask

ANY_FILE = "/static/css/staff.css"


@pytest.fixture
def database_url(empty_sqlite: str) -> str:
    return empty_sqlite


@pytest.mark.parametrize("path", ["/login", ANY_FILE])
def test_pages_and_files_are_the_same_when_unpacked(app: Flask, path: str) -> None:
    browser = app.test_client()
    plain = browser.get(path, buffered=True)
    small = browser.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    smaller = browser.get(path, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert (small.headers["Content-Encoding"], smaller.headers["Content-Encoding"]) == ("gzip", "br")
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, small, smaller):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(smaller.data) < len(plain.data) / 2
    if path == ANY_FILE:  # the sign-in page has a fresh token each time
        assert gzip.decompress(small.data) == brotli.decompress(smaller.data) == plain.data


def test_a_file_is_not_sent_again_to_who_has_it(app: Flask) -> None:
    browser = app.test_client()
    for encoding in ("br", ""):
        first = browser.get(ANY_FILE, headers={"Accept-Encoding": encoding}, buffered=True)
        again = browser.get(
            ANY_FILE,
            headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]},
            buffered=True,
        )
        assert (again.status_code, again.data) == (304, b"")


def test_a_font_is_sent_as_it_is(app: Flask) -> None:
    path = "/static/vendor/dkfds/fonts/IBMPlexSans-Regular.woff2"
    answer = app.test_client().get(path, headers={"Accept-Encoding": "br"}, buffered=True)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_an_encoding_that_is_refused_is_not_used(app: Flask) -> None:
    answer = app.test_client().get(ANY_FILE, headers={"Accept-Encoding": "br;q=0, gzip;q=0"}, buffered=True)
    assert "Content-Encoding" not in answer.headers
