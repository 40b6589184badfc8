"""The forms of the second step."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from fitsvc.services.passkeys import LONGEST_NAME
from fitsvc.web.form_pages import Required
from fitsvc.web.forms import BaseForm

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12, "class": "short"}


class CodeForm(BaseForm):
    """One of the two is enough."""

    code = StringField(_l("Code from the app"), [Length(max=20)], render_kw=_CODE)
    recovery_code = StringField(
        _l("Recovery code"),
        [Length(max=60)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": 40},
    )


class AppForm(BaseForm):
    code = StringField(_l("Code from the app"), [Required(), Length(max=20)], render_kw=_CODE)


class PasskeyForm(BaseForm):
    name = StringField(
        _l("What shall this passkey be called?"),
        [Required(), Length(max=LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME},
    )
