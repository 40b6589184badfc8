"""Reading one setting from its text; ValueError when it cannot be used. `config` says what was expected instead."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from fitsvc.messaging.mail import is_sender
from fitsvc.messaging.mail_server import MailServer, parse_mail_server


def parse_flag(sent: str) -> bool:
    if sent not in {"0", "1"}:
        raise ValueError
    return sent == "1"


def parse_database_url(sent: str) -> str:
    try:
        url = make_url(sent)
    except ArgumentError as error:
        raise ValueError from error
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError
    if backend == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError
    # psycopg 3 is the one PostgreSQL driver we ship; a plain postgresql:// means it.
    return (
        url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        if (backend == "postgresql")
        else sent
    )


def parse_base_url(sent: str) -> str:
    parts = urlsplit(sent)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError
    if parts.query or parts.fragment or parts.username:
        raise ValueError
    return sent.rstrip("/")


def parse_limits_url(sent: str) -> str:
    if sent and (not sent.startswith(("redis://", "rediss://")) or not urlsplit(sent).hostname):
        raise ValueError
    return sent


def parse_mail(sent: str) -> MailServer | None:
    return parse_mail_server(sent) if sent else None


def parse_sender(sent: str) -> str:
    if sent and not is_sender(sent):
        raise ValueError
    return sent


def parse_folder(sent: str) -> Path | None:
    if not sent:
        return None
    folder = Path(sent)
    if not folder.is_dir():
        raise ValueError
    return folder


def parse_text(sent: str) -> str:
    if len(sent) > 60 or not sent.isprintable():
        raise ValueError
    return sent


def number_between(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(sent: str) -> int:
        number = int(sent)
        if not lowest <= number <= highest:
            raise ValueError
        return number

    return parse
