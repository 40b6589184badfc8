"""What every template may use: strict names, Danish numbers and dates, field macros."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, get_locale
from jinja2 import StrictUndefined

from fitsvc.web.current import config
from fitsvc.web.forms import field_kind, form_problems

IN_SENTENCE = "d. MMMM"
"""A day of these months inside a sentence: the month written out, for a Danish abbreviation brings a full stop of its
own, and "6. aug.." would stand at the end."""


def day(value: date | datetime | None, form: str = "d. MMM yyyy") -> str:
    return "" if value is None else format_date(value, _in_language(form))


def moment(value: datetime) -> str:
    """Day and time in Denmark."""
    return str(format_datetime(value, _in_language("d. MMM yyyy HH.mm")))


def _in_language(form: str) -> str:
    """Danish days are ordinals ("16. mar."), English ones are not ("16 Mar")."""
    return form if get_locale().language == "da" else form.replace("d. ", "d ")


def points(value: float | None) -> str:
    """A score with at most one decimal, written as the language does ("6,4"); a dash when there is none."""
    return "–" if value is None else format_decimal(round(value, 1), format="0.#")


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(get_locale=get_locale, field_kind=field_kind, form_problems=form_problems)
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["points"] = points
    app.context_processor(lambda: {"is_demo": config().demo, "kommune_name": config().kommune_name})
