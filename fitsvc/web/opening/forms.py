"""The form that opens a case."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from fitsvc.services.opening import DISPLAY_NAME_LENGTH, REFERENCE_LENGTH
from fitsvc.web.form_pages import KeyedForm, MonthField, Required, line, one_of, options


class OpenCaseForm(KeyedForm):
    reference = StringField(
        _l("Reference in the case system"),
        line(REFERENCE_LENGTH),
        description=_l("The number the case has there, never the CPR number."),
    )
    display_name = StringField(
        _l("Display name"),
        line(DISPLAY_NAME_LENGTH),
        description=_l("Initials or a nickname, so that you recognise the case on a list."),
    )
    birth_month = MonthField(
        _l("Month of birth"),
        [Required()],
        description=_l("Month and year, such as 05.2012. The right form is suggested by age."),
        render_kw={"inputmode": "text", "autocomplete": "off"},
    )


class OpenCaseForOtherForm(OpenCaseForm):
    """For leaders, who name the caseworker."""

    caseworker_id = SelectField(_l("Caseworker"), [Required()], coerce=one_of(UUID))


def open_case_form(caseworkers: list[tuple[str, str]] | None) -> Any:
    """With a choice of caseworkers when there are any to choose from, else the opener is the caseworker."""
    if caseworkers is None:
        return OpenCaseForm()
    form = OpenCaseForOtherForm()
    form.caseworker_id.choices = options(caseworkers, empty=_l("Choose"))
    return form
