"""From where a request comes, and the promise that nobody reads a case without a row in the log.

Every statement of the service's own engine passes here. When a request of a member of staff has read a table of cases
and has noted neither a reading nor a change, its page is not sent: it fails, visibly, and is undone.
"""

from flask import Flask, Response, g, has_request_context, request

from fitsvc.storage.case_tables import watch_reading
from fitsvc.storage.logs import ORIGIN, is_noted
from fitsvc.web.access_register import REGISTER, Gate
from fitsvc.web.database import db

LONGEST_ADDRESS = 45
"""Characters of the longest written IPv6 address."""
SHOWS_NOTHING = frozenset({400, 401, 403, 404, 405, 413, 429})
"""Answers that say no and nothing else. A redirect shows nothing either; a form with mistakes shows its page."""
ORIGINS = {Gate.LINK: "link", Gate.HANDED_OVER: "device"}
"""Behind these a respondent sits: never an address of theirs."""

EXEMPT: dict[str, str] = {
    "admin.overview": "counts how many open cases each member of staff is on",
    "admin.list_staff": "counts how many open cases each member of staff is on",
    "admin.change_staff": "counts how many open cases one member of staff is on",
    "admin_teams.find_team": "says whether there is a case with this reference; the team's page notes its reading",
    "opening.open_case": "says whether a reference is taken already",
    "substitutes.show": "who stands in for whom between which days, and on how many cases; it names none",
    "substitutes.end": "the same",
    "emergency.open": "today's own openings, which are noted when there are any",
    "notices.list": "the cases that are named are noted when there are any",
}
"""Staff pages that read tables of cases and show no case, each with the reason."""


class UnnotedReading(Exception):
    """A page about a case was about to leave no row in the log. A mistake in our code; nothing is shown."""


def init_app(app: Flask) -> None:
    app.before_request(_say_from_where)
    app.after_request(_refuse_unnoted)
    with app.app_context():
        watch_reading(db.engine, _remember)


def _say_from_where() -> None:
    rule = REGISTER.get(request.endpoint or "")
    origin = ORIGINS.get(rule) if isinstance(rule, Gate) else None
    db.session.info[ORIGIN] = origin or (request.remote_addr or "unknown")[:LONGEST_ADDRESS]


def _remember() -> None:
    if has_request_context():
        g.case_data_read = True


def _refuse_unnoted(response: Response) -> Response:
    endpoint = request.endpoint or ""
    if (
        "case_data_read" not in g
        or REGISTER.get(endpoint) in {Gate.PUBLIC, Gate.LINK, Gate.HANDED_OVER, None}
        or endpoint in EXEMPT
        or _shows_nothing(response.status_code)
        or is_noted(db.session)
    ):
        return response
    raise UnnotedReading(f"{endpoint} read case data and left no row in the log: nothing was shown")


def _shows_nothing(status: int) -> bool:
    return 300 <= status < 400 or status in SHOWS_NOTHING or status >= 500
