"""What is said when a meeting is noted as held, beside its minutes."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TimeField
from wtforms.validators import Optional

from fitsvc.services.holding import Conclusion
from fitsvc.web.current import today
from fitsvc.web.form_pages import Required
from fitsvc.web.forms import DanishDateField, NotAfter
from fitsvc.web.grounds_form import GroundsForm


class HoldMeetingForm(GroundsForm):
    held_on = DanishDateField(_l("The meeting was held on"), [Required(), NotAfter(today)])
    next_at = TimeField(_l("Time of day"), [Optional()], description=_l("May be left open."))
    names_hidden = BooleanField(_l("Leave names out of the paper that is kept"))

    @property
    def conclusion(self) -> Conclusion:
        return Conclusion(self.held_on.data, self.next_at.data, self.grounds)
