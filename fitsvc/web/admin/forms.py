"""The administration's forms."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from fitsvc.domain.roles import Role
from fitsvc.services.case_teams import ROLE_FOR
from fitsvc.services.invalid import SHORT_TEXT
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.organisation import UnitKind
from fitsvc.web.forms import BaseForm, CheckboxesField, DanishDateField, choices_of
from fitsvc.web.staff_words import ROLE_NAMES, TEAM_PARTS, UNIT_KINDS


def _uuid(sent: str | UUID | None) -> UUID | None:
    return sent if isinstance(sent, UUID) else UUID(sent) if sent else None


_PARTS = {part: words for part, words in TEAM_PARTS.items() if part in ROLE_FOR}


class UnitForm(BaseForm):
    name = StringField(_l("The unit's name"), [InputRequired(), Length(max=SHORT_TEXT)])
    kind = RadioField(
        _l("What it is"),
        [InputRequired()],
        choices=choices_of(UNIT_KINDS),
        coerce=UnitKind,
        default=UnitKind.PROVIDER,
    )


class RenameForm(BaseForm):
    name = StringField(_l("The unit's name"), [InputRequired(), Length(max=SHORT_TEXT)])


class StaffForm(BaseForm):
    name = StringField(
        _l("Name"), [InputRequired(), Length(max=SHORT_TEXT)], render_kw={"autocomplete": "off"}
    )
    email = EmailField(
        _l("Work e-mail"), [InputRequired(), Length(max=255), Email()], render_kw={"autocomplete": "off"}
    )
    unit_id = SelectField(_l("Unit"), [InputRequired()], coerce=_uuid)
    roles = CheckboxesField(_l("Roles"), choices=choices_of(ROLE_NAMES), coerce=Role)


class StaffChangeForm(StaffForm):
    active = BooleanField(_l("The account is active"))


class ReferenceForm(BaseForm):
    reference = StringField(
        _l("The case's reference"), [InputRequired(), Length(max=40)], render_kw={"autocomplete": "off"}
    )


class MemberForm(BaseForm):
    staff_id = SelectField(_l("Person"), [InputRequired()], coerce=_uuid)
    part = RadioField(_l("Part"), [InputRequired()], choices=choices_of(_PARTS), coerce=TeamPart)
    from_on = DanishDateField(_l("From"), [InputRequired()])


class HandOverForm(BaseForm):
    giver_id = SelectField(_l("From"), [InputRequired()], coerce=_uuid)
    receiver_id = SelectField(_l("To"), [InputRequired()], coerce=_uuid)
    reference = StringField(
        _l("Only this case (reference)"), [Length(max=40)], render_kw={"autocomplete": "off"}
    )
    expected = HiddenField()
