"""The report's words: raters as one speaks of them, sentences for change, and text cut to its room."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.report_lines import Rater, VoiceLine
from fitsvc.web.templates import points
from fitsvc.web.words import RATER_ROLES, rater_name

TEENAGER_FROM = 13
BRIEF_ROOM = 26
SETTING_ROOM = 24
SHORTEST_SETTING = 11
LONGEST_LOSS = 15
"""Characters. A cut between words that would lose more is made within the word: Danish words are long."""

_SPOKEN = {
    RaterRole.PARENT: _l("the parent"),
    RaterRole.FOSTER_PARENT: _l("the foster parent"),
    RaterRole.TEACHER: _l("the teacher"),
    RaterRole.PEDAGOGUE: _l("the pedagogue"),
    RaterRole.HEALTH_VISITOR: _l("the health visitor"),
    RaterRole.PRACTITIONER: _l("the practitioner"),
    RaterRole.CASEWORKER: _l("the caseworker"),
}

_CHANGES = {
    ChangeClass.RECOVERED: _l("sure change"),
    ChangeClass.IMPROVED: _l("sure change"),
    ChangeClass.DETERIORATED: _l("sure change"),
    ChangeClass.UNCHANGED: _l("may be chance"),
}


def rater_words(rater: Rater) -> str:
    """As tables call a rater: the role, a number when needed, the setting."""
    name = str(RATER_ROLES[rater.role])
    if not rater.number:
        return rater_name(rater.role, rater.setting)
    return f"{name} {rater.number} ({rater.setting})" if rater.setting else f"{name} {rater.number}"


def rater_in_brief(rater: Rater) -> str:
    """As lists call a rater: without the setting where the role says enough, cut where it does not."""
    role = str(RATER_ROLES[rater.role])
    if rater.number:
        return f"{role} {rater.number}"
    if rater.is_only or not rater.setting:
        return role
    return f"{role} ({_without_middle(rater.setting, max(BRIEF_ROOM - len(role) - 3, SHORTEST_SETTING))})"


def spoken(rater: Rater, age_years: int) -> str:
    """As one speaks of a rater at the table: "the child", "the teacher"; with the setting where there are several."""
    if rater.role is RaterRole.CHILD:
        return _("the young person") if age_years >= TEENAGER_FROM else _("the child")
    name = str(_SPOKEN[rater.role])
    if rater.number:
        return f"{name} {rater.number}"
    return (
        f"{name} ({_without_middle(rater.setting, SETTING_ROOM)})"
        if rater.setting and not rater.is_only
        else name
    )


def _without_middle(setting: str, room: int) -> str:
    """A long setting without its middle: of two classes at one school, the ends tell which is which."""
    setting = " ".join(setting.split())
    if len(setting) <= room:
        return setting
    half = (room - 1) // 2
    return f"{setting[:half].rstrip()}…{setting[-half:].lstrip()}"


def change_words(voice: VoiceLine) -> str:
    """The change since the start and whether it is more than chance, in a few words."""
    if voice.change is None:
        return ""
    size = points(abs(voice.change))
    if round(abs(voice.change), 1) == 0:
        return _("no change")
    moved = _("%(points)s up", points=size) if voice.change > 0 else _("%(points)s down", points=size)
    sure = _CHANGES.get(voice.change_class)
    return f"{moved}, {sure}" if sure is not None else moved


def cut(text: str, room: int) -> str:
    """The text in at most `room` characters, cut between words, with an ellipsis when something is left out."""
    text = " ".join(text.split())
    if len(text) <= room:
        return text
    head = text[:room]
    between = head.rfind(" ")
    kept = head[:between] if between >= room - LONGEST_LOSS else head[: room - 1]
    return kept.rstrip(" ,.;:–-") + "…"


def capital(sentence: str) -> str:
    """With a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
