"""Sign-ins that have begun in this browser and not come back yet.

The browser's signed cookie holds only random states and where each is to go on. Nonce and PKCE verifier are made of
the state with the service's secret: nothing in a cookie or an address is enough to take part in somebody's sign-in.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from flask import session as browser

KEY = "kommune_waiting"
LASTS = timedelta(minutes=10)
MOST = 4
"""Sign-ins at the same time, in as many windows; the oldest goes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`again` is whose sign-in is to be confirmed; None for somebody coming in."""

    state: str
    goes_on: str
    asked_at: datetime
    again: str | None

    @property
    def nonce(self) -> str:
        return _derive("nonce", self.state)

    @property
    def verifier(self) -> str:
        return _derive("verifier", self.state)


def begin(*, goes_on: str, now: datetime, again: str | None = None) -> Waiting:
    found = Waiting(secrets.token_urlsafe(32), goes_on, now, again)
    row = [found.state, goes_on, int(now.timestamp()), again]
    browser[KEY] = [*_rows(), row][-MOST:]
    return found


def take(state: str, *, now: datetime) -> Waiting | None:
    """The sign-in this browser began under a state; None for another's, for one too old, and for an invented one."""
    found = None
    left = []
    for row in _rows():
        if found is None and hmac.compare_digest(row[0].encode(), state.encode()):
            found = Waiting(row[0], row[1], datetime.fromtimestamp(row[2], UTC), row[3])
        else:
            left.append(row)
    browser[KEY] = left
    if found is None or now - found.asked_at > LASTS:
        return None
    return found


def _rows() -> list[list]:
    return list(browser.get(KEY, ()))


def _derive(purpose: str, state: str) -> str:
    secret = str(current_app.secret_key).encode()
    made = hmac.new(secret, f"kommune-sign-in:{purpose}:{state}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()
