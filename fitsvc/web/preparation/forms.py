"""The form that writes an item on the agenda by hand."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from fitsvc.services.agenda_changes import ITEM_LENGTH
from fitsvc.web.form_pages import KeyedForm, line


class FreeItemForm(KeyedForm):
    text = StringField(
        _l("What else is to be talked about?"),
        line(ITEM_LENGTH),
        description=_l("Everybody at the meeting can read it."),
    )
