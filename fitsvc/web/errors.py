"""Error pages: what happened and what to do."""

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests

from fitsvc.keyring import WrongKey
from fitsvc.services.errors import NotFound
from fitsvc.web.access import answer_failed_token
from fitsvc.web.database import forget_changes
from fitsvc.web.device_lock import current_handover
from fitsvc.web.limits import wait_words
from fitsvc.web.respond.cookieless import PREFIX
from fitsvc.web.resume import KEPT_FIELD, sign_in_page


def init_app(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(CSRFError, lambda _error: answer_failed_token() or _page(400))
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(
        HTTPException, lambda error: error if (error.code or 500) < 400 else _page(error.code)
    )
    app.register_error_handler(WrongKey, _unreadable)
    app.register_error_handler(Exception, _unexpected)


def _unreadable(error: WrongKey) -> tuple[str, int]:
    """A value whose key is gone: said so, never shown as garbage."""
    current_app.logger.error("a stored value cannot be read: %s (FITSVC_DATA_KEYS)", error)
    forget_changes()
    page = render_template(
        "errors/unexpected.html",
        heading=_("Some of this page cannot be read"),
        advice=_(
            "The key it was stored with is missing. Nothing is lost: tell your administrator, who can put the key back."
        ),
    )
    return page, 500


def _too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Calm, with the time to wait; at the sign-in page with what was being written when the last sign-in ran out."""
    forget_changes()
    seconds = error.retry_after if isinstance(error.retry_after, int) else 60
    heading = _("Wait a little")
    advice = wait_words(seconds)
    if request.endpoint == "security.login":
        answer = sign_in_page(request.form.get(KEPT_FIELD, ""), 429, f"{advice} {_forgotten()}")
    else:
        answer = make_response(*_shown(429, heading, advice))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _forgotten() -> str:
    return _("On a browser you have used here before, and from another network, you can sign in meanwhile.")


def _unexpected(error: Exception) -> tuple[str, int]:
    current_app.logger.exception("unexpected error", exc_info=error)
    return _page(500)


def _page(code: int | None) -> tuple[str, int]:
    forget_changes()
    status = code or 500
    words = {
        400: (_("This page was open too long"), _("Go back, reload the page and send again.")),
        403: (_("This is not for your role"), _("Ask your leader or administrator if you need it.")),
        404: (_("There is nothing here"), _("The address is wrong, or it is not yours to see.")),
        405: (_("This cannot be done here"), _("Go back and use the buttons on the page.")),
        408: (_("We did not get all of it"), _("Go back, reload the page and send again.")),
        413: (_("That was too much at once"), _("Send a shorter text or a smaller file.")),
        414: (_("That was too much at once"), _("The address is too long. Use the buttons on the page.")),
        415: (_("This could not be read"), _("Go back and use the buttons on the page.")),
        500: (
            _("Something went wrong"),
            _("Nothing was saved. Try again; if it goes on, tell your administrator."),
        ),
    }
    heading, advice = words.get(status, words[500] if status >= 500 else words[404])
    return _shown(status, heading, advice)


def _shown(status: int, heading: str, advice: str) -> tuple[str, int]:
    # Without the staff's menu where something is broken, on a respondent's address (TRACE, say: it has no session),
    # and on a device that somebody else holds.
    is_bare = status >= 500 or request.path.startswith(PREFIX) or current_handover() is not None
    template = "errors/unexpected.html" if is_bare else "errors/error.html"
    return render_template(template, heading=heading, advice=advice), status
