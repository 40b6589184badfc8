"""The closing page: how it went, what helped, what to do if it gets harder, and ratings afterwards."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.domain.meeting import Minute
from fitsvc.services.after_end import Tick, offer_after_end, plan_after_end
from fitsvc.services.agendas import find_meeting_facts
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.endings import EndingFacts, compose_ending
from fitsvc.services.errors import Refused
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.services.minutes import ChangedMeanwhile, write_minute
from fitsvc.web.agenda_words import area_names
from fitsvc.web.at_meeting import facts_at_meeting
from fitsvc.web.current import actor, catalogue, config, now, session
from fitsvc.web.ending.forms import TakenAlongForm
from fitsvc.web.ending.pages import ending_page
from fitsvc.web.form_pages import form_page, refusals
from fitsvc.web.form_words import REFUSALS

blueprint = Blueprint("ending", __name__)

WRITTEN = ((Minute.HELPED, "helped"), (Minute.IF_HARDER, "if_harder"))


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/ending", methods=["GET", "POST"])
def show(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """The page, and a form for what the family takes along."""
    facts = facts_at_meeting(case_id, Access.MEETING_READ)
    meeting = find_meeting_facts(facts, meeting_id)
    ending = _ending(facts, meeting_id, meeting.episode_id)
    form = TakenAlongForm(
        helped=ending.helped.text,
        helped_version=ending.helped.version,
        if_harder=ending.if_harder.text,
        if_harder_version=ending.if_harder.version,
    )
    if form.validate_on_submit() and _write(form, case_id, meeting_id):
        flash(_("Saved. The page can be printed and given to the family."), "success")
        return _back(case_id, meeting_id)
    page = ending_page(
        ending,
        facts,
        offer_after_end(session(), facts=facts, episode_id=meeting.episode_id),
        meeting_id=meeting_id,
        areas=area_names(facts, catalogue(), get_locale().language),
        config=config(),
    )
    return form_page("ending/show.html", form, case=page.case, page=page)


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/ending/ratings")
def plan(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Exactly the ticked ratings after the measure are planned."""
    facts = facts_at_meeting(case_id, Access.MEETING_READ)
    meeting = find_meeting_facts(facts, meeting_id)
    try:
        plan_after_end(
            session(),
            by=actor(),
            now=now(),
            facts=facts,
            episode_id=meeting.episode_id,
            chosen={tick for sent in request.form.getlist("ask") if (tick := _tick(sent)) is not None},
        )
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
    else:
        flash(_("The ratings after the measure are planned as you ticked."), "success")
    return _back(case_id, meeting_id)


def _write(form: TakenAlongForm, case_id: UUID, meeting_id: UUID) -> bool:
    """Write both fields; False when one of them cannot be taken, and then neither is."""
    with refusals(form):
        for minute, name in WRITTEN:
            try:
                write_minute(
                    session(),
                    by=actor(),
                    now=now(),
                    case_id=case_id,
                    meeting_id=meeting_id,
                    field=minute,
                    text=form[name].data or "",
                    seen_version=form[f"{name}_version"].data,
                )
            except ChangedMeanwhile as changed:
                _show_theirs(form, name, changed)
                raise
    return not form.errors


def _show_theirs(form: TakenAlongForm, name: str, changed: ChangedMeanwhile) -> None:
    """What was typed stays in the field; the other text stands beside it, and sending again is a decision."""
    version = form[f"{name}_version"]
    version.data, version.raw_data = changed.theirs.version, None
    form[name].errors = [
        *form[name].errors,
        _(
            "Somebody else wrote here meanwhile: “%(theirs)s”. Put the two together and save again.",
            theirs=changed.theirs.text,
        ),
    ]


def _ending(facts: CaseTrajectories, meeting_id: UUID, episode_id: UUID) -> EndingFacts:
    book = read_meeting_book(session(), case_id=facts.case.id)
    return compose_ending(facts, book, meeting_id=meeting_id, episode_id=episode_id)


def _tick(sent: str) -> Tick | None:
    respondent_id, _colon, months = sent.partition(":")
    try:
        return UUID(respondent_id), int(months)
    except ValueError:
        return None


def _back(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ending.show", case_id=case_id, meeting_id=meeting_id), 303)
