"""The search. Its words name a child, so they travel in the body of a POST and stand in no address and no log."""

from flask_babel import lazy_gettext as _l
from wtforms import SearchField
from wtforms.validators import DataRequired, Length

from fitsvc.web.forms import BaseForm

LONGEST_SEARCH = 40


def _plain(sent: str | None) -> str:
    """The words alone: single blanks, nothing that cannot be seen."""
    return " ".join("".join(one for one in sent or "" if one.isprintable()).split())


class SearchForm(BaseForm):
    words = SearchField(
        _l("Reference or name"),
        [DataRequired(_l("Write the start of a reference, or part of a name.")), Length(max=LONGEST_SEARCH)],
        filters=[_plain],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_SEARCH},
    )
