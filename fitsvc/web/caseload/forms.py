"""The search. Its words name a child, so they travel in the body of a POST and stand in no address and no log."""

from flask_babel import lazy_gettext as _l
from wtforms import SearchField
from wtforms.validators import InputRequired, Length

from fitsvc.web.forms import BaseForm

LONGEST_SEARCH = 40


class SearchForm(BaseForm):
    words = SearchField(
        _l("Reference or name"),
        [InputRequired(_l("Write the start of a reference, or part of a name.")), Length(max=LONGEST_SEARCH)],
        filters=[lambda sent: " ".join(sent.split()) if sent else sent],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_SEARCH},
    )
