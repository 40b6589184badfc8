"""What to look for in the log. A reference is sent and never stands in an address."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from fitsvc.domain.audit import Access, Act
from fitsvc.services.log import Asked, LogKind, PersonName
from fitsvc.web.form_pages import options
from fitsvc.web.forms import BaseForm, DanishDateField
from fitsvc.web.log_words import log_words


class LogSearchForm(BaseForm):
    reference = StringField(_l("The case's reference"), [Length(max=40)], render_kw={"autocomplete": "off"})
    person = SelectField(_l("Person"), choices=[], default="")
    from_on = DanishDateField(_l("From"), [Optional()])
    until_on = DanishDateField(_l("Until"), [Optional()])
    event = SelectField(_l("What"), choices=[], default="")

    def offer(self, people: Iterable[PersonName], asked: Asked) -> None:
        """Fill the lists, and show what was asked for when the form was not sent."""
        self.person.choices = options(
            ((one.id, f"{one.name} ({one.unit})") for one in people), empty=_l("Everybody")
        )
        events = Access if asked.kind is LogKind.READINGS else Act
        told = sorted(((one.value, log_words(one)) for one in events), key=lambda one: one[1].casefold())
        self.event.choices = options(told, empty=_l("Everything"))
        if not self.is_submitted():
            self.person.data = str(asked.staff_id or "")
            self.from_on.data, self.until_on.data = asked.from_on, asked.until_on
            self.event.data = asked.event.value if asked.event else ""
