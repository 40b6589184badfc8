"""A signed-in device that was handed over shows one form and nothing else, whatever address is typed."""

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fitsvc.storage.accounts import DeviceHandover
from fitsvc.web.access_register import REGISTER, Gate
from fitsvc.web.sign_ins import found_handover

LOCKED_ENDPOINT = "handed_over.show"


def current_handover() -> DeviceHandover | None:
    """The open handover of this browser's sign-in, or None. It came with the account, in one query."""
    return found_handover() if current_user.is_authenticated else None


def init_app(app: Flask) -> None:
    app.before_request(_keep_locked)


def _keep_locked() -> ResponseReturnValue | None:
    # Links are for whoever holds them, and files carry nothing personal: neither looks at the sign-in at all.
    if request.endpoint == "static" or REGISTER.get(request.endpoint or "") in {Gate.LINK, Gate.HANDED_OVER}:
        return None
    return redirect(url_for(LOCKED_ENDPOINT)) if current_handover() is not None else None
