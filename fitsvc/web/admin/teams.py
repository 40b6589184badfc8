"""Case teams by reference, and cases handed from one worker to another."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from fitsvc.domain.audit import Access
from fitsvc.services import case_teams
from fitsvc.services.case_access import note_reading
from fitsvc.services.case_teams import Handover
from fitsvc.services.people import Person
from fitsvc.web import current
from fitsvc.web.admin.forms import HandOverForm, MemberForm, ReferenceForm
from fitsvc.web.form_pages import form_page, refusals
from fitsvc.web.forms import choices_of
from fitsvc.web.staff_words import TEAM_PARTS

blueprint = Blueprint("admin_teams", __name__, url_prefix="/admin")


@blueprint.route("/teams", methods=["GET", "POST"])
def find_team() -> ResponseReturnValue:
    """The reference is posted, so that it stands in no address."""
    form = ReferenceForm()
    if form.validate_on_submit():
        case_id = case_teams.find_team_by_reference(current.session(), form.reference.data or "")
        if case_id is not None:
            return redirect(url_for("admin_teams.change_team", case_id=case_id), 303)
        form.reference.errors = [_("There is no case with this reference.")]
    return form_page("admin/find_team.html", form)


@blueprint.route("/teams/<uuid:case_id>", methods=["GET", "POST"])
def change_team(case_id: UUID) -> ResponseReturnValue:
    by = current.actor()
    team = case_teams.get_team(current.session(), by=by, case_id=case_id)
    form = MemberForm(from_on=by.today)
    people = case_teams.list_people(current.session(), roles=frozenset(case_teams.ROLE_FOR.values()))
    form.staff_id.choices = _choices(people)
    if form.validate_on_submit():
        with refusals(form):
            case_teams.add_member(
                current.session(),
                by=by,
                case_id=case_id,
                staff_id=form.staff_id.data,
                part=form.part.data,
                from_on=form.from_on.data,
                now=current.now(),
            )
            flash(_("The team is saved."), "success")
            return redirect(url_for("admin_teams.change_team", case_id=case_id), 303)
    _note_shown([case_id])
    return form_page("admin/team.html", form, team=team, parts=TEAM_PARTS)


@blueprint.post("/teams/<uuid:case_id>/members/<uuid:member_id>/remove")
def remove_member(case_id: UUID, member_id: UUID) -> ResponseReturnValue:
    case_teams.remove_member(
        current.session(), by=current.actor(), case_id=case_id, member_id=member_id, now=current.now()
    )
    flash(_("The person is off the team from today."), "success")
    return redirect(url_for("admin_teams.change_team", case_id=case_id), 303)


@blueprint.route("/hand-over", methods=["GET", "POST"])
def hand_over() -> ResponseReturnValue:
    """First the number and the references, then the act."""
    by = current.actor()
    form = HandOverForm()
    form.giver_id.choices = _choices(case_teams.list_givers(current.session(), by=by))
    form.receiver_id.choices = _choices(case_teams.list_receivers(current.session(), by=by))
    plan: Handover | None = None
    if form.validate_on_submit():
        wanted = {
            "by": by,
            "giver_id": form.giver_id.data,
            "receiver_id": form.receiver_id.data,
            "reference": form.reference.data or "",
        }
        with refusals(form):
            plan = case_teams.plan_handover(current.session(), **wanted)
            if request.form.get("step") == "do":
                case_teams.hand_over(
                    current.session(), **wanted, expected=_number(form.expected.data), now=current.now()
                )
                number = len(plan.references)
                flash(
                    ngettext("%(num)d case is handed over.", "%(num)d cases are handed over.", number),
                    "success",
                )
                return redirect(url_for("admin_teams.hand_over"), 303)
    if plan is not None:
        form.expected.process_data(len(plan.references))
    _note_shown(plan.case_ids if plan else [])
    return form_page("admin/hand_over.html", form, plan=plan)


def _note_shown(case_ids: list[UUID]) -> None:
    """A page that says who works on a case is a reading of it, though it tells nothing of the child."""
    note_reading(
        current.session(), by=current.actor(), access=Access.TEAM_READ, case_ids=case_ids, now=current.now()
    )


def _choices(people: list[Person]) -> list[SelectChoice]:
    return choices_of(
        {"": _("Choose a person")} | {one.id: f"{one.name} ({one.unit_name})" for one in people}
    )


def _number(sent: str | None) -> int:
    return int(sent) if sent and sent.isascii() and sent.isdigit() and len(sent) < 7 else -1
