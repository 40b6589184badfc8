"""E-mail over a real mail server: sent, refused, down, without encryption, and with what would write other headers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fitsvc.messaging.mail import MailNotSent, compose, is_sender, send
from fitsvc.messaging.mail_server import Encryption, MailServer, parse_mail_server
from tests.mail_server import PASSWORD, USER, Box, certificate, free_port, mail_server

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SENDER = "Målingen <maaling@kommune.example>"
TEXT = "Hej\n\nVælg her: https://x.example/choose-password/abc\n"


def message(to: str = "paula@example.org", subject: str = "Vælg en adgangskode"):
    return compose(sender=SENDER, to=to, subject=subject, text=TEXT, at=AT)


def plain(port: int) -> MailServer:
    return parse_mail_server(f"smtp://127.0.0.1:{port}")


def test_a_message_arrives_as_it_was_written_for_one_person_alone() -> None:
    box = Box()
    with mail_server(box) as port:
        send(plain(port), message())
    [arrived] = box.messages
    assert box.recipients == [["paula@example.org"]]
    assert arrived["From"] == SENDER
    assert arrived["Subject"] == "Vælg en adgangskode"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().replace("\r\n", "\n") == TEXT
    assert arrived.get_content_type() == "text/plain"


def test_a_message_is_encrypted_and_signed_in_for(tmp_path: Path) -> None:
    box = Box()
    ours, trust = certificate(tmp_path)
    with mail_server(box, tls=ours, sign_in=True) as port:
        server = MailServer("127.0.0.1", port, Encryption.STARTTLS, USER, PASSWORD)
        send(server, message(), trust=trust)
    assert len(box.messages) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    box = Box()
    ours, _trust = certificate(tmp_path)
    with mail_server(box, tls=ours) as port, pytest.raises(MailNotSent, match="no_encryption"):
        send(MailServer("127.0.0.1", port, Encryption.STARTTLS), message())
    assert box.messages == []


def test_a_server_elsewhere_without_starttls_gets_neither_password_nor_message() -> None:
    box = Box()
    with mail_server(box) as port, pytest.raises(MailNotSent, match="no_encryption"):
        send(MailServer("127.0.0.1", port, Encryption.STARTTLS, USER, PASSWORD), message())
    assert box.messages == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server's own warning, on this machine alone
def test_a_wrong_password_a_refusal_and_a_server_that_is_down_are_told_apart_and_repeat_nothing() -> None:
    box = Box()
    with mail_server(box, sign_in=True) as port, pytest.raises(MailNotSent) as wrong:
        send(MailServer("127.0.0.1", port, Encryption.NONE, USER, "not it"), message())
    box.refuses = True
    with mail_server(box) as port, pytest.raises(MailNotSent) as refused:
        send(plain(port), message())
    with pytest.raises(MailNotSent) as down:
        send(plain(free_port()), message())
    told = [wrong.value, refused.value, down.value]
    assert [one.code for one in told] == ["sign_in_refused", "refused", "unreachable"]
    for one in told:
        assert one.__suppress_context__, "a traceback would repeat what the server said"
        assert str(one) == one.code


@pytest.mark.parametrize(
    "to",
    [
        "paula@example.org\r\nBcc: all@example.org",
        "paula@example.org\nSubject: other",
        "paula@example.org, all@example.org",
        "Eve <eve@example.org>",
        "nobody",
        "",
    ],
)
def test_an_address_that_would_write_more_than_itself_is_no_address(to: str) -> None:
    with pytest.raises(MailNotSent, match="not_an_address"):
        message(to=to)


def test_a_subject_with_a_line_break_is_not_sent() -> None:
    with pytest.raises(MailNotSent):
        message(subject="Hej\r\nBcc: all@example.org")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", MailServer("localhost", 25, Encryption.NONE)),
        (
            "smtp://u:p%40ss@mail.kommune.example",
            MailServer("mail.kommune.example", 587, Encryption.STARTTLS, "u", "p@ss"),
        ),
        (
            "smtps://u:p@mail.kommune.example:4650",
            MailServer("mail.kommune.example", 4650, Encryption.FROM_THE_START, "u", "p"),
        ),
        ("smtp://mail.kommune.example:25", MailServer("mail.kommune.example", 25, Encryption.STARTTLS)),
    ],
)
def test_a_mail_server_elsewhere_is_always_encrypted(url: str, expected: MailServer) -> None:
    assert parse_mail_server(url) == expected
    assert "p@ss" not in repr(parse_mail_server(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://mail",
        "smtp://",
        "smtp://user@mail",
        "smtp://mail:port",
        "smtp://mail/box",
        "gibberish",
        "smtp://m?tls=no",
    ],
)
def test_what_is_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_mail_server(url)
    assert url not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("maaling@kommune.example", True),
        (SENDER, True),
        ("nobody", False),
        ("a@b.example\r\nBcc: c@d.example", False),
        ("", False),
    ],
)
def test_a_sender_is_one_address_with_or_without_a_name(text: str, right: bool) -> None:
    assert is_sender(text) is right
