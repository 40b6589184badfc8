"""Asking for a new password, and what stands behind the links. Nothing here tells whether an account exists.

A link is used by the POST alone: mail scanners open every address they find. Behind it a password is set, and that is
all: whoever set it signs in with it as always, second factor and all.
"""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from fitsvc.services import account_links, sign_in
from fitsvc.services.errors import NotFound, Refused
from fitsvc.web import account_mail, current
from fitsvc.web.account_links.errands import mail_address_later, mail_reset_later, tell_old_address_later
from fitsvc.web.account_links.forms import AddressForm, ChooseForm, ConfirmForm, ForgotForm
from fitsvc.web.database import keep_changes, short_write
from fitsvc.web.forms import without_zero_bytes
from fitsvc.web.limits import Kind, note_failure, slow_down
from fitsvc.web.staff_words import password_problem

blueprint = Blueprint("account_links", __name__)

UNPROCESSABLE, NOT_FOUND = 422, 404


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def forgot_password() -> ResponseReturnValue:
    """The same answer, in the same time, whoever asks for whom: nothing is looked up before it has been sent."""
    _only_with_local_passwords()
    form = ForgotForm()
    is_asked = form.validate_on_submit() and account_mail.has_mail()
    if is_asked:
        email = _typed(form.email.data)
        slow_down(Kind.RESET, email)
        note_failure(Kind.RESET, email)
        mail_reset_later(email)
    page = render_template(
        "account_links/forgot.html", form=form, is_asked=is_asked, has_mail=account_mail.has_mail()
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.route("/choose-password/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    _only_with_local_passwords()
    if not account_links.is_password_link(current.session(), token=token, now=current.now()):
        return _gone()
    form = ChooseForm()
    if form.validate_on_submit():
        try:
            hashed = account_links.prepare_password(
                current.session(), token=token, new=form.new_password.data or "", now=current.now()
            )
            with short_write() as session:
                account_links.choose_password(session, token=token, hashed=hashed, now=current.now())
        except NotFound:
            return _gone()
        except Refused as refused:
            form.new_password.errors = [password_problem(refused.code)]
        else:
            flash(_("Your password is saved. Sign in with it."), "success")
            return redirect(url_for("security.login"), 303)
    return render_template("account_links/choose.html", form=form), UNPROCESSABLE if form.errors else 200


@blueprint.route("/confirm-address/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> ResponseReturnValue:
    if not account_links.is_address_link(current.session(), token=token, now=current.now()):
        return _gone()
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            changed = account_links.confirm_address(current.session(), token=token, now=current.now())
        except NotFound:
            return _gone()
        keep_changes()
        if account_mail.has_mail():
            tell_old_address_later(changed)
        flash(_("Your new e-mail address is confirmed. Sign in with it from now on."), "success")
        return redirect(url_for("account.home" if current_user.is_authenticated else "security.login"), 303)
    return render_template("account_links/confirm.html", form=form)


@blueprint.route("/account/address", methods=["GET", "POST"])
def change_address() -> ResponseReturnValue:
    """One's own new address. That it belongs to somebody else is not told: then nothing comes."""
    if not account_mail.has_mail() or current_user.password is None:
        abort(404)
    form = AddressForm()
    if form.validate_on_submit():
        slow_down(Kind.CONFIRM, current_user.email)
        keep_changes()  # nobody's rating waits for the database while a password is computed
        try:
            sign_in.check_own_password(
                current.session(), staff_id=current_user.id, password=form.password.data or ""
            )
        except Refused as refused:
            note_failure(Kind.CONFIRM, current_user.email)
            form.password.errors = [password_problem(refused.code)]
        else:
            mail_address_later(current_user.id, _typed(form.email.data))
            flash(
                _(
                    "If the address can be used, a message is on its way to it. Until you confirm it, nothing changes."
                ),
                "success",
            )
            return redirect(url_for("account.show"), 303)
    page = render_template("account_links/address.html", form=form, email=current_user.email)
    return page, UNPROCESSABLE if form.errors else 200


def _typed(email: str | None) -> str:
    return without_zero_bytes(email or "").strip().lower()


def _only_with_local_passwords() -> None:
    if not current.config().local_passwords:
        abort(404)


def _gone() -> ResponseReturnValue:
    """Used, too old, replaced by a newer one, or never there: all the same. Others' links go on working meanwhile."""
    slow_down(Kind.INVITATION)
    note_failure(Kind.INVITATION)
    return render_template("account_links/gone.html"), NOT_FOUND
