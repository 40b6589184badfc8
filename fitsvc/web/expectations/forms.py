"""The form of an agreed expectation."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.form_pages import KeyedForm, one_of
from fitsvc.web.forms import DanishDateField, DanishDecimalField


class ExpectationForm(KeyedForm):
    kind = RadioField(
        _l("Whose expectation is it?"),
        [InputRequired()],
        coerce=one_of(ExpectationKind),
        choices=[
            (ExpectationKind.SHARED.value, _l("The meeting's shared expectation")),
            (ExpectationKind.OWN.value, _l("The expectation of the one who rates, on their own curve")),
        ],
    )
    series = SelectField(_l("Which curve?"), [InputRequired()])
    score = DanishDecimalField(_l("Expected score"), [InputRequired()])
    due_on = DanishDateField(
        _l("By when?"),
        [InputRequired()],
        description=_l("Most often the date of the next follow-up meeting."),
    )
