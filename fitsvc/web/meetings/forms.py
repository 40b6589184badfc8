"""The forms that plan a meeting and move one."""

from datetime import date, time

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TimeField
from wtforms.validators import Optional

from fitsvc.web.form_pages import Required
from fitsvc.web.forms import DanishDateField
from fitsvc.web.grounds_form import GroundsForm


class PlanMeetingForm(GroundsForm):
    planned_on = DanishDateField(_l("Date of the meeting"), [Required()])
    planned_at = TimeField(_l("Time of day"), [Optional()], description=_l("May be left open."))


class MoveMeetingForm(PlanMeetingForm):
    """`seen` is the day and time the person saw the meeting on, so that nobody's move is undone unseen."""

    seen = HiddenField()

    @property
    def seen_on(self) -> tuple[date, time | None]:
        day, _t, at = str(self.seen.data or "").partition("T")
        try:
            return date.fromisoformat(day), time.fromisoformat(at) if at else None
        except ValueError:
            return date.min, None

    def note_seen(self, planned_on: date, planned_at: time | None) -> None:
        self.seen.data = planned_on.isoformat() + (f"T{planned_at.isoformat()}" if planned_at else "")
