"""Words for the domain's codes, wherever a staff page shows one."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fitsvc.domain.asking import Hindrance
from fitsvc.domain.follow_up import DeviationReason
from fitsvc.domain.instrument import Kind
from fitsvc.domain.law import LadderStep, MeasureType
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import AnswerKind, Mode
from fitsvc.domain.signal import SignalCode
from fitsvc.storage.events import EventKind

RATER_ROLES = {
    RaterRole.CHILD: _l("Child or young person"),
    RaterRole.PARENT: _l("Parent"),
    RaterRole.FOSTER_PARENT: _l("Foster parent"),
    RaterRole.TEACHER: _l("Teacher"),
    RaterRole.PEDAGOGUE: _l("Pedagogue"),
    RaterRole.HEALTH_VISITOR: _l("Health visitor"),
    RaterRole.PRACTITIONER: _l("Practitioner"),
    RaterRole.CASEWORKER: _l("Caseworker"),
}

MEASURE_TYPES = {
    MeasureType.EARLY_HELP_S30: _l("Early help (§ 30)"),
    MeasureType.PREVENTIVE: _l("Preventive measure"),
    MeasureType.INTENSIVE_PREVENTIVE: _l("Intensive preventive measure"),
    MeasureType.YOUTH_SUPPORT: _l("Youth support and after-care"),
    MeasureType.PLACEMENT_OWN_ROOM: _l("Placement: own room"),
    MeasureType.PLACEMENT_NETWORK: _l("Placement: network family"),
    MeasureType.PLACEMENT_FOSTER_FAMILY: _l("Placement: foster family"),
    MeasureType.PLACEMENT_INSTITUTION: _l("Placement: institution"),
}

LADDER_STEPS = {
    LadderStep.UNIVERSAL_SERVICES: _l("1 – Ordinary services"),
    LadderStep.EARLY_HELP: _l("2 – Early help"),
    LadderStep.HOME_BASED: _l("3 – Help at home"),
    LadderStep.NETWORK_CARE: _l("4 – Network family"),
    LadderStep.FOSTER_CARE: _l("5 – Foster family"),
    LadderStep.INSTITUTION: _l("6 – Institution"),
}

RHYTHMS = {
    Rhythm.EVERY_SESSION: _l("At every session"),
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.EVERY_TWO_WEEKS: _l("Every two weeks"),
    Rhythm.MONTHLY: _l("Every four weeks"),
    Rhythm.BEFORE_MEETING: _l("Before each follow-up meeting"),
}

FORM_KINDS = {
    Kind.WELLBEING: _l("Wellbeing"),
    Kind.TALK: _l("Form to talk from"),
    Kind.SESSION: _l("Session rating"),
    Kind.GOAL: _l("Goals"),
    Kind.SAFETY: _l("Safety"),
    Kind.RULER: _l("Five-step ruler"),
}

DEVIATION_REASONS = {
    DeviationReason.FAMILY_WISH: _l("The family wishes it"),
    DeviationReason.CHILD_EVERYDAY_LIFE: _l("The child's everyday life is to be left in peace"),
    DeviationReason.WORRY: _l("A worry calls for it now"),
    DeviationReason.CHANGE_OF_MEASURE: _l("The measure is changing"),
    DeviationReason.ABSENCE: _l("Illness or holiday"),
    DeviationReason.PARTICIPANTS: _l("Those who are needed cannot come that day"),
    DeviationReason.GOING_WELL: _l("Things go well and steadily"),
    DeviationReason.NO_RULE: _l("No cadence speaks of this measure"),
    DeviationReason.OTHER: _l("Another reason"),
}

SIGNALS = {
    SignalCode.NO_PROGRESSION_YET: _l("Too few ratings yet"),
    SignalCode.AS_EXPECTED: _l("As expected"),
    SignalCode.WATCH: _l("Keep an eye"),
    SignalCode.BELOW_EXPECTED: _l("Below expected"),
}


MODES = {
    Mode.OWN_DEVICE: _l("on own device"),
    Mode.HANDED_OVER: _l("on a handed-over device"),
    Mode.PAPER: _l("on paper"),
    Mode.READ_ALOUD: _l("read aloud"),
    Mode.HELPER_PRESENT: _l("with a helper"),
}

ANSWER_KINDS = {
    AnswerKind.BLANK: _l("left blank"),
    AnswerKind.SKIPPED: _l("skipped"),
    AnswerKind.CANNOT_SEE: _l("cannot see"),
}

EVENT_KINDS = {
    EventKind.SCHOOL: _l("School"),
    EventKind.HOME: _l("Home"),
    EventKind.FAMILY: _l("Family"),
    EventKind.MEASURE: _l("Measure"),
    EventKind.OTHER: _l("Other"),
}

HINDRANCES = {
    Hindrance.CASE_CLOSED: _l("The case is closed. Nobody is asked any more."),
    Hindrance.RESPONDENT_ENDED: _l("This person no longer takes part."),
    Hindrance.SHARING_NOT_RECORDED: _l(
        "No form and no link yet: first write on what basis this person takes part, how far the sharing goes, "
        "since when, and when the family was told."
    ),
    Hindrance.NO_CUSTODY: _l(
        "A parent without custody gets no form and no link by default: the answers belong to a case in which they "
        "have no say. If they are asked after all, write the reason first."
    ),
}


def rater_name(role: RaterRole, setting: str = "") -> str:
    """A respondent as lists call them: the role, and where they see the child when staff have written that."""
    return f"{RATER_ROLES[role]} ({setting})" if setting else str(RATER_ROLES[role])


def days_until(on: date, today: date) -> str:
    """How far off a day is, such as "in 3 days" or "2 days ago"."""
    days = (on - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    return ngettext("%(num)d day ago", "%(num)d days ago", -days)
