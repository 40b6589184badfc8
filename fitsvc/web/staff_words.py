"""Words for the codes of staff, units, teams and logs."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role, Scope
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.organisation import UnitKind

ROLE_NAMES = {
    Role.PRACTITIONER: _l("Practitioner"),
    Role.CASEWORKER: _l("Caseworker"),
    Role.AUTHORITY_LEADER: _l("Leader, authority"),
    Role.PROVIDER_LEADER: _l("Leader, provider"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Data protection officer"),
}

ROLE_SEES = {
    Role.PRACTITIONER: _l(
        "Sees the cases they work on, with the session ratings. Runs sessions and sends links."
    ),
    Role.CASEWORKER: _l("Sees the cases they own, without session ratings. Opens cases and plans follow-up."),
    Role.AUTHORITY_LEADER: _l("Sees every case of the kommune, without session ratings. Hands cases over."),
    Role.PROVIDER_LEADER: _l(
        "Sees cases with an episode in their own unit, without session ratings. Hands the unit's cases over."
    ),
    Role.ADMINISTRATOR: _l("Sees no case contents. Manages units, staff, roles and case teams by reference."),
    Role.AUDITOR: _l("Sees no case contents. Reads who looked at what and who changed what."),
}

SCOPE_NAMES = {
    Scope.OWN_CASES: _l("Own cases"),
    Scope.OWN_UNIT: _l("Cases with an episode in their own unit"),
    Scope.KOMMUNE: _l("Every case of the kommune"),
    Scope.NONE: _l("No case contents"),
}

PERMISSION_NAMES = {
    Permission.SEE_CASES: _l("See cases and curves"),
    Permission.SEE_SESSION_RATINGS: _l("See session ratings"),
    Permission.OPEN_CASE: _l("Open a case"),
    Permission.PLAN_RATINGS: _l("Add respondents, choose forms and send links"),
    Permission.RUN_SESSION: _l("Run a session"),
    Permission.RECORD_PROGRESS: _l("Record goals, numbers, events and next steps"),
    Permission.PLAN_MEETING: _l("Plan meetings and agree expectations"),
    Permission.APPROVE_FEWER: _l("Approve fewer follow-ups than the standard"),
    Permission.BRING_SESSION_RATINGS: _l("Bring session ratings to a meeting when the family chooses to"),
    Permission.PRINT_REPORT: _l("Print the page for the meeting"),
    Permission.SEE_FIGURES: _l("See the key figures of follow-up"),
    Permission.HAND_OVER_CASES: _l("Hand cases over"),
    Permission.NAME_SUBSTITUTES: _l("Name a substitute for a holiday"),
    Permission.MANAGE_PEOPLE: _l("Manage units, staff, roles and case teams"),
    Permission.MANAGE_FOLLOW_UP: _l("Add standards and set the days for follow-up"),
    Permission.READ_LOG: _l("Read the log"),
    Permission.CONTROL_LOG: _l("Control who has looked, and give a citizen the copy"),
    Permission.SEE_NOTICES: _l("Be told of new roles and unusual access"),
    Permission.OPEN_IN_EMERGENCY: _l("Open a case in an emergency, with a reason"),
    Permission.PROTECT_CASES: _l("Protect a case, so that only named people see it"),
    Permission.SHARE_SESSION_RATINGS: _l("Share session ratings with the provider's leader for a time"),
    Permission.GIVE_ACCESS: _l("Give a child or parent everything that is kept"),
    Permission.MANAGE_RETENTION: _l("Confirm the journal's copy and see what is deleted when"),
}

UNIT_KINDS = {
    UnitKind.AUTHORITY: _l("Authority"),
    UnitKind.PROVIDER: _l("The kommune's own provider"),
    UnitKind.EXTERNAL_PROVIDER: _l("External provider"),
}

TEAM_PARTS = {
    TeamPart.CASEWORKER: _l("Caseworker"),
    TeamPart.PRACTITIONER: _l("Practitioner"),
    TeamPart.NAMED: _l("Named reader"),
}

_PASSWORD_PROBLEMS = {
    "wrong_password": _l("This is not your password."),
    "password_too_short": _l(
        "Use at least 12 characters. Three or four words in a row are easy to remember."
    ),
    "password_too_long": _l("Use at most 200 characters."),
    "password_guessable": _l(
        "This is easy to guess. Use three or four words that have nothing to do with you."
    ),
    "password_unchanged": _l("This is the password you have now. Choose another."),
    "pin_not_digits": _l("A PIN is 4 to 8 digits."),
    "pin_guessable": _l("This PIN is easy to guess. Choose digits that are not in a row or the same."),
}


def role_name(role: Role) -> str:
    return str(ROLE_NAMES[role])


def role_sees(role: Role) -> str:
    return str(ROLE_SEES[role])


def password_problem(code: str) -> str:
    return str(_PASSWORD_PROBLEMS.get(code) or _("This cannot be used. Choose another."))
