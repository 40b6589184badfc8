"""The choice of an access request: for whom, with whose answers, and why somebody's are left out."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from fitsvc.domain.access_request import Recipient
from fitsvc.storage.respondents import Respondent
from fitsvc.web.form_pages import Required, one_of, optional_line, options
from fitsvc.web.forms import BaseForm, CheckboxesField
from fitsvc.web.words import rater_name

REASON_LENGTH = 400
RECIPIENTS = {
    Recipient.CHILD: _l("To the child or the young person"),
    Recipient.OTHER: _l("To a parent, or somebody else who acts for the child"),
}
RECIPIENT_HINTS = {
    Recipient.CHILD.value: _l(
        "Everything, also what only the practitioner sees otherwise: session ratings, answers kept from the meeting, "
        "and notes and wishes for oneself or the practitioner."
    ),
    Recipient.OTHER.value: _l(
        "Without what only the practitioner sees, and without notes and wishes that were not for everybody. Nothing in "
        "the copy shows whether there are any."
    ),
}


class AccessForm(BaseForm):
    recipient = RadioField(
        _l("Who is the copy for?"),
        validators=[Required()],
        choices=options(RECIPIENTS.items()),
        coerce=one_of(Recipient),
    )
    included = CheckboxesField(_l("Whose answers come along?"), choices=[], coerce=str)
    why = StringField(_l("Why is somebody left out?"), validators=optional_line(REASON_LENGTH))

    def offer(self, respondents: Sequence[Respondent]) -> None:
        """Everybody is ticked to begin with, but those who took their answers back."""
        self.included.choices = options((one.id, _name(one)) for one in respondents)
        if not self.is_submitted():
            self.included.data = [str(one.id) for one in respondents if one.withdrawn_at is None]

    def left_out(self, respondents: Sequence[Respondent]) -> frozenset[UUID]:
        ticked = set(self.included.data or ())
        return frozenset(one.id for one in respondents if str(one.id) not in ticked)


def _name(respondent: Respondent) -> str:
    told = f"{respondent.person.name}, {rater_name(respondent.rater_role, respondent.setting)}"
    if respondent.withdrawn_at is not None:
        return _("%(who)s. Took the answers back; they are still here until they are deleted.", who=told)
    return told
