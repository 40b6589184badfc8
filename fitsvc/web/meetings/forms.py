"""The form that plans a meeting."""

from flask_babel import lazy_gettext as _l
from wtforms import TimeField
from wtforms.validators import Optional

from fitsvc.web.form_pages import Required
from fitsvc.web.forms import DanishDateField
from fitsvc.web.grounds_form import GroundsForm


class PlanMeetingForm(GroundsForm):
    planned_on = DanishDateField(_l("Date of the meeting"), [Required()])
    planned_at = TimeField(_l("Time of day"), [Optional()], description=_l("May be left open."))

