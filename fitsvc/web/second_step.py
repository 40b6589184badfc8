"""Between the password and the second factor nobody is signed in: the browser holds a half sign-in and nothing else.

Flask-Security asks us at one place what comes after the password (`TfPlugin.tf_enter`), whichever of its pages took it.
The half sign-in names the account in the signed session cookie; Flask-Login knows of nobody until `complete`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask, g, redirect, url_for
from flask import session as browser
from flask.typing import ResponseValue
from flask_login import current_user
from flask_security import Security, UserMixin, login_user, user_authenticated
from flask_security.tf_plugin import TfPlugin

from fitsvc.services.second_factors import has_second_factor
from fitsvc.services.sign_in import note_sign_in
from fitsvc.storage.accounts import Staff, find_staff_by_uniquifier
from fitsvc.web import current
from fitsvc.web.local_path import is_local_path
from fitsvc.web.page_owner import begin_pages_of
from fitsvc.web.passkey_site import Asked, Purpose, ask

HALF_LASTS = timedelta(minutes=15)
MOST_WRONG = 5
_HALF, _FACTOR, _CONFIRMED = "half", "factor", "confirmed_at"


class Factor(StrEnum):
    """What completed a sign-in; stands in the session."""

    APP = "app"
    RECOVERY = "recovery"
    PASSKEY = "passkey"
    NONE = "none"  # a demo, and nowhere else
    KOMMUNE = "kommune"  # the kommune's provider has asked


class SecondStep(TfPlugin):
    """Asked by Flask-Security when a first factor was right."""

    def tf_enter(
        self, user: UserMixin, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> ResponseValue | None:
        if not isinstance(user, Staff):
            raise TypeError("accounts are Staff")
        if current.config().demo and not has_second_factor(user):
            return None  # signed in at once; `_mark` says with what
        begin_half(user, next_loc or "")
        return redirect(url_for(next_endpoint(user)), 303)


def init_app(app: Flask, security: Security) -> None:
    security.two_factor_plugins = SecondStep()
    user_authenticated.connect(_mark, app)
    app.jinja_env.globals["passkey_sign_in"] = _passkey_sign_in


def begin_half(staff: Staff, target: str) -> None:
    """The password was right. Whoever was signed in here before is not any more."""
    browser.permanent = True
    browser[_HALF] = {
        "staff": staff.fs_uniquifier,
        "since": current.moment_now().isoformat(),
        "next": target if is_local_path(target) else "",
        "wrong": 0,
    }
    g.half = staff


def find_half() -> Staff | None:
    """Whose half sign-in this browser holds. One query a request."""
    if "half" not in g:
        g.half = _load_half()
    found: Staff | None = g.half
    return found


def end_half() -> None:
    browser.pop(_HALF, None)
    browser.pop("pending_app", None)
    g.half = None


def count_wrong() -> bool:
    """One more wrong code; whether that was one too many, and the half sign-in is over."""
    half = dict(browser.get(_HALF) or {})
    half["wrong"] = int(half.get("wrong", 0)) + 1
    browser[_HALF] = half
    if half["wrong"] < MOST_WRONG:
        return False
    end_half()
    return True


def complete(staff: Staff, factor: Factor, *, target: str = "") -> str:
    """Both factors were given: the person is signed in from here. Returns where they wanted to go."""
    target = str((browser.get(_HALF) or {}).get("next") or target or "/")
    end_half()
    g.factor = factor
    login_user(staff, authn_via=["webauthn" if factor is Factor.PASSKEY else "password"])
    note_sign_in(current.session(), staff_id=staff.id, now=current.now())
    return target if is_local_path(target) else "/"


def is_complete() -> bool:
    """Whether the signed-in browser of this request has given what it must. Everything else rests on this."""
    factor = browser.get(_FACTOR)
    if factor == Factor.NONE:
        return current.config().demo
    return factor in set(Factor)


def is_confirmed(within: timedelta) -> bool:
    """Whether the person has shown lately that it is them."""
    try:
        at = datetime.fromisoformat(str(browser.get(_CONFIRMED)))
    except ValueError:
        return False
    return timedelta(0) <= current.moment_now() - at <= within


def confirm() -> None:
    browser[_CONFIRMED] = current.moment_now().isoformat()


def next_endpoint(staff: Staff) -> str:
    return "second_factor.ask" if has_second_factor(staff) else "second_factor.set_up"


def _load_half() -> Staff | None:
    half = browser.get(_HALF)
    if not half or current_user.is_authenticated:
        return None
    since = datetime.fromisoformat(half["since"])
    if not timedelta(0) <= current.moment_now() - since <= HALF_LASTS:
        return None
    staff = find_staff_by_uniquifier(current.session(), half["staff"])
    return staff if staff is not None and staff.active else None


def _mark(_app: Flask, *, user: Staff, authn_via: list[str] | None = None, **_rest: object) -> None:
    """Every way in says with what it was completed. One that says nothing opens nothing outside a demo."""
    given = g.pop("factor", None)
    if given is None:
        given = Factor.KOMMUNE if "kommune" in (authn_via or ()) else Factor.NONE
    browser[_FACTOR] = str(given)
    begin_pages_of(user)
    confirm()


def _passkey_sign_in() -> Asked | None:
    """For the sign-in page: a passkey in place of address, password and code."""
    return ask(Purpose.FIRST) if current.config().local_passwords else None
