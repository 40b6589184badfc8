"""The forms of goals, external numbers, events and next steps."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from fitsvc.domain.instrument import Direction
from fitsvc.domain.next_step import Thought
from fitsvc.services.events import EVENT_LENGTH
from fitsvc.services.external_values import UNIT_LENGTH, Preset, SeriesScale
from fitsvc.services.goals import GOAL_LENGTH
from fitsvc.services.invalid import LONG_TEXT, SHORT_TEXT
from fitsvc.storage.events import EventKind
from fitsvc.web.agenda_words import THOUGHTS
from fitsvc.web.form_pages import KeyedForm, Required, line, one_of, optional_line, options
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import DanishDateField, DanishDecimalField

EVENT_KINDS = {
    EventKind.SCHOOL: _l("School or day care"),
    EventKind.HOME: _l("Home or moving"),
    EventKind.FAMILY: _l("Family"),
    EventKind.MEASURE: _l("The measure"),
    EventKind.OTHER: _l("Something else"),
}

PRESET_NAMES = {
    Preset.ABSENCE: _l("School absence"),
    Preset.RULER: _l("Five-step wellbeing ruler"),
    Preset.OWN: _l("Another number"),
}


class GoalForm(KeyedForm):
    text = StringField(
        _l("The goal in the family's own words"),
        line(GOAL_LENGTH),
        description=_l("Short and concrete, such as: I go to school every day."),
    )
    start_value = DanishDecimalField(
        _l("Where are we today?"), [Required()], description=_l("0 is far from the goal, 10 is reached.")
    )
    target_value = DanishDecimalField(
        _l("Where would it be good enough?"), [Required()], description=_l("From 0 to 10, above today.")
    )
    due_on = DanishDateField(_l("By when?"), [Optional()])


class SeriesForm(KeyedForm):
    preset = RadioField(
        _l("What is measured?"),
        [Required()],
        coerce=one_of(Preset),
        choices=options(PRESET_NAMES.items()),
    )
    purpose = TextAreaField(
        _l("Why it is collected"),
        line(LONG_TEXT),
        description=_l("Only what helps in this case may be collected."),
    )
    name = StringField(_l("Name of the number"), optional_line(SHORT_TEXT))
    unit = StringField(_l("Unit"), optional_line(UNIT_LENGTH), description=_l("Such as days, points or %."))
    minimum = DanishDecimalField(_l("Lowest possible number"), [Optional()])
    maximum = DanishDecimalField(_l("Highest possible number"), [Optional()])
    direction = RadioField(
        _l("Which way is better?"),
        [Optional()],
        coerce=one_of(Direction),
        choices=options(
            [
                (Direction.HIGHER_IS_BETTER, _l("A higher number is better")),
                (Direction.LOWER_IS_BETTER, _l("A lower number is better")),
            ]
        ),
    )

    def validate(self, extra_validators: object = None) -> bool:
        """An own number needs a name, both ends and a direction; a preset brings them."""
        is_valid = bool(super().validate(extra_validators))
        if self.preset.data is not Preset.OWN:
            return is_valid
        for field in (self.name, self.minimum, self.maximum, self.direction):
            if field.data in (None, "") and not field.errors:
                field.errors = [REFUSALS["missing"]]
                is_valid = False
        return is_valid

    @property
    def series_name(self) -> str:
        """A preset is named by its own words, in the language it was begun in."""
        return self.name.data if self.preset.data is Preset.OWN else str(PRESET_NAMES[self.preset.data])

    @property
    def scale(self) -> SeriesScale | None:
        if self.preset.data is not Preset.OWN:
            return None
        return SeriesScale(self.minimum.data, self.maximum.data, self.direction.data, self.unit.data or "")


class ValueForm(KeyedForm):
    measured_on = DanishDateField(_l("Date"), [Required()])
    value = DanishDecimalField(_l("Number"), [Required()])
    replace = BooleanField(_l("Replace the number of that day"))


class EventForm(KeyedForm):
    happened_on = DanishDateField(_l("When did it happen?"), [Required()])
    kind = SelectField(
        _l("What is it about?"),
        [Required()],
        coerce=one_of(EventKind),
        choices=options(EVENT_KINDS.items(), empty=_l("Choose")),
    )
    text = StringField(
        _l("What happened?"),
        line(EVENT_LENGTH),
        description=_l("A few words that can stand on the curve, such as: changed school."),
    )


class NextStepForm(KeyedForm):
    """The aid's four heads, of which one is enough, and the step that closes the signal."""

    about_goals = TextAreaField(
        THOUGHTS[Thought.GOALS],
        optional_line(LONG_TEXT),
        description=_l(
            "Is this still what the family most wants help with? Is the goal small enough to be felt before the next "
            "meeting?"
        ),
    )
    about_method = TextAreaField(
        THOUGHTS[Thought.METHOD],
        optional_line(LONG_TEXT),
        description=_l(
            "What have we done most of, and what came of it? What have we not tried yet? Who could look at it with you?"
        ),
    )
    about_relation = TextAreaField(
        THOUGHTS[Thought.RELATION],
        optional_line(LONG_TEXT),
        description=_l(
            "Have you asked what it is like to take part? What would make it worth more to them? Are you the right one "
            "for them to talk with?"
        ),
    )
    about_life = TextAreaField(
        THOUGHTS[Thought.LIFE],
        optional_line(LONG_TEXT),
        description=_l(
            "Has anything happened at home, at school or among friends? Who in everyday life could make it easier?"
        ),
    )
    next_step = TextAreaField(
        _l("Next step"),
        line(LONG_TEXT),
        description=_l("What will be done, by whom and by when. The signal closes with it."),
    )
    on_agenda = BooleanField(
        _l("Bring it to the next meeting"),
        description=_l(
            "The next step and what you wrote above then stand on the agenda, for everybody to read."
        ),
    )

    @property
    def thoughts(self) -> dict[Thought, str]:
        return {one: self[f"about_{one.value}"].data or "" for one in Thought}

    def validate(self, extra_validators: object = None) -> bool:
        """One head is enough, and none is too little."""
        is_valid = bool(super().validate(extra_validators))
        if not any(text.strip() for text in self.thoughts.values()):
            self.about_goals.errors = [REFUSALS["no_thought"]]
            return False
        return is_valid
