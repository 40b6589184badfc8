"""Whatever is sent: a clear page that keeps what was valid, and nothing stored."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fitsvc.services.links import cancel_link
from fitsvc.storage.administrations import Administration
from tests.cast import Cast
from tests.web.respond.conftest import Phone, youth_form

FORM = "application/x-www-form-urlencoded"
KEPT = re.compile(r'name="q-body" value="6" checked')


def body(**changed: str) -> str:
    return "&".join(f"{name}={value}" for name, value in (youth_form() | changed).items())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(body(**{"q-nothing": "4"}), 422, id="unknown item"),
        pytest.param(body(colour="blue"), 422, id="unknown field"),
        pytest.param(body(**{"q-home": "11"}), 422, id="above the scale"),
        pytest.param(body(**{"q-home": "-1"}), 422, id="below the scale"),
        pytest.param(body(**{"q-home": "2.5"}), 422, id="between two points"),
        pytest.param(body(**{"q-home": "nan"}), 422, id="not a number"),
        pytest.param(body(**{"q-home": "cannot_see"}), 422, id="cannot see where not offered"),
        pytest.param(body() + "&q-home=3", 422, id="an item answered twice"),
        pytest.param(body(comment="%ff%fe"), 400, id="broken UTF-8, escaped"),
        pytest.param(body().encode() + b"&comment=\xff\xfe", 400, id="broken UTF-8, raw"),
        pytest.param(body(comment="a" * 5_000_000), 413, id="five megabytes"),
    ],
)
def test_a_bad_form_keeps_what_was_valid_and_stores_nothing(
    phone: Phone, cast: Cast, sent: Any, status: int
) -> None:
    link = phone.link(cast.child)
    answer = phone.send(link, sent, content_type=FORM)
    assert answer.status_code == status
    assert KEPT.search(answer.text)
    assert not phone.ratings
    assert phone.send(link, youth_form()).status_code == 200


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        pytest.param(b'{"q-body": 6}', "application/json", 415, id="JSON"),
        pytest.param(b"q-body=6", "text/plain", 415, id="plain text"),
        pytest.param(b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415, id="multipart"),
        pytest.param(b"q-body=6", "", 415, id="no content type"),
        pytest.param(b"", FORM, 422, id="nothing at all"),
        pytest.param(b"&".join(b"f%d=1" % n for n in range(900)), FORM, 413, id="900 fields"),
        pytest.param(b"\0\0%00=%00", FORM, 422, id="zero bytes"),
        pytest.param(b"=" * 300, FORM, 422, id="only equal signs"),
    ],
)
def test_what_is_no_form_gets_the_form_again(
    phone: Phone, cast: Cast, sent: bytes, kind: str, status: int
) -> None:
    link = phone.link(cast.child)
    answer = phone.send(link, sent, content_type=kind)
    assert answer.status_code == status
    assert 'name="q-body"' in answer.text
    assert not phone.ratings


def test_a_comment_too_long_is_kept_so_that_it_can_be_shortened(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.mother, "safety")
    long = "Jeg skriver meget. " * 150
    answer = phone.send(link, {"q-safety": "5", "comment": long})
    assert answer.status_code == 422
    assert "2.000 tegn" in answer.text
    assert long.strip() in answer.text
    assert re.search(r'value="5" checked', answer.text)
    assert not phone.ratings
    assert phone.send(link, {"q-safety": "5", "comment": long[:2000]}).status_code == 200


def test_a_comment_where_there_is_none_is_refused(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.teacher, "scale-1-5")
    answer = phone.send(link, {"q-ruler": "2", "comment": "hej"})
    assert answer.status_code == 422
    assert "ikke plads til tekst" in answer.text
    assert not phone.ratings


def test_what_was_sent_is_shown_as_text_only(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.mother, "safety")
    answer = phone.send(link, {"comment": "</textarea><script>alert(1)</script>", "q-<b>": "1"})
    assert "<script>alert" not in answer.text
    receipt = phone.send(link, {"q-safety": "5", "comment": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in receipt.text


@pytest.mark.parametrize(
    "path",
    [
        "/r/", "/r/x", "/r/x/y", "/r/" + "a" * 32, "/r/" + "a" * 3000, "/r/%00", "/r/%ff%fe", "/r/<script>",
        "/r/..%2f..",
        "/r/æøå", "/r/x?lang=en",
    ],
)  # fmt: skip
def test_malformed_and_unknown_links_are_the_same_404(phone: Phone, path: str) -> None:
    known = phone.open("/r/" + "b" * 32)
    answer = phone.open(path)
    assert answer.status_code == known.status_code == 404
    assert (answer.data, sorted(answer.headers)) == (known.data, sorted(known.headers))
    assert list(answer.headers) == list(known.headers)


def test_an_unknown_link_takes_no_answer(phone: Phone) -> None:
    assert phone.send("/r/" + "b" * 32, youth_form()).status_code == 404
    assert phone.send("/r/x", b"{}", content_type="application/json").status_code == 404


def test_an_expired_link_says_so_and_takes_no_answer(
    phone: Phone, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = phone.link(cast.child)
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: now + timedelta(days=22))
    for answer in (phone.open(link), phone.send(link, youth_form())):
        assert answer.status_code == 410
        assert "Linket er for gammelt" in answer.text
    assert not phone.ratings


def test_a_cancelled_link_says_so_and_takes_no_answer(
    phone: Phone, cast: Cast, session: Session, now: datetime
) -> None:
    link = phone.link(cast.child)
    asked = session.query(Administration).one()
    by = type("By", (), {"staff_id": cast.practitioner.id})()
    cancel_link(session, administration=asked, by=by, now=now)
    session.commit()
    for answer in (phone.open(link), phone.send(link, youth_form())):
        assert answer.status_code == 410
        assert "Du behøver ikke svare" in answer.text
    assert not phone.ratings


def test_a_cpr_number_in_a_comment_is_pointed_out_and_stored_nowhere(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.mother, "safety")
    answer = phone.send(link, {"q-safety": "5", "comment": "Han hedder 010112-1234"})
    assert answer.status_code == 422
    assert "ligner et CPR-nummer" in answer.text
    assert "010112-1234</textarea>" in answer.text
    assert not phone.ratings
    assert phone.send(link, {"q-safety": "5", "comment": "Han er glad"}).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "BREW"])
def test_methods_nobody_offers_are_refused_without_the_staffs_menu(
    phone: Phone, cast: Cast, method: str
) -> None:
    answer = phone.browser.open(phone.link(cast.child), method=method)
    assert answer.status_code == 405
    assert "Set-Cookie" not in answer.headers
    assert "/logout" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(phone: Phone, cast: Cast, method: str) -> None:
    answer = phone.browser.open(phone.link(cast.child), method=method, data=youth_form())
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert not phone.ratings


def test_options_tells_what_can_be_done(phone: Phone, cast: Cast) -> None:
    answer = phone.browser.options(phone.link(cast.child))
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_an_unexpected_failure_is_a_kind_page_and_stores_nothing(
    phone: Phone, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link = phone.link(cast.child)

    def fail(**_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("fitsvc.web.respond.views.submit_rating", lambda *_a, **_k: fail())
    answer = phone.send(link, youth_form())
    assert answer.status_code == 500
    assert "genindlæs siden" in answer.text
    assert not phone.ratings
    assert link.removeprefix("/r/") not in caplog.text
