"""The forms that start and end a measure and close a case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import NumberRange, Optional

from fitsvc.domain.cadence import Interval
from fitsvc.domain.law import USUAL_STEP, LadderStep, MeasureType
from fitsvc.services.episode_plan import MOST_WEEKS, EpisodePlan
from fitsvc.services.invalid import LONG_TEXT
from fitsvc.web.form_pages import Required, line, one_of, options
from fitsvc.web.forms import BaseForm, CheckboxesField, DanishDateField
from fitsvc.web.grounds_form import GroundsForm
from fitsvc.web.words import LADDER_STEPS, MEASURE_TYPES

Choices = Sequence[tuple[str, Any]]


def step_of(number: str) -> LadderStep:
    return LadderStep(int(number))


NO_STANDARD = "none"
"""The choice not to follow up by any standard, which early help may make."""


class StartEpisodeForm(GroundsForm):
    measure_type = SelectField(_l("Type of measure"), [Required()], coerce=one_of(MeasureType))
    legal_basis = StringField(
        _l("Legal basis"),
        line(60),
        description=_l("The paragraph of the decision, such as barnets lov § 32."),
        render_kw={"list": "legal-bases"},
    )
    ladder_step = SelectField(_l("Step on the ladder of measures"), [Optional()], coerce=one_of(step_of))
    purpose = TextAreaField(
        _l("Purpose"),
        line(LONG_TEXT),
        description=_l("What shall be better for the child, in a sentence or two."),
    )
    expected_weeks = IntegerField(
        _l("Expected length in weeks"), [Optional(), NumberRange(min=1, max=MOST_WEEKS)]
    )
    started_on = DanishDateField(_l("Starts on"), [Required()])
    unit_id = SelectField(_l("Unit"), [Required()], coerce=one_of(UUID))
    practitioner_ids = CheckboxesField(
        _l("Practitioners"),
        [Required()],
        coerce=one_of(UUID),
        description=_l("They join the team of the case and see its curves. Choose from the unit above."),
    )
    cadence_standard = SelectField(
        _l("Cadence of follow-up"),
        [Required()],
        description=_l(
            "For early help (§ 30) choose a rhythm or a date for the case, or no fixed follow-up."
        ),
    )
    interval_number = IntegerField(
        _l("Another rhythm for this case"),
        [Optional(), NumberRange(min=1, max=365)],
        description=_l(
            "Only when it differs from the cadence, or when the cadence has no rhythm for this type."
        ),
    )
    interval_unit = SelectField(
        _l("Counted in"), choices=options([("weeks", _l("Weeks")), ("months", _l("Months"))]), default="weeks"
    )
    investigation_ends_on = DanishDateField(
        _l("The investigation running beside it ends"),
        [Optional()],
        description=_l(
            "Only if the child is being investigated at the same time: the law then wants the first follow-up when the "
            "investigation ends, at the latest after three months."
        ),
    )
    first_meeting_on = DanishDateField(
        _l("First follow-up meeting"),
        [Optional()],
        description=_l("Leave it empty to take the date the cadence proposes."),
    )
    first_meeting_at = TimeField(_l("Time of day"), [Optional()], description=_l("May be left open."))
    closes = HiddenField()
    leave_team = BooleanField(
        _l("The former unit's practitioners leave the case"),
        description=_l("Nobody leaves while the unit has another measure running."),
    )

    def offer(self, units: Choices, practitioners: Choices, standards: Choices) -> None:
        """Fill the lists to choose from."""
        choose = _("Choose")
        self.measure_type.choices = options(MEASURE_TYPES.items(), empty=choose)
        self.ladder_step.choices = options(
            ((step.value, words) for step, words in LADDER_STEPS.items()),
            empty=_("The usual one for this type"),
        )
        self.unit_id.choices = options(units, empty=choose)
        self.practitioner_ids.choices = options(practitioners)
        self.cadence_standard.choices = options(
            [*standards, (NO_STANDARD, _("No fixed follow-up (early help, § 30, only)"))], empty=choose
        )

    @property
    def standard_id(self) -> str | None:
        """The standard chosen, None for no fixed follow-up."""
        return None if self.cadence_standard.data == NO_STANDARD else self.cadence_standard.data

    @property
    def chosen_interval(self) -> Interval | None:
        """The rhythm chosen for this case, when one was."""
        number = self.interval_number.data
        return Interval(**{self.interval_unit.data: number}) if number else None

    @property
    def plan(self) -> EpisodePlan:
        """What was filled in."""
        return EpisodePlan(
            measure_type=self.measure_type.data,
            legal_basis=self.legal_basis.data,
            ladder_step=self.ladder_step.data or USUAL_STEP[self.measure_type.data],
            purpose=self.purpose.data,
            expected_weeks=self.expected_weeks.data,
            started_on=self.started_on.data,
            unit_id=self.unit_id.data,
            practitioner_ids=tuple(self.practitioner_ids.data),
            cadence_standard=self.standard_id,
            chosen_interval=self.chosen_interval,
            first_meeting_on=self.first_meeting_on.data,
            first_meeting_at=self.first_meeting_at.data,
            grounds=self.grounds,
            investigation_ends_on=self.investigation_ends_on.data,
        )


class EndEpisodeForm(BaseForm):
    ended_on = DanishDateField(_l("Ends on"), [Required()])
    leave_team = BooleanField(
        _l("The unit's practitioners leave the case"),
        description=_l(
            "They can still read it today. Nobody leaves while the unit has another measure running."
        ),
    )


class CloseCaseForm(BaseForm):
    closed_on = DanishDateField(_l("Closed on"), [Required()])
