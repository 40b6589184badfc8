"""Before what cannot be taken back, somebody signed in shows once more that it is them (`access.FRESH`).

An address asked for is gone on to afterwards. A form stays in the page that asks: its fields are sent on together with
the password, so nothing is lost and no script is needed. A file is fetched from a page of its own, as the browser stays
where it was when one comes.
"""

from datetime import timedelta

from flask import make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import logout_user
from werkzeug.wrappers import Response

from fitsvc.domain.audit import Act
from fitsvc.services import passkeys
from fitsvc.services.errors import Refused
from fitsvc.services.passwords import matches
from fitsvc.storage.logs import record_act
from fitsvc.web import current
from fitsvc.web.access_register import FILES_OUT
from fitsvc.web.database import keep_changes
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.limits import Kind, note_failure, seconds_to_wait
from fitsvc.web.passkey_site import (
    Purpose,
    ask,
    find_site,
    sent_challenge,
    sent_credential,
)
from fitsvc.web.resume import here, keep_this_post, kept_fields, sign_in_page
from fitsvc.web.second_step import confirm, is_confirmed

FRESH_FOR = timedelta(minutes=10)
MOST_WRONG = 5
PASSWORD_FIELD = "confirm_password"  # noqa: S105  a field's name
_WRONG = "wrong_confirmations"


def ask_if_not_fresh() -> Response | None:
    """None when the request may go on."""
    if is_confirmed(FRESH_FOR):
        return None
    if request.method != "POST":
        return redirect(url_for("confirm.ask", next=here()))
    page = try_to_confirm(here(), kept_fields())
    if page is None and request.endpoint in FILES_OUT:
        return file_page(here(), kept_fields(), is_form=True)
    return page


def file_page(action: str, fields: list[tuple[str, str]], *, is_form: bool) -> Response:
    """A button that fetches the file at an address; pressed again, it comes again."""
    return make_response(render_template("confirm/file.html", action=action, fields=fields, is_form=is_form))


def try_to_confirm(action: str, fields: list[tuple[str, str]]) -> Response | None:
    """None when this POST confirms; else the page that asks, with `fields` in it, which sends to `action`."""
    if PASSWORD_FIELD not in request.form and not sent_credential():
        return _page(action, fields, "", 401)
    if seconds_to_wait(Kind.CONFIRM, current_user.email):
        return _page(action, fields, str(REFUSALS["too_many_codes"]), 422)
    if _is_right():
        browser.pop(_WRONG, None)
        confirm()
        return None
    return _refused() or _page(
        action, fields, str(REFUSALS["wrong_passkey" if sent_credential() else "wrong_password"]), 422
    )


def ask_page(action: str) -> Response:
    return _page(action, [], "", 200)


def _is_right() -> bool:
    if not sent_credential():
        given, hashed = request.form.get(PASSWORD_FIELD, ""), current_user.password
        keep_changes()  # nobody's rating waits for the database while a password is computed
        return bool(given) and len(given) <= 1000 and hashed is not None and matches(given, hashed)
    site = find_site()
    if site is None:
        return False
    try:
        passkeys.check_passkey(
            current.session(),
            site=site,
            staff=current_user._get_current_object(),
            challenge=sent_challenge(Purpose.CONFIRM),
            credential=sent_credential(),
            now=current.now(),
        )
    except Refused:
        return False
    return True


def _refused() -> Response | None:
    """Counted and in the log. Whoever does not know the password is signed out; what was sent waits for the owner."""
    record_act(current.session(), Act.CONFIRMATION_REFUSED, at=current.now(), staff_id=current_user.id)
    note_failure(Kind.CONFIRM, current_user.email)
    browser[_WRONG] = int(browser.get(_WRONG, 0)) + 1
    if browser[_WRONG] < MOST_WRONG:
        return None
    browser.pop(_WRONG)
    kept = keep_this_post() if request.endpoint != "confirm.ask" else ""
    logout_user()
    words = _("The password was wrong five times, so this browser was signed out.")
    return sign_in_page(kept, 422, words)


def _page(action: str, fields: list[tuple[str, str]], problem: str, status: int) -> Response:
    return make_response(
        render_template(
            "confirm/ask.html",
            action=action,
            fields=fields,
            problem=problem,
            minutes=int(FRESH_FOR.total_seconds() // 60),
            has_password=current_user.password is not None,
            is_form=bool(fields),
            asked=ask(Purpose.CONFIRM, current_user._get_current_object()),
            again_next=url_for("confirm.ask") if fields else action,
        ),
        status,
    )
