"""A signed-in device that was handed over shows one form and nothing else, whatever address is typed."""

from flask import Flask, g, redirect, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fitsvc.storage.accounts import DeviceHandover, find_open_handover
from fitsvc.web import current
from fitsvc.web.access import REGISTER, Gate

LOCKED_ENDPOINT = "handed_over.show"


def current_handover() -> DeviceHandover | None:
    """The open handover of this browser's sign-in, or None. One query a request."""
    if "handover" not in g:
        key = browser.get("login_key") if current_user.is_authenticated else None
        g.handover = find_open_handover(current.session(), key) if key else None
    found: DeviceHandover | None = g.handover
    return found


def init_app(app: Flask) -> None:
    app.before_request(_keep_locked)


def _keep_locked() -> ResponseReturnValue | None:
    # Links are for whoever holds them, and files carry nothing personal: neither looks at the sign-in at all.
    if request.endpoint == "static" or REGISTER.get(request.endpoint or "") in {Gate.LINK, Gate.HANDED_OVER}:
        return None
    return redirect(url_for(LOCKED_ENDPOINT)) if current_handover() is not None else None
