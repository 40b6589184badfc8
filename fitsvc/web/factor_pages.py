"""What the sign-in's and the account's pages of second factors share: the app being set up, and the list of codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from flask import session as browser
from flask_babel import gettext as _

from fitsvc.keyring import WrongKey
from fitsvc.services.second_factors import app_uri, new_secret
from fitsvc.storage.accounts import Staff
from fitsvc.web import current

_PENDING = "pending_app"


@dataclass(frozen=True, slots=True)
class AppToSetUp:
    """`picture` is the square an app reads, `key` the same for typing in, `uri` for an app on this very device."""

    picture: str
    key: str
    uri: str


def pending_secret() -> str:
    """The secret of the app being set up in this browser, the same until it is done; encrypted in the session."""
    keys = current.config().data_keys
    try:
        return keys.decrypt_text(browser[_PENDING])
    except (KeyError, WrongKey):
        secret = new_secret()
        browser[_PENDING] = keys.encrypt_text(secret)
        return secret


def forget_app() -> None:
    browser.pop(_PENDING, None)


def app_to_set_up(staff: Staff) -> AppToSetUp:
    secret = pending_secret()
    host = urlsplit(current.config().base_url).hostname or ""
    uri = app_uri(secret, account=staff.email, issuer=f"{_('Shared curve')} {host}".replace(":", " "))
    picture = segno.make(uri, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )
    return AppToSetUp(picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), uri)
