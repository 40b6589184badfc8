"""Units, staff and roles."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.permissions import GRANTED_TO
from fitsvc.domain.roles import SCOPE, Role
from fitsvc.services import sign_ins, staff, units
from fitsvc.web import current
from fitsvc.web.account_mail import has_mail
from fitsvc.web.admin.delivery import deliver
from fitsvc.web.admin.forms import RenameForm, StaffChangeForm, StaffForm, UnitForm
from fitsvc.web.form_pages import form_page, refusals
from fitsvc.web.forms import BaseForm, choices_of
from fitsvc.web.staff_words import PERMISSION_NAMES, ROLE_NAMES, ROLE_SEES, SCOPE_NAMES, UNIT_KINDS

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    accounts = staff.list_accounts(current.session(), by=current.actor())
    return render_template(
        "admin/overview.html",
        active=sum(one.active for one in accounts),
        units=len(units.list_all(current.session())),
        without_roles=[one for one in accounts if one.active and not one.roles],
        left_with_cases=[one for one in accounts if not one.active and one.open_cases],
    )


@blueprint.route("/units", methods=["GET", "POST"])
def list_units() -> ResponseReturnValue:
    form = UnitForm()
    if form.validate_on_submit():
        with refusals(form):
            units.create_unit(
                current.session(),
                by=current.actor(),
                name=form.name.data or "",
                kind=form.kind.data,
                now=current.now(),
            )
            flash(_("The unit is created."), "success")
            return redirect(url_for("admin.list_units"), 303)
    rows = [(unit.id, unit.name, UNIT_KINDS[unit.kind]) for unit in units.list_all(current.session())]
    return form_page("admin/units.html", form, units=rows)


@blueprint.route("/units/<uuid:unit_id>", methods=["GET", "POST"])
def rename_unit(unit_id: UUID) -> ResponseReturnValue:
    unit = units.get_unit(current.session(), unit_id)
    form = RenameForm(name=unit.name)
    if form.validate_on_submit():
        with refusals(form):
            units.rename_unit(
                current.session(),
                by=current.actor(),
                unit_id=unit_id,
                name=form.name.data or "",
                now=current.now(),
            )
            flash(_("The unit has its new name."), "success")
            return redirect(url_for("admin.list_units"), 303)
    return form_page("admin/unit.html", form, name=unit.name)


@blueprint.get("/staff")
def list_staff() -> ResponseReturnValue:
    accounts = staff.list_accounts(current.session(), by=current.actor())
    rows = [(one, [ROLE_NAMES[role] for role in Role if role in one.roles]) for one in accounts]
    return render_template("admin/staff.html", rows=rows)


@blueprint.route("/staff/new", methods=["GET", "POST"])
def add_staff() -> ResponseReturnValue:
    form = StaffForm()
    _offer_units(form)
    if form.validate_on_submit():
        with refusals(form):
            staff_id, link = staff.create_staff(
                current.session(),
                by=current.actor(),
                account=_account(form),
                now=current.now(),
                invited=current.config().local_passwords,
            )
            flash(_("The account is created."), "success")
            return deliver(link, name=form.name.data or "", staff_id=staff_id)
    return form_page("admin/staff_form.html", form, person=None, role_words=ROLE_SEES, is_self=False)


@blueprint.route("/staff/<uuid:staff_id>", methods=["GET", "POST"])
def change_staff(staff_id: UUID) -> ResponseReturnValue:
    by = current.actor()
    person = staff.get_account(current.session(), by=by, staff_id=staff_id)
    form = StaffChangeForm(
        name=person.name,
        email=person.email,
        unit_id=person.unit_id,
        roles=[role for role in Role if role in person.roles],
        active=person.active,
    )
    _offer_units(form)
    if form.validate_on_submit():
        with refusals(form):
            account = _account(form, active=form.active.data)
            link = staff.change_staff(
                current.session(), by=by, staff_id=staff_id, account=account, now=current.now()
            )
            flash(_("The account is saved."), "success")
            return deliver(link, name=account.name, staff_id=staff_id)
    return form_page(
        "admin/staff_form.html",
        form,
        has_passwords=current.config().local_passwords,
        has_mail=has_mail(),
        person=person,
        role_words=ROLE_SEES,
        is_self=staff_id == by.staff_id,
    )


@blueprint.post("/staff/<uuid:staff_id>/invitation")
def invite_again(staff_id: UUID) -> ResponseReturnValue:
    """A link to choose a password, for whoever has lost theirs or never got the first one."""
    by = current.actor()
    person = staff.get_account(current.session(), by=by, staff_id=staff_id)
    if not current.config().local_passwords or not person.is_local:
        abort(404)
    link = staff.invite_again(current.session(), by=by, staff_id=staff_id, now=current.now())
    return deliver(link, name=person.name, staff_id=staff_id)


@blueprint.post("/staff/<uuid:staff_id>/sign-out")
def sign_out_everywhere(staff_id: UUID) -> ResponseReturnValue:
    number = sign_ins.end_all_of(current.session(), by=current.actor(), staff_id=staff_id, now=current.now())
    flash(ngettext("Signed out on %(num)d device.", "Signed out on %(num)d devices.", number), "success")
    return redirect(url_for("admin.change_staff", staff_id=staff_id), 303)


@blueprint.get("/roles")
def show_roles() -> ResponseReturnValue:
    """The two tables the service decides by, as they stand in the code."""
    permissions = [
        (words, [role in GRANTED_TO[permission] for role in Role])
        for permission, words in PERMISSION_NAMES.items()
    ]
    scopes = [(ROLE_NAMES[role], SCOPE_NAMES[scope], ROLE_SEES[role]) for role, scope in SCOPE.items()]
    return render_template(
        "admin/roles.html", roles=[ROLE_NAMES[role] for role in Role], permissions=permissions, scopes=scopes
    )


def _offer_units(form: StaffForm) -> None:
    form.unit_id.choices = choices_of({unit.id: unit.name for unit in units.list_all(current.session())})


def _account(form: BaseForm, *, active: bool = True) -> staff.Account:
    return staff.Account(
        name=form["name"].data,
        email=form["email"].data,
        unit_id=form["unit_id"].data,
        roles=frozenset(form["roles"].data or ()),
        active=active,
    )
