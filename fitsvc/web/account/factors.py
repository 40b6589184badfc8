"""One's own second factors: passkeys and the app, added and taken away, and new recovery codes."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from fitsvc.services import passkeys, second_factors
from fitsvc.services.errors import Refused
from fitsvc.storage.accounts import Staff
from fitsvc.web import current
from fitsvc.web.factor_pages import app_to_set_up, forget_app, pending_secret
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.passkey_site import Purpose, ask, find_site, sent_challenge, sent_credential
from fitsvc.web.second_factor.forms import AppForm, PasskeyForm

blueprint = Blueprint("own_factors", __name__, url_prefix="/account/second-factor")

UNPROCESSABLE = 422


@blueprint.get("")
def show() -> ResponseReturnValue:
    return render_template(
        "account/factors.html",
        factors=second_factors.factors_of(_me()),
        can_have_passkeys=find_site() is not None,
        from_kommune=_me().oidc_subject is not None,
        most_codes=second_factors.RECOVERY_CODES,
    )


@blueprint.route("/app", methods=["GET", "POST"])
def renew_app() -> ResponseReturnValue:
    _own_only()
    form = AppForm()
    if request.method == "POST" and form.validate():
        try:
            codes = second_factors.set_app(
                current.session(),
                staff=_me(),
                secret=pending_secret(),
                code=form.code.data or "",
                now=current.moment_now(),
            )
        except Refused as refused:
            form.code.errors = [REFUSALS[refused.code]]
        else:
            forget_app()
            return _done(codes, _("The app is set up. An app you had before is worth nothing any more."))
    status = UNPROCESSABLE if form.errors else 200
    return render_template("account/factor_app.html", form=form, app=app_to_set_up(_me())), status


@blueprint.post("/app/remove")
def drop_app() -> ResponseReturnValue:
    _own_only()
    try:
        second_factors.drop_app(current.session(), staff=_me(), now=current.now())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(_("The app is removed."), "success")
    return redirect(url_for(".show"), 303)


@blueprint.route("/passkey", methods=["GET", "POST"])
def add_passkey() -> ResponseReturnValue:
    _own_only()
    site = find_site()
    if site is None:
        abort(404)
    form = PasskeyForm()
    if request.method == "POST" and form.validate():
        try:
            codes = passkeys.add_passkey(
                current.session(),
                site=site,
                staff=_me(),
                challenge=sent_challenge(Purpose.MAKE),
                credential=sent_credential(),
                name=form.name.data or "",
                now=current.now(),
            )
        except Refused as refused:
            form.form_errors.append(str(REFUSALS[refused.code]))
        else:
            return _done(codes, _("The passkey is saved."))
    status = UNPROCESSABLE if form.errors else 200
    return render_template("account/factor_passkey.html", form=form, asked=ask(Purpose.MAKE, _me())), status


@blueprint.post("/passkey/<uuid:passkey_id>/remove")
def drop_passkey(passkey_id: UUID) -> ResponseReturnValue:
    _own_only()
    try:
        second_factors.drop_passkey(current.session(), staff=_me(), passkey_id=passkey_id, now=current.now())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(_("The passkey is removed. Delete it on your device, too."), "success")
    return redirect(url_for(".show"), 303)


@blueprint.post("/codes")
def make_codes() -> ResponseReturnValue:
    _own_only()
    if not second_factors.has_second_factor(_me()):
        return redirect(url_for(".show"), 303)
    return _codes_page(second_factors.make_recovery_codes(current.session(), staff=_me(), now=current.now()))


def _me() -> Staff:
    me: Staff = current_user._get_current_object()
    return me


def _own_only() -> None:
    """Whoever signs in through the kommune gives the second factor there."""
    if _me().oidc_subject is not None:
        abort(404)


def _done(codes: list[str], words: str) -> ResponseReturnValue:
    flash(words, "success")
    return _codes_page(codes) if codes else redirect(url_for(".show"), 303)


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    return render_template("second_factor/codes.html", codes=codes, target=url_for(".show"), kept=None)
