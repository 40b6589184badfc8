"""The forms of an agreement and of an expectation."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from fitsvc.services.agreements import WHAT_LIMIT, WHO_LIMIT, Promise
from fitsvc.services.invalid import LONG_TEXT
from fitsvc.web.form_pages import KeyedForm, Required, line, optional_line
from fitsvc.web.forms import BaseForm, DanishDateField, DanishDecimalField


class AgreementForm(KeyedForm):
    what = TextAreaField(_l("What do we agree?"), line(WHAT_LIMIT))
    who = StringField(_l("Who does it?"), line(WHO_LIMIT))
    by_on = DanishDateField(_l("By when?"), [Optional()])
    version = IntegerField(default=0)

    @property
    def promise(self) -> Promise:
        return Promise(self.what.data or "", self.who.data or "", self.by_on.data)


class HowItWentForm(BaseForm):
    how_it_went = TextAreaField(_l("How did it go?"), optional_line(LONG_TEXT))


class ExpectationForm(KeyedForm):
    """The page draws the score as a tap line (`expecting.TapForm`); whose it is stands in the field `expect`."""

    score = DanishDecimalField(_l("Where do we think it will be when we meet next?"), [Required()])
    due_on = DanishDateField(_l("By when?"), [Required()])
