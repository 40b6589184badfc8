"""Browsers an account has signed in on before: a signed cookie that lasts a year and opens nothing by itself.

Whoever tries passwords from elsewhere uses up their own tries; a browser that is known has tries of its own, and so
nobody can be locked out of their account by a stranger (`web.limits`).
"""

import hmac
import secrets
from hashlib import sha256
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_login import user_logged_in
from itsdangerous import BadData, URLSafeTimedSerializer

from fitsvc.web import current

KNOWN_SECONDS = 365 * 24 * 60 * 60
MOST_ACCOUNTS = 5
"""On one browser; the one that signed in longest ago is forgotten."""


def init_app(app: Flask) -> None:
    user_logged_in.connect(_remember, app)
    app.after_request(_set_cookie)


def find_known_browser(email: str) -> str | None:
    """The random name under which this browser is known for the account with this address, or None."""
    return dict(_known()).get(_tag(email))


def _remember(_app: Flask, user: Any, **_kwargs: object) -> None:
    g.known_account = user.email


def _set_cookie(response: Response) -> Response:
    email = g.pop("known_account", None)
    if email is None:
        return response
    tag = _tag(email)
    name = find_known_browser(email) or secrets.token_urlsafe(12)
    others = [pair for pair in _known() if pair[0] != tag]
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps([(tag, name), *others][:MOST_ACCOUNTS]),
        max_age=KNOWN_SECONDS,
        secure=current.config().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _known() -> list[tuple[str, str]]:
    try:
        pairs = _serializer().loads(request.cookies.get(_cookie_name(), ""), max_age=KNOWN_SECONDS)
    except BadData:
        return []
    return [(tag, name) for tag, name in pairs]


def _tag(email: str) -> str:
    """The account's place in the cookie; the address itself is not in it."""
    key = current.config().secret_key.encode()
    account = email.strip().lower().encode("utf-8", "surrogatepass")
    return hmac.new(key, b"known-browser:" + account, sha256).hexdigest()[:24]


def _cookie_name() -> str:
    return "__Host-fitsvc-known" if current.config().is_https else "fitsvc-known"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="known-browser")
