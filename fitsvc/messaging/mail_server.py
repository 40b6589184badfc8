"""The kommune's mail server, as one setting names it."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Encryption(StrEnum):
    FROM_THE_START = "from_the_start"  # smtps://
    STARTTLS = "starttls"  # smtp://; a server that does not offer it gets nothing
    NONE = "none"  # smtp:// to this machine itself


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    encryption: Encryption
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def parse_mail_server(url: str) -> MailServer:
    """Raises ValueError, which repeats nothing of the address: it holds a password."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("no port") from None
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise ValueError("not a mail server")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("user without password")
    if parts.scheme == "smtps":
        encryption, usual = Encryption.FROM_THE_START, 465
    elif parts.hostname in LOCAL:
        encryption, usual = Encryption.NONE, 25
    else:
        encryption, usual = Encryption.STARTTLS, 587
    return MailServer(
        parts.hostname,
        port or usual,
        encryption,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
