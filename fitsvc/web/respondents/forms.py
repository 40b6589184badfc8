"""The forms of respondents: who they are, what they are asked, and a link now."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.services.invalid import LONG_TEXT, SHORT_TEXT
from fitsvc.services.respondents import Basis, Contact
from fitsvc.web.form_pages import KeyedForm, Required, line, one_of, optional_line, options
from fitsvc.web.forms import BaseForm, DanishDateField, DanishDecimalField
from fitsvc.web.words import RATER_ROLES, RHYTHMS

LANGUAGES = [("da", _l("Danish")), ("en", _l("English"))]
CUSTODY = [("yes", _l("Yes")), ("no", _l("No"))]


def yes_or_no(value: str) -> bool:
    if value in ("True", "False"):  # as a stored value comes
        return value == "True"
    if value not in ("yes", "no"):
        raise ValueError(value)
    return value == "yes"


class PersonForm(BaseForm):
    """What is known about a respondent; shared by adding and editing."""

    name = StringField(
        _l("Name or initials"), line(SHORT_TEXT), description=_l("For staff only; never on the form.")
    )
    email = StringField(
        _l("E-mail"), optional_line(255), render_kw={"inputmode": "email", "autocomplete": "off"}
    )
    phone = StringField(
        _l("Telephone"), [Length(max=40)], render_kw={"inputmode": "tel", "autocomplete": "off"}
    )
    language = SelectField(
        _l("Language of the forms"), [Required()], choices=options(LANGUAGES), default="da"
    )
    setting = StringField(
        _l("Where do they see the child?"),
        optional_line(SHORT_TEXT),
        description=_l("Such as: 3.b, at home, the football club."),
    )
    has_custody = SelectField(
        _l("Has custody (parents only)"),
        [Optional()],
        coerce=one_of(yes_or_no),
        choices=options(CUSTODY, empty=_l("Not a parent")),
        description=_l(
            "Each parent with custody is a respondent. Without custody nobody is asked by default."
        ),
    )
    label = StringField(
        _l("Label on the form"),
        optional_line(SHORT_TEXT),
        description=_l(
            "Tells an adult which child it is about, such as the child's first letter. Anybody with the link sees "
            "it. The child itself has none."
        ),
    )
    basis = TextAreaField(
        _l("Basis or reason"),
        optional_line(LONG_TEXT),
        description=_l(
            "The paragraph or agreement; for a parent without custody, why they are asked after all."
        ),
    )
    sharing_scope = TextAreaField(
        _l("How far it goes"),
        optional_line(LONG_TEXT),
        description=_l("What is shared and with whom, such as: the teacher's own answers, seen by the team."),
    )
    decided_on = DanishDateField(_l("Decided on"), [Optional()])
    family_told_on = DanishDateField(
        _l("The family was told on"),
        [Optional()],
        description=_l(
            "The day the child and those with custody were told that this person will be asked, what about, and who "
            "sees the answers. Nobody is asked before that."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A basis has all of its four parts or none."""
        is_valid = bool(super().validate(extra_validators))
        parts = (self.basis, self.sharing_scope, self.decided_on, self.family_told_on)
        if not any(part.data for part in parts):
            return is_valid
        for part in parts:
            if not part.data and not part.errors:
                part.errors = [_("Basis, reach and both dates belong together. Fill in all four.")]
                is_valid = False
        return is_valid

    @property
    def contact(self) -> Contact:
        return Contact(self.name.data, self.email.data or "", self.phone.data or "", self.language.data)

    @property
    def given_basis(self) -> Basis | None:
        if not self.basis.data:
            return None
        return Basis(self.basis.data, self.sharing_scope.data, self.decided_on.data, self.family_told_on.data)


class AddRespondentForm(KeyedForm, PersonForm):
    role = SelectField(
        _l("Role"),
        [Required()],
        coerce=one_of(RaterRole),
        choices=options(RATER_ROLES.items(), empty=_l("Choose")),
    )
    person_id = HiddenField()

    @property
    def known_person_id(self) -> UUID | None:
        """Somebody who already rates in another case, when one was chosen."""
        try:
            return UUID(self.person_id.data)
        except (TypeError, ValueError):
            return None


class EditRespondentForm(PersonForm):
    ended_on = DanishDateField(
        _l("No longer takes part from"),
        [Optional()],
        description=_l("Forms and rhythm end too. What was answered stays."),
    )


class FindPersonForm(BaseForm):
    name_part = StringField(_l("Part of the name"), [Length(max=SHORT_TEXT)])


class PlanForm(KeyedForm):
    instrument_id = RadioField(_l("Form"), [Required()])
    against_age = TextAreaField(
        _l("Reason for a form meant for another age"),
        optional_line(LONG_TEXT),
        description=_l("Only when you choose one of those. The reason is kept with the series."),
    )
    rhythm = SelectField(
        _l("How often"),
        [Required()],
        coerce=one_of(Rhythm),
        choices=options(RHYTHMS.items(), empty=_l("Choose")),
    )
    purpose = TextAreaField(
        _l("Why it is collected"),
        line(LONG_TEXT),
        description=_l("Only what helps in this case may be collected."),
    )
    target_score = DanishDecimalField(
        _l("Target score"),
        [Optional()],
        description=_l("The level agreed to be good enough to talk about ending. Forms with a score only."),
    )
    starts_on = DanishDateField(_l("From"), [Required()])
    replaces = HiddenField()

    @property
    def replaced_plan_id(self) -> UUID | None:
        try:
            return UUID(self.replaces.data)
        except (TypeError, ValueError):
            return None


class LinkForm(BaseForm):
    instrument_id = RadioField(_l("Form"), [Required()])
    label = StringField(
        _l("Label on the form"),
        optional_line(SHORT_TEXT),
        description=_l("So that nobody rates the wrong child. Choose something only they understand."),
    )
