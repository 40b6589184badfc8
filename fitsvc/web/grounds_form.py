"""The fields in which somebody says why a meeting stands on another day than the cadence's."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from fitsvc.domain.follow_up import DeviationReason
from fitsvc.services.deviations import Grounds
from fitsvc.services.invalid import LONG_TEXT, SHORT_TEXT
from fitsvc.web.form_pages import KeyedForm, one_of, optional_line, options
from fitsvc.web.words import DEVIATION_REASONS


class GroundsForm(KeyedForm):
    """Needed only where the day, or the rhythm, is not the cadence's."""

    reason_code = SelectField(
        _l("Reason for another date or rhythm"),
        coerce=one_of(DeviationReason),
        choices=options(DEVIATION_REASONS.items(), empty=_l("It is the cadence's own")),
        default="",
    )
    meeting_reason = TextAreaField(
        _l("The reason in your own words"),
        optional_line(LONG_TEXT),
        description=_l("Needed when the date or the rhythm is not the cadence's own."),
    )
    decided_by = StringField(
        _l("Decided together with"),
        optional_line(SHORT_TEXT),
        description=_l("Fewer follow-ups than the cadence's: the authority's leader is asked to approve it."),
    )

    @property
    def grounds(self) -> Grounds:
        return Grounds(self.reason_code.data, self.meeting_reason.data or "", self.decided_by.data or "")
