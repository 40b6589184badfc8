"""The forms that plan a meeting and note that it was held."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from fitsvc.services.invalid import LONG_TEXT, SHORT_TEXT
from fitsvc.web.form_pages import KeyedForm, Required, optional_line
from fitsvc.web.forms import BaseForm, DanishDateField


class PlanMeetingForm(KeyedForm):
    planned_on = DanishDateField(_l("Date of the meeting"), [Required()])
    meeting_reason = TextAreaField(
        _l("Reason for another date"),
        optional_line(LONG_TEXT),
        description=_l("Needed when the date is not the one the cadence proposes."),
    )
    decided_by = StringField(
        _l("Leader or coordinator who decided it"),
        optional_line(SHORT_TEXT),
        description=_l("Needed when the meeting comes later than the cadence proposes."),
    )


class HoldMeetingForm(BaseForm):
    held_on = DanishDateField(_l("Held on"), [Required()])
