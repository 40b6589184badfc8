"""The forms behind a link, and the one that asks for it."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import Email, EqualTo, InputRequired, Length

from fitsvc.web.forms import BaseForm


def _without_blanks(sent: str | None) -> str | None:
    """Phones like to end an address with a blank."""
    return sent.strip() if sent else sent


class ForgotForm(BaseForm):
    email = EmailField(
        _l("Your work e-mail"),
        [InputRequired(), Length(max=255), Email()],
        filters=[_without_blanks],
        render_kw={"autocomplete": "username"},
    )


class ChooseForm(BaseForm):
    new_password = PasswordField(
        _l("New password"), [InputRequired()], render_kw={"autocomplete": "new-password"}
    )
    new_password_again = PasswordField(
        _l("The new password again"),
        [InputRequired(), EqualTo("new_password")],
        render_kw={"autocomplete": "new-password"},
    )


class AddressForm(BaseForm):
    email = EmailField(
        _l("New e-mail address"),
        [InputRequired(), Length(max=255), Email()],
        filters=[_without_blanks],
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        _l("Your password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class ConfirmForm(BaseForm):
    """A button: opening the link alone, as mail scanners do, confirms nothing."""
