"""The form of an agreed expectation."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.form_pages import KeyedForm, Required, one_of, options
from fitsvc.web.forms import DanishDateField, DanishDecimalField


class ExpectationForm(KeyedForm):
    kind = RadioField(
        _l("Whose expectation is it?"),
        [Required()],
        coerce=one_of(ExpectationKind),
        choices=options(
            [
                (ExpectationKind.SHARED, _l("The meeting's shared expectation")),
                (ExpectationKind.OWN, _l("The expectation of the one who rates, on their own curve")),
            ]
        ),
    )
    series = SelectField(_l("Which curve?"), [Required()])
    score = DanishDecimalField(_l("Expected score"), [Required()])
    due_on = DanishDateField(
        _l("By when?"),
        [Required()],
        description=_l("Most often the date of the next follow-up meeting."),
    )
