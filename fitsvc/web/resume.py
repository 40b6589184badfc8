"""Nothing written is lost when a sign-in runs out: the fields of a refused POST are kept in the page itself.

They travel encrypted in a hidden field of the sign-in page (never in an address, a cookie or the database), and stand
ready to be sent again, to the same address, once the same person has signed in. Passwords and PINs are not kept.
"""

import json
from dataclasses import dataclass

from flask import current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from fitsvc.keyring import WrongKey
from fitsvc.web import current
from fitsvc.web.page_owner import mark_of, owner_of_sent_page

KEPT_FIELD = "kept"
KEPT_FOR_SECONDS = 2 * 60 * 60
_NEVER_KEPT = ("csrf_token", KEPT_FIELD, "password", "pin", "passkey")


@dataclass(frozen=True, slots=True)
class Kept:
    """A POST that was not carried out. `owner` marks whose page it was (`web.page_owner`), empty when unknown: then it
    is nobody's, for whoever made it up may have left it here for the next person to send.
    """

    path: str
    fields: list[tuple[str, str]]
    owner: str = ""

    @property
    def is_somebody_elses(self) -> bool:
        return self.owner != mark_of(current_user)


def here() -> str:
    """The address of this request within the service."""
    return request.full_path if request.query_string else request.path


def kept_fields() -> list[tuple[str, str]]:
    """What this request's form says, without secrets."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in _NEVER_KEPT)
    ]


def keep_this_post() -> str:
    """This request's address and fields, for the same person only; nobody else can read them in the page."""
    written = json.dumps([here(), kept_fields(), owner_of_sent_page()])
    return str(_serializer().dumps(current.config().data_keys.encrypt_text(written)))


def find_kept() -> Kept | None:
    """What the sign-in page carried along, unless it is too old or not ours."""
    try:
        sealed = _serializer().loads(request.form.get(KEPT_FIELD, ""), max_age=KEPT_FOR_SECONDS)
        path, fields, owner = json.loads(current.config().data_keys.decrypt_text(sealed))
    except (BadData, WrongKey):
        return None
    return Kept(path, [(name, value) for name, value in fields], owner)


def send_on(kept: Kept | None, target: str) -> Response:
    """After signing in: to what was kept, when it is this person's own; else to the page asked for."""
    if kept is None:
        return redirect(target, 303)
    if kept.is_somebody_elses:
        flash(_("What stood on the page before was written by somebody else. It was not sent."), "warning")
        return redirect("/", 303)
    return offer_to_send_again(kept, 200, signed_in_again=True)


def is_own_page() -> bool:
    """Whether the POST came from a page of this service, as far as the browser says. What another site's page sent
    is never offered to be sent again."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    return request.headers.get("Origin", "null") in {"null", request.host_url.rstrip("/")}


def ask_to_sign_in() -> Response:
    """The sign-in page in place of a POST that came too late; the answers are in it."""
    return sign_in_page(keep_this_post(), 401, _("You were signed out because nothing happened for a while."))


def sign_in_page(kept: str, status: int, message: str) -> Response:
    return make_response(render_template("account/login.html", kept=kept, message=message), status)


def offer_to_send_again(kept: Kept, status: int, *, signed_in_again: bool) -> Response:
    """A page with the fields of a lost POST and a button that sends them."""
    return make_response(
        render_template("account/resume.html", kept=kept, signed_in_again=signed_in_again), status
    )


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept-post")
