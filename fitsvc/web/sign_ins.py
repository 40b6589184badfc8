"""Every request asks the database whether its sign-in still stands; the cookie alone opens nothing.

One query finds account, sign-in and handover together. Every way in ends in Flask-Security's `login_user`, and every
way out in `logout_user`: the row is written and ended on their signals.
"""

import secrets
from functools import partial
from typing import Any

from flask import Flask, g, request
from flask import session as browser
from flask_login import user_logged_out
from flask_security import user_authenticated

from fitsvc.services import sign_ins
from fitsvc.storage.accounts import DeviceHandover, SignIn, SignInWay, Staff
from fitsvc.web import current
from fitsvc.web.browser_name import browser_name
from fitsvc.web.database import when_reading_is_over

KEY = "login_key"
KOMMUNE = "kommune"
"""What `login_user(authn_via=[…])` is told by the sign-in through the kommune's own provider."""

_WAYS = {"webauthn": SignInWay.PASSKEY, KOMMUNE: SignInWay.KOMMUNE}


def init_app(app: Flask) -> None:
    app.login_manager.user_loader(_load)  # type: ignore[attr-defined]
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)


def current_sign_in() -> SignIn | None:
    """This browser's sign-in, once its account has been asked for."""
    found: SignIn | None = g.get("sign_in")
    return found


def found_handover() -> DeviceHandover | None:
    """The open handover that came with the account."""
    found: DeviceHandover | None = g.get("found_handover")
    return found


def _load(uniquifier: str) -> Staff | None:
    key = browser.get(KEY)
    if not uniquifier or not key:
        return None
    moment = current.now()
    found = sign_ins.find_signed_in(
        current.session(), uniquifier=str(uniquifier), login_key=str(key), now=moment
    )
    if found is None:
        return None
    g.sign_in, g.found_handover = found.sign_in, found.handover
    if sign_ins.is_due_to_be_seen(found.sign_in, now=moment):
        when_reading_is_over(partial(sign_ins.note_seen, sign_in_id=found.sign_in.id, now=moment))
    return found.staff


def _begin(_app: Flask, *, user: Staff, authn_via: list[str] | None = None, **_rest: Any) -> None:
    """A random name for this browser's sign-in; whoever was signed in on it before is so no more.

    The sign-in through the kommune leaves its provider's names for it in `g.oidc_sid` and `g.oidc_id_token`.
    """
    moment = current.now()
    _end(_app)
    browser.permanent = True
    browser[KEY] = key = secrets.token_urlsafe(16)
    when_reading_is_over(
        partial(
            sign_ins.begin,
            staff_id=user.id,
            login_key=key,
            way=_WAYS.get(next(iter(authn_via or ()), ""), SignInWay.PASSWORD),
            browser=browser_name(request.headers.get("User-Agent", "")),
            origin=request.remote_addr or "",
            oidc_sid=g.get("oidc_sid"),
            oidc_id_token=g.get("oidc_id_token", ""),
            now=moment,
        )
    )


def _end(_app: Flask, **_rest: Any) -> None:
    key = browser.pop(KEY, None)
    g.pop("sign_in", None)
    g.pop("found_handover", None)
    if key:
        when_reading_is_over(partial(sign_ins.end_of_key, login_key=str(key), now=current.now()))
