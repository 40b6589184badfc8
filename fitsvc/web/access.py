"""Who may open which route: every endpoint stands here, and the service does not start when one is missing.

A permission says what a role may do at all; which cases it reaches is decided in the query (`storage.cases`).
"""

from enum import StrEnum

from flask import Flask, Response, abort, redirect, request, url_for
from flask_login import current_user

from fitsvc.domain.permissions import Permission
from fitsvc.web.current import actor


class Gate(StrEnum):
    """Ways in that are not a permission."""

    PUBLIC = "public"  # anybody
    LINK = "link"  # whoever holds the secret link
    SIGNED_IN = "signed_in"  # any signed-in member of staff
    HANDED_OVER = "handed_over"  # a device locked to one respondent


REGISTER: dict[str, Gate | Permission] = {
    "static": Gate.PUBLIC,
    # account
    "security.login": Gate.PUBLIC,
    "security.logout": Gate.SIGNED_IN,
    "security.verify": Gate.SIGNED_IN,
    "security.static": Gate.PUBLIC,
}


def may_open(endpoint: str) -> bool:
    """Whether the person of this request may open a page; used to show only links that lead somewhere.

    A page this installation does not have may be opened by nobody.
    """
    rule = REGISTER.get(endpoint)
    if rule is None:
        return False
    if isinstance(rule, Permission):
        return bool(current_user.is_authenticated) and actor().may(rule)
    return rule is not Gate.SIGNED_IN or bool(current_user.is_authenticated)


def init_app(app: Flask) -> None:
    app.before_request(_check)
    app.jinja_env.globals["may_open"] = may_open


def check_register(app: Flask) -> None:
    """Every route declares its access, and nothing stale is declared. Raises RuntimeError at start."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    missing, stale = routes - REGISTER.keys(), REGISTER.keys() - routes
    if missing or stale:
        raise RuntimeError(f"access register: missing {sorted(missing)}, stale {sorted(stale)}")


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such route: the 404 page
    rule = REGISTER[request.endpoint]
    if rule in {Gate.PUBLIC, Gate.LINK, Gate.HANDED_OVER}:
        return None
    if not current_user.is_authenticated:
        return redirect(
            url_for("security.login", next=request.full_path if request.method == "GET" else None)
        )  # type: ignore[return-value]
    if isinstance(rule, Permission) and not actor().may(rule):
        abort(403)
    return None
