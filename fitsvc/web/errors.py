"""Error pages: what happened and what to do."""

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from fitsvc.services.errors import NotFound
from fitsvc.web.access import answer_failed_token
from fitsvc.web.database import forget_changes
from fitsvc.web.device_lock import current_handover
from fitsvc.web.respond.cookieless import PREFIX


def init_app(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(CSRFError, lambda _error: answer_failed_token() or _page(400))
    app.register_error_handler(
        HTTPException, lambda error: error if (error.code or 500) < 400 else _page(error.code)
    )
    app.register_error_handler(Exception, _unexpected)


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
        413: (_("That was too much at once"), _("Send a shorter text or a smaller file.")),
        500: (
            _("Something went wrong"),
            _("Nothing was saved. Try again; if it goes on, tell your administrator."),
        ),
    }
    heading, advice = words.get(status, words[500] if status >= 500 else words[404])
    # Without the staff's menu where something is broken, on a respondent's address (TRACE, say: it has no session),
    # and on a device that somebody else holds.
    is_bare = status >= 500 or request.path.startswith(PREFIX) or current_handover() is not None
    template = "errors/unexpected.html" if is_bare else "errors/error.html"
    return render_template(template, heading=heading, advice=advice), status
