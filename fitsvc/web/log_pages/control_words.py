"""Words for the codes of a control."""

from flask_babel import lazy_gettext as _l

from fitsvc.domain.log_control import ChosenFor, LogName, Verdict

CHOSEN_FOR = {
    ChosenFor.LOT: _l("Drawn by lot"),
    ChosenFor.OUT_OF_HOURS: _l("Outside working hours"),
    ChosenFor.MANY_CASES: _l("Many cases in one day"),
    ChosenFor.PROTECTED_CASE: _l("A protected case"),
    ChosenFor.EMERGENCY_ACCESS: _l("Opened in an emergency"),
}
VERDICTS = {
    Verdict.IN_ORDER: _l("In order"),
    Verdict.ASKED: _l("I have asked"),
    Verdict.NOT_IN_ORDER: _l("Not in order"),
}
LOGS = {LogName.ACCESS: _l("Readings"), LogName.AUDIT: _l("Changes")}
