"""The forms that add a standard and set the days."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from fitsvc.domain.cadence import Interval, Row
from fitsvc.domain.law import MeasureType
from fitsvc.services.follow_up_settings import MOST_DAYS_BEFORE, FollowUpSettings
from fitsvc.services.invalid import SHORT_TEXT
from fitsvc.web.form_pages import KeyedForm, line, options
from fitsvc.web.forms import BaseForm
from fitsvc.web.words import MEASURE_TYPES

UNITS = (("weeks", _l("weeks")), ("months", _l("months")), ("days", _l("days")))
MOST_IN_ANY_UNIT = 365


class DaysForm(BaseForm):
    ask_days_before = IntegerField(
        _l("Ratings are asked for so many days before the meeting"),
        [InputRequired(), NumberRange(min=1, max=MOST_DAYS_BEFORE)],
        description=_l(
            "Of everybody with a form that runs and no rating younger than that. From 1 to 28 days."
        ),
    )
    status_days_before = IntegerField(
        _l("The status of each goal is due so many days before the meeting"),
        [InputRequired(), NumberRange(min=1, max=MOST_DAYS_BEFORE)],
        description=_l("The practitioner writes it, so that everybody can read it before they meet."),
    )

    @property
    def settings(self) -> FollowUpSettings:
        return FollowUpSettings(self.ask_days_before.data or 0, self.status_days_before.data or 0)


class StandardForm(KeyedForm):
    """Further fields, three intervals for each type of measure, are added below."""

    name = StringField(
        _l("Name"), line(SHORT_TEXT), description=_l("What people choose it by, such as Ravnby 2026.")
    )
    source = StringField(
        _l("Decided where and when"),
        line(SHORT_TEXT),
        description=_l("The decision the standard rests on, such as the committee and the date."),
    )

    @property
    def rows(self) -> dict[MeasureType, Row]:
        """The types with at least one interval filled in."""
        every = {
            kind: Row(first=self._read(kind, "first"), then=self._read(kind, "then"),
                      first_year=self._read(kind, "first_year"))
            for kind in MeasureType
        }  # fmt: skip
        return {kind: row for kind, row in every.items() if row != Row(None, None)}

    def _read(self, kind: MeasureType, part: str) -> Interval | None:
        number = self[f"{kind.value}-{part}"].data
        return Interval(**{self[f"{kind.value}-{part}-unit"].data: number}) if number else None


_PARTS = {
    "first": lambda measure: _l("%(measure)s, first follow-up after", measure=measure),
    "then": lambda measure: _l("%(measure)s, then every", measure=measure),
    "first_year": lambda measure: _l("%(measure)s, in the first year every", measure=measure),
}

for _kind, _measure in MEASURE_TYPES.items():
    for _part, _label in _PARTS.items():
        _name = f"{_kind.value}-{_part}"
        setattr(
            StandardForm,
            _name,
            IntegerField(_label(_measure), [Optional(), NumberRange(min=1, max=MOST_IN_ANY_UNIT)]),
        )
        setattr(
            StandardForm, f"{_name}-unit", SelectField(_l("Unit"), choices=options(UNITS), default="weeks")
        )
