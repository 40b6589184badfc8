"""The one source of neutral questions: who sees an area how, and a question that blames nobody."""

from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fitsvc.domain.agenda import Question, Seen
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import Rater
from fitsvc.web.curves import listed
from fitsvc.web.documents.words import capital, spoken
from fitsvc.web.templates import points

_BOTH = {
    RaterRole.PARENT: _l("both parents"),
    RaterRole.FOSTER_PARENT: _l("both foster parents"),
    RaterRole.TEACHER: _l("both teachers"),
    RaterRole.PEDAGOGUE: _l("both pedagogues"),
    RaterRole.HEALTH_VISITOR: _l("both health visitors"),
    RaterRole.PRACTITIONER: _l("both practitioners"),
    RaterRole.CASEWORKER: _l("both caseworkers"),
}
_ALL = {
    RaterRole.PARENT: _l("all parents"),
    RaterRole.FOSTER_PARENT: _l("all foster parents"),
    RaterRole.TEACHER: _l("all teachers"),
    RaterRole.PEDAGOGUE: _l("all pedagogues"),
    RaterRole.HEALTH_VISITOR: _l("all health visitors"),
    RaterRole.PRACTITIONER: _l("all practitioners"),
    RaterRole.CASEWORKER: _l("all caseworkers"),
}


def question_words(question: Question, age_years: int) -> str:
    """ "The parent sees 3, both teachers see 8: what does each of you see?" The area stands before it on the page."""
    told = _(
        "%(one)s, %(other)s: what does each of you see?",
        one=seen_words(question.low, age_years),
        other=seen_words(question.high, age_years),
    )
    return capital(told)


def seen_words(seen: Seen, age_years: int) -> str:
    """ "the teacher sees 8", "both parents see 3", "the child and the parent see 1"."""
    return ngettext(
        "%(who)s sees %(value)s",
        "%(who)s see %(value)s",
        len(seen.raters),
        who=_who(seen, age_years),
        value=points(seen.value),
    )


def _who(seen: Seen, age_years: int) -> str:
    """Role by role: "the child and both parents", one by one where not all of a role see it that way."""
    told = []
    for role, group in groupby(seen.raters, key=lambda one: one.role):
        raters = list(group)
        if role in seen.whole_roles and role in _BOTH and len(raters) > 1:
            told.append(str(_BOTH[role] if len(raters) == 2 else _ALL[role]))
        else:
            told += [spoken(one, age_years) for one in raters]
    return listed(told)


def raters_spoken(raters: tuple[Rater, ...], age_years: int) -> str:
    return listed([spoken(one, age_years) for one in raters])


def points_words(size: float) -> str:
    """ "1 point", "1.5 points": one only where the page writes 1."""
    number = points(abs(size))
    return ngettext("%(points)s point", "%(points)s points", 1 if number == "1" else 2, points=number)
