"""The agenda of a planned meeting, made from the data and arranged by those who prepare it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.domain.agenda import AgendaKind, ItemKey
from fitsvc.domain.audit import Access
from fitsvc.services.agenda_changes import add_item, move_item, remove_item, restore_item
from fitsvc.services.agendas import compose_agenda, find_meeting_facts
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.errors import Refused
from fitsvc.web.agenda_words import agenda_page
from fitsvc.web.at_meeting import facts_at_meeting
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.form_pages import form_page, refusals
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.preparation.forms import FreeItemForm
from fitsvc.web.preparation.pages import item_id, preparation_page

blueprint = Blueprint("preparation", __name__)

CHANGES = {"up", "down", "remove", "restore"}


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/prepare", methods=["GET", "POST"])
def show(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """The agenda, and a form for an item of one's own."""
    facts = facts_at_meeting(case_id, Access.PREPARATION_READ)
    find_meeting_facts(facts, meeting_id)
    form = FreeItemForm()
    if form.validate_on_submit():
        with refusals(form):
            add_item(
                session(),
                by=actor(),
                now=now(),
                facts=facts,
                meeting_id=meeting_id,
                key=form.key.data,
                text=form.text.data,
            )
            return _back(case_id, meeting_id, (AgendaKind.FREE, str(form.key.data)))
    agenda = compose_agenda(session(), by=actor(), facts=facts, meeting_id=meeting_id, preparing=True)
    words = agenda_page(agenda, facts, catalogue(), get_locale().language)
    return form_page("preparation/show.html", form, page=preparation_page(facts, meeting_id, words))


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/prepare/item")
def change(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Move an item beside another, take it off or put it back; where things stand is said by the page, so that the same
    press sent twice does nothing twice.
    """
    facts = facts_at_meeting(case_id, Access.PREPARATION_READ)
    find_meeting_facts(facts, meeting_id)
    item, what = _key(request.form.get("item", "")), request.form.get("change", "")
    if item is None or what not in CHANGES:
        abort(400)
    try:
        _change(facts, meeting_id, item, what)
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
    else:
        if what == "remove":
            flash(_("The item is taken off the agenda. You can put it back below."), "success")
    return _back(case_id, meeting_id, item)


def _change(facts: CaseTrajectories, meeting_id: UUID, item: ItemKey, what: str) -> None:
    change: Callable[..., None] | None = {"remove": remove_item, "restore": restore_item}.get(what)
    beside = _key(request.form.get(what, ""))
    if change is None and beside is not None:
        change = partial(move_item, beside=beside, after=what == "down")
    if change is not None:
        change(session(), by=actor(), now=now(), facts=facts, meeting_id=meeting_id, item=item)


def _key(sent: str) -> ItemKey | None:
    kind, colon, subject = sent.partition(":")
    if not colon or kind not in {one.value for one in AgendaKind}:
        return None
    return AgendaKind(kind), subject


def _back(case_id: UUID, meeting_id: UUID, item: ItemKey) -> ResponseReturnValue:
    """To the item, so that whoever works by keyboard stays where they were."""
    address = url_for("preparation.show", case_id=case_id, meeting_id=meeting_id, _anchor=item_id(*item))
    return redirect(address, 303)
