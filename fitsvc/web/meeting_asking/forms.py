"""The one form that asks for ratings before a meeting."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from fitsvc.web.forms import BaseForm


class AskForm(BaseForm):
    asks_wish = BooleanField(
        _l("Also ask what they want to talk about at the meeting"),
        default=True,
        description=_l(
            "The child, parents and foster parents may write it with their rating, or leave it out."
        ),
    )
