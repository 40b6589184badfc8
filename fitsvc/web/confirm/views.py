"""The page that asks before an address is gone on to."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from fitsvc.web.fresh import FRESH_FOR, ask_page, try_to_confirm
from fitsvc.web.local_path import is_local_path
from fitsvc.web.resume import here
from fitsvc.web.second_step import is_confirmed

blueprint = Blueprint("confirm", __name__)


@blueprint.route("/confirm", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    wanted = request.args.get("next", "")
    target = wanted if is_local_path(wanted) else "/"
    if is_confirmed(FRESH_FOR):
        return redirect(target, 303)
    if request.method == "GET":
        return ask_page(here())
    return try_to_confirm(here(), []) or redirect(target, 303)
