"""A meeting as a calendar file, one's own meetings behind a secret link, and the page where that link is made."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from fitsvc.services.calendar_feeds import feed_made_at, make_feed, read_feed, read_meeting, revoke_feed
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound
from fitsvc.web.calendar.files import calendar_file
from fitsvc.web.current import actor, config, now, session
from fitsvc.web.language import LANGUAGES
from fitsvc.web.limits import Kind, note_failure, slow_down

blueprint = Blueprint("calendar", __name__)

FILE_NAME = "meeting.ics"
"""Neither name nor reference: what is downloaded lies about on disks."""


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/meeting.ics")
def meeting(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    found = read_meeting(session(), by=actor(), now=now(), case_id=case_id, meeting_id=meeting_id)
    answer = _as_file(calendar_file([found], _front_page()))
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """What a calendar program fetches again and again; nobody is signed in."""
    try:
        found = read_feed(session(), token=token, now=now())
    except NotFound:
        slow_down(Kind.LINK)
        note_failure(Kind.LINK)
        raise
    with force_locale(found.language if found.language in LANGUAGES else "da"):
        answer = _as_file(calendar_file(found.meetings, _front_page(), is_feed=True))
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.route("/account/calendar-link", methods=["GET", "POST"])
def link() -> ResponseReturnValue:
    """Make or replace one's link. The address stands in this one reply, and nowhere else ever."""
    address = None
    if request.method == "POST":
        token = make_feed(session(), by=actor(), now=now())
        address = f"{_front_page()}calendar/{token}.ics"
    made_at = feed_made_at(session(), by=actor())
    return render_template(
        "calendar/link.html", address=address, made_on=local_day(made_at) if made_at else None
    )


@blueprint.post("/account/calendar-link/revoke")
def revoke() -> ResponseReturnValue:
    revoke_feed(session(), by=actor(), now=now())
    flash(_("The calendar link does not work any more."), "success")
    return redirect(url_for("calendar.link"), 303)


def _front_page() -> str:
    return config().base_url + "/"


def _as_file(content: bytes) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return answer
