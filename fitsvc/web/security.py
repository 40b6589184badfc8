"""Sign-in, protection against cross-site posts, and the headers every answer carries."""

import secrets

from flask import Flask, Response, g, request, session
from flask_login import user_logged_in
from flask_security import FSQLALiteUserDatastore, Security
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from fitsvc.config import Config
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.web.database import db

csrf = CSRFProtect()

LARGEST_REQUEST = 1_000_000

# plotly's script writes inline styles: the hash of the empty style is allowed on staff pages, and nothing more.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
STAFF_POLICY = (
    "default-src 'none'; script-src 'self'; "
    f"style-src 'self' {_EMPTY_STYLE}; style-src-attr 'none'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class StaffDatastore(FSQLALiteUserDatastore):  # type: ignore[misc]
    """Flask-Security's datastore without its own commits: the request commits once, at its end."""

    def commit(self) -> None:
        db.session.flush()


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECURITY_PASSWORD_SALT=config.secret_key,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # argon2 salts each hash itself: no second hash with a server-wide salt (`services.passwords` makes the same).
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_REGISTERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_LOGIN_USER_TEMPLATE="account/login.html",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SESSION_COOKIE_NAME="__Host-fitsvc" if config.is_https else "fitsvc",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    Security(app, StaffDatastore(db, Staff, StaffRole))
    user_logged_in.connect(_name_this_login, app)
    app.after_request(_headers)


def _name_this_login(_app: Flask, **_kwargs: object) -> None:
    """A random name for this browser's sign-in, so that a handed-over device can be locked alone."""
    session["login_key"] = secrets.token_urlsafe(16)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", g.get("content_security_policy", STAFF_POLICY))
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
