"""One e-mail, handed to the mail server with the standard library: no more than a connection, made and closed.

Nothing that is raised or logged here repeats an address, a text, a password or what the server answered.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from fitsvc.messaging.mail_server import Encryption, MailServer

SECONDS = 10.0
"""How long a mail server may take for any one step."""


class MailNotSent(Exception):
    """`code` says why: `unreachable`, `no_encryption`, `sign_in_refused`, `refused` or `not_an_address`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_sender(text: str) -> bool:
    """Whether a setting can stand as the sender: an address, or a name with one in angle brackets."""
    if any(sign in text for sign in "\r\n\0"):
        return False
    name, address = parseaddr(text)
    try:
        Address(name, addr_spec=address)
    except (MessageError, ValueError, IndexError):
        return False
    return "@" in address


def compose(*, sender: str, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """Raises MailNotSent `not_an_address` for a recipient or a subject that would write more than its own header."""
    name, address = parseaddr(sender)
    message = EmailMessage()
    try:
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
    except (MessageError, ValueError, IndexError):
        raise MailNotSent("not_an_address") from None
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def send(server: MailServer, message: EmailMessage, *, trust: ssl.SSLContext | None = None) -> None:
    """Hand a message to the server; returns when the server has taken it on. Raises MailNotSent.

    `trust` says whose certificates are believed, the system's when not given.
    """
    with _told_plainly(), _connected(server, trust or ssl.create_default_context()) as connection:
        connection.send_message(message)


@contextmanager
def _connected(server: MailServer, trust: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    if server.encryption is Encryption.FROM_THE_START:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trust)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.encryption is Encryption.STARTTLS:
            connection.ehlo_or_helo_if_needed()
            if not connection.has_extn("starttls"):
                raise MailNotSent("no_encryption")
            connection.starttls(context=trust)
        if server.user:
            connection.login(server.user, server.password)
        yield connection
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What went wrong as a code; the exceptions of smtplib repeat addresses and the server's words."""
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise MailNotSent("sign_in_refused") from None
    except ssl.SSLError:
        raise MailNotSent("no_encryption") from None
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise MailNotSent("unreachable") from None
    except smtplib.SMTPException:
        raise MailNotSent("refused") from None
    except OSError:
        raise MailNotSent("unreachable") from None
