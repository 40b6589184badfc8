"""What the family takes along, and when they are asked again."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from fitsvc.services.invalid import LONG_TEXT
from fitsvc.web.form_pages import optional_line
from fitsvc.web.forms import BaseForm


class TakenAlongForm(BaseForm):
    """Both texts, each with the version its writer saw, so that nobody overwrites somebody else unseen."""

    helped = TextAreaField(
        _l("What helped?"),
        optional_line(LONG_TEXT),
        description=_l("In the family's own words: what they did themselves, and what others did."),
    )
    helped_version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    if_harder = TextAreaField(
        _l("If it gets harder again"),
        optional_line(LONG_TEXT),
        description=_l("What are the first signs? What can each of you do, and whom do you call?"),
    )
    if_harder_version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
