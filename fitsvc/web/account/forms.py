"""The account's forms."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from fitsvc.web.forms import BaseForm


class PinForm(BaseForm):
    pin = PasswordField(
        _l("New PIN"),
        [InputRequired()],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8},
    )
    pin_again = PasswordField(
        _l("The same PIN again"),
        [InputRequired(), EqualTo("pin")],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8},
    )
    password = PasswordField(
        _l("Your password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(BaseForm):
    password = PasswordField(
        _l("Your password now"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        _l("New password"), [InputRequired()], render_kw={"autocomplete": "new-password"}
    )
    new_password_again = PasswordField(
        _l("The new password again"),
        [InputRequired(), EqualTo("new_password")],
        render_kw={"autocomplete": "new-password"},
    )
