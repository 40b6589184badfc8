"""Asking for ratings before a follow-up meeting: who has answered, who has not, and links for those."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.meeting_asking import MadeLink, ask_for_meeting, read_meeting_asking
from fitsvc.web.current import actor, catalogue, config, now, session
from fitsvc.web.form_pages import case_head, form_page, refusals
from fitsvc.web.meeting_asking.forms import AskForm
from fitsvc.web.meeting_asking.pages import AskPage, Token, ask_page
from fitsvc.web.new_links import works_until

blueprint = Blueprint("meeting_asking", __name__)

SHOWN_ONCE = "new_meeting_links"
"""Where the tokens wait, in this browser's own session, from the POST that made them to the page that shows them."""


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/ask", methods=["GET", "POST"])
def show(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Who has answered and who has not; a press makes links for all who have not, or for the one it stands beside."""
    form = AskForm()
    if form.validate_on_submit():
        with refusals(form):
            made = ask_for_meeting(
                session(),
                by=actor(),
                now=now(),
                catalogue=catalogue(),
                case_id=case_id,
                meeting_id=meeting_id,
                link_days=config().link_days,
                asks_wish=form.asks_wish.data,
                respondent_id=_the_one_meant(),
            )
            return _show_once(case_id, meeting_id, made)
    case = get_case(session(), by=actor(), case_id=case_id)
    page = _page(case_id, meeting_id, () if form.errors else _take_new_links(meeting_id))
    if request.method == "GET":
        access = Access.LINK_SHOWN if page.shown else Access.CASE_READ
        note_reading(session(), by=actor(), access=access, case_ids=[case_id], now=now())
    return form_page("meeting_asking/show.html", form, case=case_head(case), page=page)


def _page(case_id: UUID, meeting_id: UUID, tokens: tuple[Token, ...]) -> AskPage:
    found = read_meeting_asking(
        session(), by=actor(), now=now(), catalogue=catalogue(), case_id=case_id, meeting_id=meeting_id
    )
    return ask_page(
        found,
        by=actor(),
        tokens=tokens,
        base_url=config().base_url,
        until=works_until(now(), config().link_days),
        catalogue=catalogue(),
    )


def _the_one_meant() -> UUID | None:
    """The respondent whose own button was pressed; None for the button that asks everybody."""
    sent = request.form.get("respondent", "")
    if not sent:
        return None
    try:
        return UUID(sent)
    except ValueError:
        abort(404)


def _show_once(case_id: UUID, meeting_id: UUID, made: tuple[MadeLink, ...]) -> ResponseReturnValue:
    if made:
        tokens = [(one.respondent_id.hex, one.instrument_id, one.token) for one in made]
        browser_session[SHOWN_ONCE] = [meeting_id.hex, tokens]
    else:
        flash(_("There is nobody to make a link for right now."), "info")
    return redirect(url_for("meeting_asking.show", case_id=case_id, meeting_id=meeting_id), 303)


def _take_new_links(meeting_id: UUID) -> tuple[Token, ...]:
    """The links just made for this meeting; gone from the browser once they are shown."""
    waiting = browser_session.pop(SHOWN_ONCE, None)
    if not waiting or waiting[0] != meeting_id.hex:
        return ()
    return tuple((respondent, form, token) for respondent, form, token in waiting[1])
