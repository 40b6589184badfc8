"""From the password to being signed in. Every page here works on a half sign-in and on nothing else."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import logout_user
from werkzeug.wrappers import Response

from fitsvc.services import passkeys, second_factors
from fitsvc.services.errors import Refused
from fitsvc.services.sign_in import note_refusal, note_sign_out
from fitsvc.storage.accounts import Staff
from fitsvc.web import current
from fitsvc.web.factor_pages import app_to_set_up, forget_app, pending_secret
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.limits import Kind, note_failure, seconds_to_wait
from fitsvc.web.passkey_site import Purpose, find_site, sent_challenge, sent_credential
from fitsvc.web.passkey_site import ask as ask_passkey
from fitsvc.web.resume import KEPT_FIELD, find_kept, send_on, sign_in_page
from fitsvc.web.second_factor.forms import AppForm, CodeForm, PasskeyForm
from fitsvc.web.second_step import Factor, complete, count_wrong, find_half, next_endpoint

blueprint = Blueprint("second_factor", __name__, url_prefix="/login")

UNPROCESSABLE = 422


@blueprint.route("/code", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """The six digits, or a recovery code; or the passkey, by its button."""
    staff = _half()
    if not second_factors.has_second_factor(staff):
        return redirect(url_for(".set_up"), 303)
    form = CodeForm()
    if request.method == "POST" and form.validate():
        by_recovery = not (form.code.data or "").strip() and bool((form.recovery_code.data or "").strip())
        field = form.recovery_code if by_recovery else form.code
        if seconds_to_wait(Kind.SECOND_FACTOR, staff.email):
            field.errors = [REFUSALS["too_many_codes"]]
            return _ask_page(staff, form)
        factor = Factor.RECOVERY if by_recovery else Factor.APP
        try:
            _check(staff, factor, field.data or "")
        except Refused:
            field.errors = [REFUSALS["wrong_recovery_code" if by_recovery else "wrong_code"]]
            return _refused(staff, factor) or _ask_page(staff, form)
        return _go_on(complete(staff, factor))
    return _ask_page(staff, form)


@blueprint.post("/passkey")
def use_passkey() -> ResponseReturnValue:
    """A passkey after the password, or in place of both: then it has asked for finger, face or PIN."""
    site = find_site()
    if site is None or not current.config().local_passwords:
        abort(404)
    staff = find_half()
    purpose = Purpose.SECOND if staff else Purpose.FIRST
    try:
        owner = passkeys.check_passkey(
            current.session(),
            site=site,
            staff=staff,
            challenge=sent_challenge(purpose),
            credential=sent_credential(),
            now=current.now(),
        )
    except Refused:
        if staff is not None:
            form = CodeForm(formdata=None)
            form.form_errors.append(str(REFUSALS["wrong_passkey"]))
            return _refused(staff, Factor.PASSKEY) or _ask_page(staff, form)
        note_refusal(current.session(), email="", now=current.now())
        return sign_in_page(request.form.get(KEPT_FIELD, ""), UNPROCESSABLE, str(REFUSALS["wrong_passkey"]))
    if current_user.is_authenticated:  # whoever left this device open is out
        note_sign_out(current.session(), staff_id=current_user.id, now=current.now())
        logout_user()
    return _go_on(complete(owner, Factor.PASSKEY, target=request.form.get("next", "")))


@blueprint.route("/set-up", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """Which second factor it shall be. A POST only carries along what was kept."""
    staff = _without_factor()
    if staff is None:
        return redirect(url_for(".ask"), 303)
    return _page(
        "second_factor/set_up.html", removed_at=staff.second_factor_removed_at, has_passkeys=find_site()
    )


@blueprint.route("/set-up/app", methods=["GET", "POST"])
def set_up_app() -> ResponseReturnValue:
    staff = _without_factor()
    if staff is None:
        return redirect(url_for(".ask"), 303)
    form = AppForm()
    if "code" in request.form and form.validate():
        if seconds_to_wait(Kind.SECOND_FACTOR, staff.email):
            form.code.errors = [REFUSALS["too_many_codes"]]
        else:
            try:
                codes = second_factors.set_app(
                    current.session(),
                    staff=staff,
                    secret=pending_secret(),
                    code=form.code.data or "",
                    now=current.moment_now(),
                )
            except Refused:
                note_failure(Kind.SECOND_FACTOR, staff.email)
                form.code.errors = [REFUSALS["wrong_code"]]
            else:
                forget_app()
                return _show_codes(complete(staff, Factor.APP), codes)
    status = UNPROCESSABLE if "code" in request.form else 200
    return _page("second_factor/app.html", form=form, app=app_to_set_up(staff), status=status)


@blueprint.route("/set-up/passkey", methods=["GET", "POST"])
def set_up_passkey() -> ResponseReturnValue:
    staff, site = _without_factor(), find_site()
    if site is None:
        abort(404)
    if staff is None:
        return redirect(url_for(".ask"), 303)
    form = PasskeyForm()
    if "name" in request.form and form.validate():
        try:
            codes = passkeys.add_passkey(
                current.session(),
                site=site,
                staff=staff,
                challenge=sent_challenge(Purpose.MAKE),
                credential=sent_credential(),
                name=form.name.data or "",
                now=current.now(),
            )
        except Refused as refused:
            form.form_errors.append(str(REFUSALS[refused.code]))
        else:
            return _show_codes(complete(staff, Factor.PASSKEY), codes)
    status = UNPROCESSABLE if "name" in request.form else 200
    return _page(
        "second_factor/passkey.html", form=form, asked=ask_passkey(Purpose.MAKE, staff), status=status
    )


def _half() -> Staff:
    """The register has seen to it that there is one."""
    staff = find_half()
    if staff is None:
        abort(404)
    return staff


def _without_factor() -> Staff | None:
    """Setting up here is for whoever has none; with one, it has to be given first."""
    staff = _half()
    return None if second_factors.has_second_factor(staff) else staff


def _check(staff: Staff, factor: Factor, given: str) -> None:
    if factor is Factor.RECOVERY:
        second_factors.use_recovery_code(current.session(), staff=staff, code=given, now=current.now())
    else:
        second_factors.check_code(current.session(), staff=staff, code=given, now=current.moment_now())


def _refused(staff: Staff, factor: Factor) -> Response | None:
    """A wrong code is counted and in the log. One too many ends the half sign-in: the sign-in page."""
    second_factors.note_wrong_code(current.session(), staff=staff, way=str(factor), now=current.now())
    note_failure(Kind.SECOND_FACTOR, staff.email)
    if not count_wrong():
        return None
    words = _(
        "Too many wrong codes. Sign in again from the beginning, and ask your administrator if you are stuck."
    )
    return sign_in_page(request.form.get(KEPT_FIELD, ""), UNPROCESSABLE, words)


def _go_on(target: str) -> ResponseReturnValue:
    return send_on(find_kept(), target)


def _show_codes(target: str, codes: list[str]) -> Response:
    """Signed in; the recovery codes are shown this once."""
    kept = find_kept()
    if kept is not None and kept.is_somebody_elses:
        kept = None
    return make_response(render_template("second_factor/codes.html", codes=codes, target=target, kept=kept))


def _ask_page(staff: Staff, form: CodeForm) -> Response:
    return _page(
        "second_factor/ask.html",
        form=form,
        has_app=staff.tf_totp_secret is not None,
        has_codes=bool(staff.mf_recovery_codes),
        asked=ask_passkey(Purpose.SECOND, staff),
        status=UNPROCESSABLE if form.errors else 200,
    )


def page_after_password(kept: str) -> Response:
    """The next page with what was kept, in place of a redirect that would lose it."""
    staff = _half()
    if next_endpoint(staff) == "second_factor.set_up":
        return _page(
            "second_factor/set_up.html",
            removed_at=staff.second_factor_removed_at,
            has_passkeys=find_site(),
            kept=kept,
        )
    return _page(
        "second_factor/ask.html",
        form=CodeForm(formdata=None),
        has_app=staff.tf_totp_secret is not None,
        has_codes=bool(staff.mf_recovery_codes),
        asked=ask_passkey(Purpose.SECOND, staff),
        kept=kept,
    )


def _page(template: str, *, status: int = 200, kept: str | None = None, **page: object) -> Response:
    carried = request.form.get(KEPT_FIELD, "") if kept is None else kept
    return make_response(render_template(template, kept=carried, **page), status)
