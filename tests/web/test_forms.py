"""Our words for every mistake, and Danish dates and numbers."""

import inspect
import re
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import validators
from wtforms.fields import choices, datetime, numeric

from fitsvc.web import forms
from fitsvc.web.forms import BaseForm, DanishDateField, DanishDecimalField

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEVER_SHOWN = {
    "Invalid field name '%s'.", "Choices cannot be None.", "This field cannot be edited.",
    "This field is disabled and cannot have a value.", "Not a valid week value.", "Invalid IP address.",
    "Invalid Mac address.", "Invalid value, can't be any of: %(values)s.",
}  # fmt: skip
"""Messages about a programmer's mistake, and of validators no form here uses."""


class Example(BaseForm):
    day = DanishDateField("Day")
    number = DanishDecimalField("Number")


def sent(**values: str) -> Example:
    return Example(formdata=MultiDict(values), meta={"csrf": False})


def test_every_message_of_wtforms_has_our_words(app: Flask) -> None:
    source = "".join(inspect.getsource(module) for module in (validators, choices, datetime, numeric))
    stock = set(re.findall(r'gettext\(\s*"([^"]+)"', source))
    assert len(stock) > 20
    assert stock - NEVER_SHOWN <= set(forms._SAYS)


@pytest.mark.parametrize(
    "text", ["16.03.2026", "16.3.2026", "2026-03-16", "16/3-2026", "16-03-2026", " 16.03.2026 ", "16.03.26"]
)
def test_a_day_is_read_as_people_write_it(app: Flask, text: str) -> None:
    with app.test_request_context():
        form = sent(day=text)
        assert form.validate(), form.errors
        assert form.day.data == date(2026, 3, 16)


@pytest.mark.parametrize("text", ["31.02.2026", "03/16/2026", "0016-03-16", "tomorrow", "٦.٣.٢٠٢٦x"])
def test_what_is_no_day_is_kept_and_told_in_danish(app: Flask, text: str) -> None:
    with app.test_request_context():
        form = sent(day=text)
        assert not form.validate()
        assert form.day._value() == text
        assert "16.03.2026" in str(form.day.errors[0])
        assert str(form.day.errors[0]).startswith("Skriv datoen")


@pytest.mark.parametrize(
    ("text", "number"), [("6,5", 6.5), ("6.5", 6.5), ("-3", -3), ("", None), (" 10 ", 10)]
)
def test_a_number_is_read_with_comma_or_point(app: Flask, text: str, number: float | None) -> None:
    with app.test_request_context():
        form = sent(number=text)
        assert form.validate(), form.errors
        assert form.number.data == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e400", "6,5,5", "six", "99999999999999999"])
def test_what_is_no_number_is_refused(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert not sent(number=text).validate()
