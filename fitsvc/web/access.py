"""Every request is held against the register of who may open what, and turned away kindly where it may not."""

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import logout_user
from werkzeug.exceptions import MethodNotAllowed

from fitsvc.domain.permissions import Permission
from fitsvc.web.access_register import FRESH, REGISTER, Gate
from fitsvc.web.current import READ_IN_EMERGENCY, actor, is_emergency
from fitsvc.web.fresh import ask_if_not_fresh
from fitsvc.web.page_owner import mark_of, owner_of_sent_page
from fitsvc.web.resume import (
    KEPT_FIELD,
    Kept,
    ask_to_sign_in,
    here,
    is_own_page,
    kept_fields,
    offer_to_send_again,
    sign_in_page,
)
from fitsvc.web.second_step import find_half, is_complete

CLOSED = "fitsvc_closed"
"""Where an app keeps the endpoints this installation does without."""


def may_open(endpoint: str) -> bool:
    """Whether the person of this request may open a page; used to show only links that lead somewhere.

    A page this installation does not have may be opened by nobody.
    """
    rule = REGISTER.get(endpoint)
    if rule is None or is_closed(endpoint):
        return False
    if isinstance(rule, Permission):
        granted = bool(current_user.is_authenticated) and actor().may(rule)
        return granted and not (
            endpoint not in READ_IN_EMERGENCY and is_emergency() and _is_about_a_case(endpoint)
        )
    return rule is not Gate.SIGNED_IN or bool(current_user.is_authenticated)


def is_closed(endpoint: str) -> bool:
    """Whether this installation does without a page (`kommune_sign_in.ways_in`): it is not there."""
    return endpoint in current_app.extensions.get(CLOSED, ())


def _is_about_a_case(endpoint: str) -> bool:
    return any("case_id" in rule.arguments for rule in current_app.url_map.iter_rules(endpoint))


def shut_closed(app: Flask) -> None:
    """Before the check of tokens: what is not there asks for none, and refuses no method."""
    app.before_request(_find_nothing_closed)


def init_app(app: Flask) -> None:
    app.before_request(_check)
    app.jinja_env.globals["may_open"] = may_open
    app.jinja_env.globals["is_emergency"] = is_emergency


def check_register(app: Flask) -> None:
    """Every route declares its access, and nothing stale is declared. Raises RuntimeError at start."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    missing, stale = routes - REGISTER.keys(), REGISTER.keys() - routes
    if missing or stale:
        raise RuntimeError(f"access register: missing {sorted(missing)}, stale {sorted(stale)}")


def _find_nothing_closed() -> None:
    if is_closed(request.endpoint or ""):
        abort(404)
    refused = request.routing_exception
    adapter = current_app.create_url_adapter(request)
    if not isinstance(refused, MethodNotAllowed) or not refused.valid_methods or adapter is None:
        return
    if all(is_closed(adapter.match(method=one)[0]) for one in refused.valid_methods):
        abort(404)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such route: the 404 page
    rule = REGISTER[request.endpoint]
    if rule in {Gate.PUBLIC, Gate.LINK, Gate.HANDED_OVER}:
        return None
    if rule is Gate.HALF:
        return _refuse_without_half()
    if not current_user.is_authenticated:
        return _refuse_signed_out()
    if not is_complete():  # no way in leads here; if one ever does, it opens nothing
        logout_user()
        return redirect(url_for("security.login"))
    if isinstance(rule, Permission) and not actor().may(rule):
        abort(403)
    return ask_if_not_fresh() if request.endpoint in FRESH else None


def _refuse_without_half() -> ResponseReturnValue | None:
    """The pages between password and second factor are nobody else's."""
    if current_user.is_authenticated:
        return redirect("/")
    if find_half() is not None:
        return None
    if request.method != "POST":
        return redirect(url_for("security.login"))
    return sign_in_page(
        request.form.get(KEPT_FIELD, ""), 401, _("Signing in took too long. Begin again with your password.")
    )


def _refuse_signed_out() -> ResponseReturnValue:
    """To the sign-in page, and back; what was sent is kept, so that it can be sent again."""
    if request.method != "POST":
        return redirect(url_for("security.login", next=here()))
    if request.endpoint == "security.logout":
        return redirect(url_for("security.login"))
    return ask_to_sign_in() if is_own_page() else redirect(url_for("security.login"))


def answer_failed_token() -> ResponseReturnValue | None:
    """For a POST without this browser's token, most often because the sign-in ran out: nothing typed is lost.

    None when nothing is to be kept: another site's page sent it, or it is nobody's own form.
    """
    rule = REGISTER.get(request.endpoint or "")
    if not is_own_page():
        return None
    if (
        request.endpoint == "security.login"
        or rule is Gate.HALF
        or request.endpoint == "second_factor.use_passkey"
    ):
        return sign_in_page(
            request.form.get(KEPT_FIELD, ""),
            400,
            _("The page had been open too long. Please sign in once more."),
        )
    if rule is not Gate.SIGNED_IN and not isinstance(rule, Permission):
        return None
    if not current_user.is_authenticated:
        return _refuse_signed_out()
    # Without a token at all it is taken for the sender's own: they are here, signed in, and will look at it themselves.
    kept = Kept(here(), kept_fields(), owner_of_sent_page() or mark_of(current_user))
    return None if kept.is_somebody_elses else offer_to_send_again(kept, 400, signed_in_again=False)
