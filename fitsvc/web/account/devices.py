"""The browsers one is signed in on: seen, and ended one by one or all but this."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from fitsvc.services import sign_ins
from fitsvc.services.sign_ins import Device
from fitsvc.storage.accounts import SignInWay
from fitsvc.web import current
from fitsvc.web.sign_ins import current_sign_in
from fitsvc.web.templates import moment

blueprint = Blueprint("devices", __name__, url_prefix="/account/devices")

_WAYS = {
    SignInWay.PASSWORD: _l("with a password"),
    SignInWay.PASSKEY: _l("with a passkey"),
    SignInWay.KOMMUNE: _l("through the kommune"),
}


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: UUID
    browser: str
    is_this: bool
    way: str
    origin: str
    began: str
    seen: str


@blueprint.get("")
def show() -> ResponseReturnValue:
    devices = sign_ins.list_devices(
        current.session(), staff_id=current_user.id, this=_this(), now=current.now()
    )
    return render_template("account/devices.html", rows=[_row(one) for one in devices])


@blueprint.post("/<uuid:sign_in_id>/end")
def end(sign_in_id: UUID) -> ResponseReturnValue:
    sign_ins.end_one(current.session(), staff_id=current_user.id, sign_in_id=sign_in_id, now=current.now())
    flash(_("You are signed out there."), "success")
    return redirect(url_for(".show"), 303)


@blueprint.post("/end-others")
def end_others() -> ResponseReturnValue:
    number = sign_ins.end_others(current.session(), staff_id=current_user.id, this=_this(), now=current.now())
    flash(
        ngettext(
            "You are signed out on %(num)d other device.",
            "You are signed out on %(num)d other devices.",
            number,
        ),
        "success",
    )
    return redirect(url_for(".show"), 303)


def _this() -> UUID:
    found = current_sign_in()
    if found is None:
        abort(404)
    return found.id


def _row(device: Device) -> DeviceRow:
    return DeviceRow(
        id=device.id,
        browser=device.browser or _("Unknown browser"),
        is_this=device.is_this,
        way=str(_WAYS[device.way]),
        origin=device.origin,
        began=moment(device.began_at),
        seen=moment(device.seen_at),
    )
