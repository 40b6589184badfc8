"""The way in after signing in, the language, and one's own account."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from fitsvc.services import sign_in
from fitsvc.services.errors import Refused
from fitsvc.web import current
from fitsvc.web.access import may_open
from fitsvc.web.account.forms import PasswordForm, PinForm
from fitsvc.web.account_mail import has_mail
from fitsvc.web.database import keep_changes
from fitsvc.web.fresh import ask_if_not_fresh
from fitsvc.web.language import LANGUAGES, cookie_name
from fitsvc.web.limits import Kind, note_failure, slow_down
from fitsvc.web.local_path import is_local_path
from fitsvc.web.sign_ins import current_sign_in
from fitsvc.web.staff_words import password_problem, role_name, role_sees

blueprint = Blueprint("account", __name__)

# The first of these that one's roles may open is where the working day begins.
FIRST_PAGES = ("today.show", "leadership.overview", "admin.overview", "log_pages.show", "account.show")
LANGUAGE_KEPT_SECONDS = 365 * 24 * 60 * 60


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for(next(page for page in FIRST_PAGES if may_open(page))))


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    back = request.form.get("back", "")
    answer = make_response(redirect(back if is_local_path(back) else "/"))
    if language not in LANGUAGES:
        return answer
    answer.set_cookie(
        cookie_name(),
        language,
        max_age=LANGUAGE_KEPT_SECONDS,
        secure=current.config().is_https,
        httponly=True,
        samesite="Lax",
    )
    if current_user.is_authenticated:
        sign_in.choose_language(current.session(), staff_id=current_user.id, language=language)
    return answer


@blueprint.get("/account")
def show() -> ResponseReturnValue:
    roles = [(role_name(role), role_sees(role)) for role in sorted(current.actor().roles)]
    return render_template(
        "account/show.html",
        name=current_user.name,
        email=current_user.email,
        unit=current_user.unit.name,
        roles=roles,
        has_pin=current_user.pin_hash is not None,
        has_password=current_user.password is not None,
        from_kommune=current_user.oidc_subject is not None,
        has_mail=has_mail(),
    )


@blueprint.route("/account/pin", methods=["GET", "POST"])
def set_pin() -> ResponseReturnValue:
    from_kommune = (
        current_user.oidc_subject is not None
    )  # without a password here: confirmed at the provider instead
    if from_kommune and (asked := ask_if_not_fresh()) is not None:
        return asked
    form = PinForm()
    if from_kommune:
        del form.password
    if form.validate_on_submit():
        _before_computing()
        try:
            password = "" if from_kommune else form.password.data
            pin_hash = sign_in.check_pin(current_user, password=password, pin=form.pin.data)
            sign_in.set_pin(current.session(), staff_id=current_user.id, pin_hash=pin_hash, now=current.now())
        except Refused as refused:
            _note_wrong(refused)
            field = form.password if refused.code == "wrong_password" else form.pin
            field.errors = [password_problem(refused.code)]
        else:
            flash(_("Your PIN is saved. It opens a device you have handed over."), "success")
            return redirect(url_for("account.show"))
    return render_template("account/pin.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        _before_computing()
        try:
            new_hash = sign_in.check_new_password(
                current_user, password=form.password.data, new=form.new_password.data
            )
            session["_user_id"] = sign_in.change_password(
                current.session(),
                staff_id=current_user.id,
                new_hash=new_hash,
                now=current.now(),
                this=this.id if (this := current_sign_in()) else None,
            )
        except Refused as refused:
            _note_wrong(refused)
            field = form.password if refused.code == "wrong_password" else form.new_password
            field.errors = [password_problem(refused.code)]
        else:
            flash(_("Your password is changed. Other browsers are signed out."), "success")
            return redirect(url_for("account.show"))
    return render_template("account/password.html", form=form), 422 if form.errors else 200


def _before_computing() -> None:
    """Nobody's rating waits for the database while a password is computed."""
    slow_down(Kind.CONFIRM, current_user.email)
    keep_changes()


def _note_wrong(refused: Refused) -> None:
    if refused.code == "wrong_password":
        note_failure(Kind.CONFIRM, current_user.email)
