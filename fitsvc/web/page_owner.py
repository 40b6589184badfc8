"""Whose page a form came from, even when that person's sign-in is long over: the form's own token says it.

From the moment somebody signs in, the random value behind the tokens (Flask-WTF's) begins with a mark of the person;
in a form it stands signed. Signing in anew makes a new value, so that a page left open by somebody else is not taken
for one's own.
"""

import hmac
import secrets
from hashlib import sha256

from flask import current_app, g, request
from flask import session as browser
from itsdangerous import BadData, URLSafeTimedSerializer

from fitsvc.storage.accounts import Staff

_TOKEN = "csrf_token"  # noqa: S105  Flask-WTF's name for field and session value


def mark_of(staff: Staff) -> str:
    """Stands for the person in a page; says nothing to anybody else."""
    key = (current_app.secret_key or "").encode() if isinstance(current_app.secret_key, str) else b""
    return hmac.new(key, b"page-owner:" + staff.id.bytes, sha256).hexdigest()[:16]


def begin_pages_of(staff: Staff) -> None:
    browser[_TOKEN] = f"{mark_of(staff)}.{secrets.token_hex(20)}"
    g.pop(_TOKEN, None)  # Flask-WTF keeps the token it made earlier in this request


def owner_of_sent_page() -> str:
    """The mark of whoever the page was made for; empty for nobody's, or when it cannot be known."""
    serializer = URLSafeTimedSerializer(
        current_app.config.get("WTF_CSRF_SECRET_KEY") or current_app.secret_key or "", salt="wtf-csrf-token"
    )
    try:
        value = str(serializer.loads(request.form.get(_TOKEN, "")))
    except BadData:
        return ""
    mark, dot, _rest = value.partition(".")
    return mark if dot else ""
