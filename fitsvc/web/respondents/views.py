"""Who rates: listed, added, edited."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.domain.rater import RATER_ORDER
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.respondents import (
    add_respondent,
    edit_respondent,
    find_known_person,
    find_known_persons,
    get_respondent,
    latest_basis,
    why_not_asked,
)
from fitsvc.storage.respondents import list_plans, list_respondents
from fitsvc.web.current import actor, catalogue, now, session, today
from fitsvc.web.form_pages import case_head, form_page, refusals
from fitsvc.web.respondents import link_views, own_views, plan_views
from fitsvc.web.respondents.blueprint import blueprint
from fitsvc.web.respondents.forms import AddRespondentForm, EditRespondentForm, FindPersonForm
from fitsvc.web.respondents.pages import plan_row, recorded_basis, respondent_head
from fitsvc.web.words import HINDRANCES, RATER_ROLES

__all__ = ["blueprint", "link_views", "own_views", "plan_views"]  # their routes come with this module


@blueprint.get("/cases/<uuid:case_id>/respondents")
def list_all(case_id: UUID) -> ResponseReturnValue:
    """Everybody who rates, with what each one is asked."""
    case = get_case(session(), by=actor(), case_id=case_id)
    note_reading(session(), by=actor(), access=Access.CASE_READ, case_ids=[case.id], now=now())
    plans = [one for one in list_plans(session(), case.id) if one.ends_on is None]
    language = str(get_locale())
    return form_page(
        "respondents/list.html",
        FindPersonForm(),
        case=case_head(case),
        respondents=[
            (
                respondent_head(one, today()),
                [plan_row(plan, catalogue(), language) for plan in plans if plan.respondent_id == one.id],
            )
            for one in sorted(
                list_respondents(session(), case.id), key=lambda one: RATER_ORDER[one.rater_role]
            )
        ],
    )


@blueprint.route("/cases/<uuid:case_id>/respondents/add", methods=["GET", "POST"])
def add(case_id: UUID) -> ResponseReturnValue:
    """Somebody new, or somebody found among the respondents of one's own other cases."""
    head = case_head(get_case(session(), by=actor(), case_id=case_id))
    find = FindPersonForm()
    found = None
    if "find" in request.form:
        with refusals(find):
            found = find_known_persons(
                session(), by=actor(), case_id=case_id, name_part=find.name_part.data or ""
            )
        form = AddRespondentForm(formdata=None)
    else:
        form = AddRespondentForm()
    known = None
    if form.known_person_id is not None:
        known = find_known_person(session(), by=actor(), person_id=form.known_person_id)
    if known is not None:
        form.name.data, form.name.raw_data = known.name, [known.name]
    is_sent = form.is_submitted() and not {"find", "use"} & request.form.keys()
    if is_sent and form.validate():
        with refusals(form):
            respondent = add_respondent(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                key=form.key.data,
                role=form.role.data,
                contact=form.contact,
                person_id=form.known_person_id,
                setting=form.setting.data or "",
                label=form.label.data or "",
                has_custody=form.has_custody.data,
                basis=form.given_basis,
            )
            flash(_("Added. Now choose what they are asked."), "success")
            return redirect(url_for("respondents.plan", case_id=case_id, respondent_id=respondent.id), 303)
    return form_page(
        "respondents/add.html",
        form,
        case=head,
        find=find,
        found=None
        if found is None
        else [(one.person_id, one.name, str(RATER_ROLES[one.rater_role]), one.case_name) for one in found],
        known_name=known.name if known else None,
    )


@blueprint.route("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/edit", methods=["GET", "POST"])
def edit(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    case, respondent = get_respondent(session(), by=actor(), case_id=case_id, respondent_id=respondent_id)
    note_reading(session(), by=actor(), access=Access.CASE_READ, case_ids=[case.id], now=now())
    hindrance = why_not_asked(session(), case=case, respondent=respondent, today=today())
    basis = latest_basis(session(), respondent)
    person = respondent.person
    page = {
        "case": case_head(case),
        "who": respondent_head(respondent, today()),
        "hindrance": HINDRANCES[hindrance] if hindrance else None,
        "recorded": recorded_basis(basis) if basis else None,
    }
    form = EditRespondentForm(
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language,
        setting=respondent.setting,
        label=respondent.label,
        has_custody=respondent.has_custody,
        ended_on=respondent.ended_on,
    )
    if form.validate_on_submit():
        with refusals(form):
            edit_respondent(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                respondent_id=respondent_id,
                contact=form.contact,
                setting=form.setting.data or "",
                label=form.label.data or "",
                has_custody=form.has_custody.data,
                ended_on=form.ended_on.data,
                basis=form.given_basis,
            )
            flash(_("Saved."), "success")
            return redirect(url_for("respondents.list_all", case_id=case_id), 303)
    return form_page("respondents/edit.html", form, **page)
