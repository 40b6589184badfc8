"""The page that asks before an address is gone on to."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from fitsvc.web.access_register import FILES_OUT
from fitsvc.web.fresh import FRESH_FOR, ask_page, file_page, try_to_confirm
from fitsvc.web.local_path import is_local_path
from fitsvc.web.resume import here
from fitsvc.web.second_step import is_confirmed

blueprint = Blueprint("confirm", __name__)


@blueprint.route("/confirm", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    wanted = request.args.get("next", "")
    target = wanted if is_local_path(wanted) else "/"
    if is_confirmed(FRESH_FOR):
        return _onwards(target)
    if request.method == "GET":
        return ask_page(here())
    return try_to_confirm(here(), []) or _onwards(target)


def _onwards(target: str) -> ResponseReturnValue:
    return file_page(target, [], is_form=False) if _is_file(target) else redirect(target, 303)


def _is_file(target: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.match(urlsplit(target).path, method="GET")[0] in FILES_OUT
    except HTTPException:
        return False
