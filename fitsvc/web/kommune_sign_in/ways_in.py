"""Which ways in this installation has. Where passwords of this service are switched off their pages are gone, and one
way remains by command: `fitsvc let-in` makes a link for an administrator when the kommune's provider is down.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fitsvc.config import Config
from fitsvc.services import emergency_pass
from fitsvc.web import access, current
from fitsvc.web.access_register import REGISTER
from fitsvc.web.database import short_write
from fitsvc.web.kommune_sign_in import leaving
from fitsvc.web.kommune_sign_in.provider import Provider
from fitsvc.web.kommune_sign_in.views import blueprint
from fitsvc.web.second_step import begin_half, next_endpoint

OF_THE_KOMMUNE = frozenset(name for name in REGISTER if name.startswith("kommune_sign_in."))
# Whatever makes, changes, resets or invites to a password of this service.
OF_PASSWORDS = frozenset({"account.change_password", "admin.add_staff", "admin.invite_again"}) | frozenset(
    name for name in REGISTER if name.startswith("account_links.")
)


def init_app(app: Flask, config: Config) -> None:
    """After Flask-Security's own pages are there."""
    settings = config.kommune_provider
    closed = set() if settings else set(OF_THE_KOMMUNE)
    if settings is not None:
        app.extensions["fitsvc_kommune_provider"] = Provider(
            settings, f"{config.base_url}{blueprint.url_prefix}/kommune/callback"
        )
        leaving.init_app(app)
    if not config.local_passwords:
        closed |= OF_PASSWORDS
        app.view_functions["security.login"] = _no_password(app.view_functions["security.login"])
    app.extensions[access.CLOSED] = frozenset(closed)
    app.jinja_env.globals["has_local_passwords"] = config.local_passwords


def _no_password(_view: Callable[..., Any]) -> Callable[..., Any]:
    def sign_in() -> ResponseReturnValue:
        if request.method == "POST":
            abort(404)
        return redirect(url_for("kommune_sign_in.show", next=request.args.get("next")))

    return sign_in


@blueprint.route("/let-in/<token>", methods=["GET", "POST"])
def let_in(token: str) -> ResponseReturnValue:
    """A link made by command, used once by a press of a button: looking at it uses nothing up."""
    now = current.now()
    secret = str(current_app.secret_key)
    with short_write() as session:
        use = emergency_pass.use_pass if request.method == "POST" else emergency_pass.find_pass
        staff = use(session, token=token, secret=secret, now=now)
    if staff is None:
        abort(404)
    if request.method != "POST":
        return render_template("kommune_sign_in/let_in.html", name=staff.name)
    if current_user.is_authenticated:
        abort(404)
    begin_half(staff, "/")
    return redirect(url_for(next_endpoint(staff)), 303)
