"""What a respondent is asked: forms by age, rhythm, purpose and target."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.domain.age import age_years
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import YOUNGEST_SELF_REPORT
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_access import note_reading
from fitsvc.services.rating_plans import (
    FormChoices,
    form_choices,
    outgrown_forms,
    plan_ratings,
    plans_of,
)
from fitsvc.services.rating_plans import (
    end_plan as end_the_plan,
)
from fitsvc.services.respondents import get_respondent, why_not_asked
from fitsvc.storage.respondents import RatingPlan
from fitsvc.web.current import actor, catalogue, now, session, today
from fitsvc.web.form_pages import case_head, form_page, options, refusals
from fitsvc.web.respondents.blueprint import blueprint
from fitsvc.web.respondents.forms import PlanForm
from fitsvc.web.respondents.pages import change_row, plan_row, respondent_head, titled
from fitsvc.web.words import HINDRANCES


@blueprint.route("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/plan", methods=["GET", "POST"])
def plan(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    """The running plans, a change of form where the child has outgrown one, and a form for one more plan."""
    case, respondent = get_respondent(session(), by=actor(), case_id=case_id, respondent_id=respondent_id)
    note_reading(session(), by=actor(), access=Access.CASE_READ, case_ids=[case.id], now=now())
    language = str(get_locale())
    hindrance = why_not_asked(session(), case=case, respondent=respondent, today=today())
    choices = form_choices(catalogue(), respondent.rater_role, case.birth_month, today())
    plans = plans_of(session(), respondent)
    age = age_years(case.birth_month, today())
    page = {
        "case": case_head(case),
        "who": respondent_head(respondent, today()),
        "hindrance": HINDRANCES[hindrance] if hindrance else None,
        "plans": [plan_row(one, catalogue(), language) for one in plans if one.ends_on is None],
        "ended": [plan_row(one, catalogue(), language) for one in plans if one.ends_on is not None],
        "changes": [
            change_row(one, catalogue(), language)
            for one in outgrown_forms(catalogue(), case, respondent, plans, today())
        ],
        "age": age,
        "is_too_young": respondent.rater_role is RaterRole.CHILD and age < YOUNGEST_SELF_REPORT,
        "hints": {one.id: _("Meant for another age; needs a reason.") for one in choices.others},
    }
    form = _plan_form(choices, plans, respondent.started_on, language)
    if form.validate_on_submit():
        with refusals(form):
            plan_ratings(
                session(),
                by=actor(),
                now=now(),
                catalogue=catalogue(),
                case_id=case_id,
                respondent_id=respondent_id,
                key=form.key.data,
                instrument_id=form.instrument_id.data,
                rhythm=form.rhythm.data,
                purpose=form.purpose.data,
                starts_on=form.starts_on.data,
                target_score=form.target_score.data,
                against_age=form.against_age.data or "",
                replaces=form.replaced_plan_id,
            )
            flash(_("The form and its rhythm are saved."), "success")
            return redirect(url_for("respondents.links", case_id=case_id, respondent_id=respondent_id), 303)
    return form_page("respondents/plan.html", form, replacing=form.replaced_plan_id, **page)


@blueprint.post("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/plan/<uuid:plan_id>/end")
def end_plan(case_id: UUID, respondent_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    end_the_plan(
        session(), by=actor(), now=now(), case_id=case_id, respondent_id=respondent_id, plan_id=plan_id
    )
    flash(_("They are no longer asked on that form."), "success")
    return redirect(url_for("respondents.plan", case_id=case_id, respondent_id=respondent_id), 303)


def _plan_form(choices: FormChoices, plans: list[RatingPlan], begun: date, language: str) -> PlanForm:
    """Prefilled from the plan to be replaced when the page was opened by a change of form."""
    given: dict[str, Any] = {"starts_on": max(today(), begun)}
    old = next((one for one in plans if str(one.id) == request.args.get("replace")), None)
    if old is not None:
        given |= {
            "instrument_id": request.args.get("form"),
            "rhythm": old.rhythm,
            "purpose": old.purpose,
            "target_score": old.target_score,
            "replaces": str(old.id),
        }
    form = PlanForm(**given)
    form.instrument_id.choices = options(
        (one.id, titled(one, language)) for one in (*choices.suggested, *choices.others)
    )
    return form
