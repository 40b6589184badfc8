"""The forms that set the rule and confirm the journal's copy."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from fitsvc.domain.retention import FEWEST_MONTHS, MOST_MONTHS
from fitsvc.web.form_pages import Required
from fitsvc.web.forms import BaseForm


class MonthsForm(BaseForm):
    months = IntegerField(
        _l("Months after closing until a case is deleted"),
        [InputRequired(), NumberRange(min=FEWEST_MONTHS, max=MOST_MONTHS)],
        description=_l("From 1 to 120. Everybody who is asked to rate reads this number before they answer."),
    )


class ConfirmForm(BaseForm):
    confirmed = BooleanField(_l("Yes, what the journal needs is in the case system."), [Required()])
