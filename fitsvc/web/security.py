"""Sign-in, and protection against cross-site posts. The headers are in `headers`, hosts and bodies in `wall`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import FSQLALiteUserDatastore, LoginForm, Security, logout_user
from flask_wtf.csrf import CSRFProtect

from fitsvc.config import Config
from fitsvc.services import passwords
from fitsvc.services.sign_in import note_refusal, note_sign_in, note_sign_out
from fitsvc.services.sign_ins import IDLE_FOR
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.web import current, second_step, sign_ins
from fitsvc.web.database import db
from fitsvc.web.forms import without_zero_bytes
from fitsvc.web.limits import Kind, note_failure, slow_down
from fitsvc.web.local_path import is_local_path
from fitsvc.web.resume import KEPT_FIELD, find_kept, send_on
from fitsvc.web.second_factor.views import page_after_password

csrf = CSRFProtect()


class StaffDatastore(FSQLALiteUserDatastore):
    """Flask-Security's datastore without its own commits: the request commits once, at its end."""

    def commit(self) -> None:
        db.session.flush()


def tidy_address(typed: str) -> str:
    """An address as it is looked up, however its letters are encoded (a wide "e" in the domain is an "e"): every
    spelling of an account uses up the same tries and stands in the log as that account.
    """
    tidy = without_zero_bytes(typed).strip().lower()
    try:
        return str(validate_email(tidy, check_deliverability=False).normalized).lower()
    except EmailNotValidError:
        return tidy


class StaffLoginForm(LoginForm):
    """Addresses are stored in small letters; phones like to begin them with a capital and end them with a blank."""

    def validate(self, **kwargs: Any) -> bool:
        self.email.data = tidy_address(self.email.data or "")
        if not is_local_path(self.next.data or ""):
            self.next.data = ""
        slow_down(Kind.SIGN_IN, self.email.data)  # before the password costs a computation
        is_right = bool(super().validate(**kwargs))
        if not is_right:
            note_failure(Kind.SIGN_IN, self.email.data)
        return is_right


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECURITY_PASSWORD_SALT=config.secret_key,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # argon2 salts each hash itself: no second hash with a server-wide salt (`services.passwords` makes the same).
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": passwords.MEMORY_KIB,
            "argon2__rounds": passwords.ROUNDS,
            "argon2__parallelism": passwords.LANES,
        },
        SECURITY_FRESHNESS=timedelta(
            minutes=-1
        ),  # no page of Flask-Security's asks again; ours do where it matters
        SECURITY_REGISTERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_LOGIN_USER_TEMPLATE="account/login.html",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SESSION_COOKIE_NAME="__Host-fitsvc" if config.is_https else "fitsvc",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE_FOR,  # counted anew at each request
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own pages tell browsers not to send
    )
    csrf.init_app(app)
    security = Security(app, StaffDatastore(db, Staff, StaffRole), login_form=StaffLoginForm)
    # Who may do what is ours to say (`web.access`): no second look at who is asking before each request.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    security.want_json(lambda _request: False)  # pages only: no tokens are handed out
    sign_ins.init_app(app)
    second_step.init_app(app, security)
    app.view_functions["security.login"] = _noted_sign_in(app.view_functions["security.login"])
    app.view_functions["security.logout"] = _noted_sign_out(app.view_functions["security.logout"])


View = Callable[..., Any]


def _noted_sign_in(view: View) -> View:
    """Flask-Security's sign-in, with a row in the log, and what was being written when the last one ran out."""

    def sign_in() -> ResponseReturnValue:
        if request.is_json:
            abort(400)
        if current_user.is_authenticated and request.method != "POST":
            return render_template("account/login.html", message=_somebody_is_here())
        if (
            current_user.is_authenticated
        ):  # whoever left this device open is out, before anybody else comes in
            note_sign_out(db.session, staff_id=current_user.id, now=current.now())
            logout_user()
        second_step.end_half()
        answer = view()
        if request.method != "POST":
            return answer
        if second_step.find_half() is not None:  # the password was right, the second factor is still to come
            kept = request.form.get(KEPT_FIELD, "")
            return page_after_password(kept) if kept else answer
        if not current_user.is_authenticated:
            note_refusal(db.session, email=tidy_address(request.form.get("email", "")), now=current.now())
            return answer
        note_sign_in(db.session, staff_id=current_user.id, now=current.now())
        writing = find_kept()
        return answer if writing is None else send_on(writing, "/")

    return sign_in


def _somebody_is_here() -> str:
    return _(
        "%(name)s is signed in on this device. If you sign in here, %(name)s is signed out.",
        name=current_user.name,
    )


def _noted_sign_out(view: View) -> View:
    def sign_out() -> ResponseReturnValue:
        if current_user.is_authenticated:
            note_sign_out(db.session, staff_id=current_user.id, now=current.now())
        return view()

    return sign_out
