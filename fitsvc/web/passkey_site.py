"""What a page asks a browser for when a passkey is made or used, and the challenge that comes back with it.

The challenge travels in the form, signed and for one purpose; that it is answered once is kept in the database.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from fitsvc.services.passkeys import (
    CHALLENGE_LASTS,
    Site,
    creation_options,
    new_challenge,
    request_options,
)
from fitsvc.storage.accounts import Staff
from fitsvc.web import current

STATE_FIELD, CREDENTIAL_FIELD = "passkey_state", "passkey"


class Purpose(StrEnum):
    MAKE = "make"
    FIRST = "first"  # in place of the password
    SECOND = "second"  # after it
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form with a passkey button carries: JSON for the browser, and the signed challenge."""

    options: str
    state: str
    makes: bool


def find_site() -> Site | None:
    """None where browsers know no passkeys: at a bare IP address, and without https anywhere but on this machine."""
    parts = urlsplit(current.config().base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        is_safe = current.config().is_https or host == "localhost"
        return Site(host, current.config().base_url, _("Shared curve")) if is_safe else None
    return None


def ask(purpose: Purpose, staff: Staff | None = None) -> Asked | None:
    """None where a passkey cannot be made or used."""
    site = find_site()
    if site is None or (staff is not None and purpose is not Purpose.MAKE and not staff.webauthn):
        return None
    challenge = new_challenge()
    if purpose is Purpose.MAKE and staff is not None:
        options = creation_options(site, staff=staff, challenge=challenge)
    else:
        options = request_options(site, staff=staff, challenge=challenge)
    return Asked(options, _serializer(purpose).dumps(challenge), purpose is Purpose.MAKE)


def sent_challenge(purpose: Purpose) -> str:
    """The challenge this request's form answers; empty when it is too old, for something else or not ours."""
    try:
        challenge = _serializer(purpose).loads(
            request.form.get(STATE_FIELD, ""), max_age=int(CHALLENGE_LASTS.total_seconds())
        )
    except BadData:
        return ""
    return str(challenge)


def sent_credential() -> str:
    return request.form.get(CREDENTIAL_FIELD, "")


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"passkey-{purpose}")
