"""The base of every staff form: our words for every mistake, Danish dates and numbers, nothing typed is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d/%m-%Y", "%d.%m.%y")
"""A day as people write it, or as a date picker sends it."""

# WTForms ships no Danish. Each of its messages has ours here, so that no validator needs one of its own.
_SAYS = {
    "This field is required.": _l("Fill in this field."),
    "Not a valid choice.": _l("Choose one of the answers on the list."),
    "Invalid Choice: could not coerce.": _l("Choose one of the answers on the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from the list."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the list."),
    "Not a valid date value.": _l("Write the date as day.month.year, such as 16.03.2026."),
    "Not a valid datetime value.": _l("Write the date as day.month.year, such as 16.03.2026."),
    "Not a valid time value.": _l("Write the time as hour:minute, such as 13:30."),
    "Not a valid decimal value.": _l("Write a number, such as 6,5."),
    "Not a valid float value.": _l("Write a number, such as 6,5."),
    "Not a valid integer value.": _l("Write a whole number."),
    "Field must be at least %(min)d character long.": _l("Write at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("Write at most %(max)d characters."),
    "Field must be exactly %(max)d character long.": _l("Write exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Write between %(min)d and %(max)d characters."
    ),
    "Field must be equal to %(other_name)s.": _l("The two are not the same. Write it again."),
    "Number must be at least %(min)s.": _l("The number must be %(min)s or more."),
    "Number must be at most %(max)s.": _l("The number must be %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("The number must be from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": _l("The date must be %(min)s or later."),
    "Date must be at most %(max)s.": _l("The date must be %(max)s or earlier."),
    "Date must be between %(min)s and %(max)s.": _l("The date must be from %(min)s to %(max)s."),
    "Invalid input.": _l("This is not written as expected."),
    "Invalid email address.": _l("Write an e-mail address, such as name@kommune.dk."),
    "Invalid URL.": _l("Write a whole web address."),
    "Invalid UUID.": _l("Choose from the list."),
    "Invalid value, must be one of: %(values)s.": _l("Choose from the list."),
}


class _OurWords:
    """What WTForms asks for its messages."""

    def gettext(self, message: str) -> str:
        return str(_SAYS.get(message, message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular)


_OUR_WORDS = _OurWords()


def without_zero_bytes(value: Any) -> Any:
    # Only where there is one: replacing makes a plain string of a member of an enumeration.
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value


class BaseForm(FlaskForm):
    class Meta:
        def get_translations(self, _form: FlaskForm) -> _OurWords:
            return _OUR_WORDS

        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Every field drops the one sign PostgreSQL cannot hold; no keyboard writes it."""
            filters = [without_zero_bytes, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, filters=filters, **options)


class DanishDateField(DateField):
    """A day as people write it (16.03.2026, 16/3-2026) or as a date picker sends it (2026-03-16)."""

    widget = TextInput()
    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"autocomplete": "off"} | (kwargs.get("render_kw") or {})
        super().__init__(label, validators, format=list(DATE_FORMATS), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip() for value in valuelist])
        if self.data is not None and not 1900 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(_SAYS["Not a valid date value."])


class DanishDecimalField(StringField):
    """A number with comma or point, "6,5" or "6.5"; `data` is a float or None."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_decimal(self.data, format="0.######")

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not sent:
            return
        try:
            number = Decimal(sent.replace(",", ".").replace("−", "-"))
        except InvalidOperation as error:
            raise ValueError(_SAYS["Not a valid decimal value."]) from error
        if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
            raise ValueError(_SAYS["Not a valid decimal value."])
        self.data = float(number)


def choices_of(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """Options of a select, radio or checkbox field from {code: words}."""
    return [SelectChoice(value=code, label=label) for code, label in words.items()]


class CheckboxesField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NotAfter:
    """A day that has been, or at the latest the day `latest()` gives."""

    def __init__(self, latest: Any, message: Any = None) -> None:
        self.latest = latest
        self.message = message

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        day: date | datetime | None = field.data
        if day is not None and day > self.latest():
            raise ValidationError(self.message or _l("The date has not come yet."))


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary: the mistake, and the id of the control that takes focus."""

    anchor: str | None
    text: str


def form_problems(form: FlaskForm) -> list[Problem]:
    """Every mistake of a form in the order of its fields."""
    found = [
        message if isinstance(message, Problem) else Problem(None, str(message))
        for message in getattr(form, "form_errors", [])
    ]
    for field in form:
        found += _problems(field)
    return found


def _problems(field: Field) -> Iterator[Problem]:
    if field.type == "CSRFTokenField" or not field.errors:
        return
    if field.type in {"FormField", "FieldList"}:
        for part in field:
            yield from _problems(part)
        return
    first = next((message for message in field.errors if message), "")
    yield Problem(_anchor(field), f"{str(field.label.text).rstrip('.')}: {first}")


def _anchor(field: Field) -> str:
    if field_kind(field) in {"radio", "checkboxes"}:
        return next((str(option.id) for option in field), str(field.id))
    return str(field.id)


def field_kind(field: Field) -> str:
    """How the `field` macro draws a field."""
    if field.type == "RadioField":
        return "radio"
    if isinstance(getattr(field, "option_widget", None), CheckboxInput):
        return "checkboxes"
    if field.type == "BooleanField":
        return "checkbox"
    if field.type in {"SelectField", "SelectMultipleField"}:
        return "select"
    if isinstance(field, DateField):
        return "date"
    if isinstance(field, DanishDecimalField) or field.type in {"IntegerField", "DecimalField"}:
        return "number"
    return "text"
