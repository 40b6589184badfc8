"""The way in through the kommune: to the provider, and back with a code. Also to confirm that it is still you."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user, logout_user

from fitsvc.domain.kommune_person import KommunePerson
from fitsvc.services import kommune_accounts
from fitsvc.services.sign_in import note_sign_out
from fitsvc.storage.accounts import Staff
from fitsvc.web import current, sign_ins
from fitsvc.web.database import db, short_write
from fitsvc.web.kommune_sign_in import waiting
from fitsvc.web.kommune_sign_in.provider import Provider, ProviderProblem
from fitsvc.web.kommune_sign_in.tokens import TokenRefused, read_id_token, signed_in_since
from fitsvc.web.kommune_sign_in.waiting import Waiting
from fitsvc.web.kommune_sign_in.words import refusal
from fitsvc.web.local_path import is_local_path
from fitsvc.web.resume import find_kept, is_own_page, send_on
from fitsvc.web.second_step import confirm

blueprint = Blueprint("kommune_sign_in", __name__, url_prefix="/sign-in")

LONGEST_WAY_ON = 500
STATE_KEPT = timedelta(minutes=30)
# Errors of the provider that are somebody's choice; the others are its own affair.
DENIALS = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


def provider() -> Provider:
    """The kommune's provider; where there is none, none of these pages exists."""
    found: Provider | None = current_app.extensions.get("fitsvc_kommune_provider")
    if found is None:
        abort(404)
    return found


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The sign-in page where the kommune's is the only way in."""
    if current.config().kommune_provider is None or current.config().local_passwords:
        return redirect(url_for("security.login", next=request.args.get("next")))
    return redirect("/") if current_user.is_authenticated else render_template("account/login.html")


@blueprint.get("/kommune")
def start() -> ResponseReturnValue:
    return _to_provider(waiting.begin(goes_on=_way_on(), now=current.moment_now()))


@blueprint.get("/kommune/again")
def again() -> ResponseReturnValue:
    """To the provider, which is to ask for password or second factor although there is a session."""
    if current_user.oidc_subject is None:
        abort(404)
    begun = waiting.begin(goes_on=_way_on(), now=current.moment_now(), again=str(current_user.id))
    return _to_provider(begun, prompt="login", max_age="0")


@blueprint.get("/kommune/callback")
def callback() -> ResponseReturnValue:
    """Back from the provider. It is asked without any transaction open; what it says is stored in a short one."""
    here = provider()
    begun = waiting.take(request.args.get("state", ""), now=current.moment_now())
    if begun is None:
        return refuse("state_unknown")
    with short_write() as session:
        is_first = kommune_accounts.use_up(
            session,
            key=f"state:{begun.state}",
            now=current.moment_now(),
            expires_at=current.moment_now() + STATE_KEPT,
        )
    if not is_first:
        return refuse("state_used")
    try:
        said = _ask(here, begun)
    except (ProviderProblem, TokenRefused) as problem:
        return refuse(problem.code)
    return _confirm(begun, said) if begun.again else _come_in(begun, said)


@blueprint.post("/kommune/resume")
def resume() -> ResponseReturnValue:
    """What was being written when the sign-in ran out, once somebody has signed in beside it."""
    kept = find_kept() if is_own_page() else None
    if kept is None:
        return redirect("/")
    if not current_user.is_authenticated:
        return render_template(
            "account/login.html", kept=request.form.get("kept", ""), message=_("You are not signed in yet.")
        ), 401
    return send_on(kept, "/")


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider says, believed."""

    person: KommunePerson
    claims: dict[str, Any]
    id_token: str


def _ask(here: Provider, begun: Waiting) -> Said:
    """Everything the callback has to hold before anybody is believed. Raises ProviderProblem, TokenRefused."""
    sent, issuer = request.args, here.settings.issuer
    names_itself = "iss" in sent or here.metadata().names_itself
    if names_itself and sent.get("iss") != issuer:  # another provider's answer (RFC 9207)
        raise TokenRefused("callback_issuer")
    if "error" in sent:
        raise TokenRefused("provider_denied" if sent["error"] in DENIALS else "provider_error")
    if not sent.get("code"):
        raise TokenRefused("code_missing")
    tokens = here.exchange(code=sent["code"], verifier=begun.verifier)
    claims = read_id_token(
        tokens.get("id_token"),
        provider=here,
        nonce=begun.nonce,
        access_token=tokens.get("access_token"),
        now=current.moment_now(),
    )
    person = here.settings.mapping.person(claims, issuer=issuer, subject=claims["sub"])
    return Said(person, claims, tokens["id_token"])


def _come_in(begun: Waiting, said: Said) -> ResponseReturnValue:
    with short_write() as session:
        admission = kommune_accounts.admit(session, person=said.person, now=current.now())
        if admission.staff is not None:
            _sign_in(admission.staff, said)
    if admission.refused:
        return refused_page(admission.refused)
    return redirect(begun.goes_on, 303)


def _sign_in(staff: Staff, said: Said) -> None:
    """A new session from the ground: nothing of whoever used this browser before."""
    if current_user.is_authenticated:
        note_sign_out(db.session, staff_id=current_user.id, now=current.now())
        logout_user()
    browser.clear()
    g.oidc_sid = (said.person.session_id or "")[:255] or None
    g.oidc_id_token = said.id_token
    login_user(staff, remember=False, authn_via=[sign_ins.KOMMUNE])


def _confirm(begun: Waiting, said: Said) -> ResponseReturnValue:
    """The same person as is signed in here, who proved it after being asked."""
    is_same = (
        current_user.is_authenticated
        and str(current_user.id) == begun.again
        and (current_user.oidc_issuer, current_user.oidc_subject) == (said.person.issuer, said.person.subject)
    )
    if not is_same:
        return refuse("other_person")
    if not signed_in_since(said.claims, begun.asked_at):
        return refuse("not_again", account=current_user.id)
    if not said.person.is_assured:
        return refuse("low_assurance", account=current_user.id)
    confirm()
    flash(_("Thank you: it is confirmed that it is you."), "success")
    return redirect(begun.goes_on, 303)


def _to_provider(begun: Waiting, **extra: str) -> ResponseReturnValue:
    here = provider()
    try:
        address = here.authorization_address(
            state=begun.state, nonce=begun.nonce, verifier=begun.verifier, **extra
        )
    except ProviderProblem as problem:
        return refuse(problem.code)
    return redirect(address, 303)


def refuse(code: str, *, account: UUID | None = None) -> ResponseReturnValue:
    """A page that says what to do; the reason is in the log."""
    with short_write() as session:
        kommune_accounts.note_refusal(session, reason=code, account=account, now=current.now())
    return refused_page(code)


def refused_page(code: str) -> ResponseReturnValue:
    status, heading, advice = refusal(code)
    return render_template("kommune_sign_in/refused.html", heading=heading, advice=advice), status


def _way_on() -> str:
    wanted = request.args.get("next", "")
    return wanted if len(wanted) <= LONGEST_WAY_ON and is_local_path(wanted) else "/"
