"""Out at both ends: whoever signs out here is signed out at the kommune too, and the other way round."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from authlib.common.urls import add_params_to_uri
from flask import Flask, current_app, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from fitsvc.services import kommune_accounts
from fitsvc.storage.accounts import SignIn, SignInWay
from fitsvc.web import current
from fitsvc.web.database import short_write
from fitsvc.web.kommune_sign_in.provider import Provider, ProviderProblem
from fitsvc.web.kommune_sign_in.tokens import OLDEST_LOGOUT_SECONDS, TokenRefused, read_logout_token
from fitsvc.web.kommune_sign_in.views import blueprint, provider
from fitsvc.web.security import csrf
from fitsvc.web.sign_ins import current_sign_in

LEAVING = "kommune_leaving"
MESSAGES_KEPT = timedelta(seconds=2 * OLDEST_LOGOUT_SECONDS)


def init_app(app: Flask) -> None:
    app.view_functions["security.logout"] = _at_both_ends(app.view_functions["security.logout"])


def _at_both_ends(view: Callable[..., Any]) -> Callable[..., Any]:
    """Sign out here first, whatever the provider says; then to the provider, by a page of our own.

    A redirect would be the form's, and the content policy lets no form lead out of the service.
    """

    def sign_out() -> ResponseReturnValue:
        here: Provider | None = current_app.extensions.get("fitsvc_kommune_provider")
        signed_in = current_sign_in()
        token = _hint(signed_in)
        answer = view()
        if here is None or signed_in is None or signed_in.way is not SignInWay.KOMMUNE:
            return answer
        try:
            end_session = here.metadata().end_session_endpoint
        except ProviderProblem:
            end_session = None
        if end_session is None:
            return render_template("kommune_sign_in/signed_out.html", is_both=False)
        browser[LEAVING] = state = secrets.token_urlsafe(16)
        address = add_params_to_uri(
            end_session,
            [
                ("client_id", here.settings.client_id),
                (
                    "post_logout_redirect_uri",
                    current.config().base_url + url_for("kommune_sign_in.signed_out"),
                ),
                ("state", state),
                *([("id_token_hint", token)] if token else []),
            ],
        )
        return render_template("kommune_sign_in/leaving.html", address=address)

    return sign_out


def _hint(signed_in: SignIn | None) -> str:
    return signed_in.oidc_id_token if signed_in is not None else ""


@blueprint.get("/kommune/signed-out")
def signed_out() -> ResponseReturnValue:
    """Where the provider sends whoever has signed out."""
    provider()
    state = browser.pop(LEAVING, None)
    is_both = bool(state) and secrets.compare_digest(
        str(state).encode(), request.args.get("state", "").encode()
    )
    return render_template("kommune_sign_in/signed_out.html", is_both=is_both)


@blueprint.post("/kommune/back-channel")
@csrf.exempt
def back_channel() -> ResponseReturnValue:
    """The provider's own message that somebody has signed out there; its signature is the proof."""
    here = provider()
    now = current.moment_now()
    try:
        said = read_logout_token(request.form.get("logout_token"), provider=here, now=now)
    except TokenRefused as refused:
        return _answer(400, refused.code)
    except ProviderProblem:
        return _answer(503, "provider_down")
    with short_write() as session:
        is_first = kommune_accounts.use_up(
            session, key=f"logout:{said.jti}", now=now, expires_at=now + MESSAGES_KEPT
        )
        if is_first:
            kommune_accounts.end_for_provider(
                session,
                issuer=here.settings.issuer,
                subject=said.subject,
                session_id=said.session_id,
                now=current.now(),
            )
    return ("", 204) if is_first else _answer(400, "token_jti")


def _answer(status: int, code: str) -> ResponseReturnValue:
    """For the provider's log; a 503 may be sent again."""
    current_app.logger.warning("back-channel logout refused: %s", code)
    return {"error": "invalid_request" if status < 500 else "temporarily_unavailable"}, status
