"""What each staff role may do. One line per permission; the register in `web.access` names one for every route."""

from collections.abc import Iterable
from enum import StrEnum

from fitsvc.domain.roles import Role


class Permission(StrEnum):
    SEE_CASES = "see_cases"
    SEE_SESSION_RATINGS = "see_session_ratings"
    OPEN_CASE = "open_case"
    PLAN_RATINGS = "plan_ratings"  # respondents, forms, rhythm, links, paper ratings
    RUN_SESSION = "run_session"
    RECORD_PROGRESS = "record_progress"  # goals, external values, events, next steps
    PLAN_MEETING = "plan_meeting"  # meeting dates, agenda, minutes, agreed expectations
    APPROVE_FEWER = "approve_fewer"  # fewer follow-ups than the standard
    BRING_SESSION_RATINGS = "bring_session_ratings"  # to a meeting, because the family wants to
    PRINT_REPORT = "print_report"
    SEE_FIGURES = "see_figures"  # of units, never of workers
    HAND_OVER_CASES = "hand_over_cases"
    NAME_SUBSTITUTES = "name_substitutes"  # for oneself; who hands over cases, also for others
    MANAGE_PEOPLE = "manage_people"  # units, staff, roles, case teams by reference
    MANAGE_FOLLOW_UP = "manage_follow_up"  # the kommune's own standards and its settings for follow-up
    READ_LOG = "read_log"
    CONTROL_LOG = "control_log"  # the monthly sample, its verdicts, and the citizen's copy
    SEE_NOTICES = "see_notices"  # what leaders are told of
    OPEN_IN_EMERGENCY = (
        "open_in_emergency"  # one case outside one's own for the rest of the day, with a reason
    )
    PROTECT_CASES = "protect_cases"  # only named people see it
    SHARE_SESSION_RATINGS = "share_session_ratings"  # with the provider's leader, for a time
    GIVE_ACCESS = "give_access"  # access request: everything about one child
    MANAGE_RETENTION = "manage_retention"  # confirm the journal's copy; see what will be and was deleted


_ANYONE_ON_THE_CASE = frozenset({Role.PRACTITIONER, Role.CASEWORKER})
_CASE_READERS = _ANYONE_ON_THE_CASE | {Role.PROVIDER_LEADER, Role.AUTHORITY_LEADER}

GRANTED_TO: dict[Permission, frozenset[Role]] = {
    Permission.SEE_CASES: _CASE_READERS,
    Permission.SEE_SESSION_RATINGS: frozenset({Role.PRACTITIONER}),
    Permission.OPEN_CASE: frozenset({Role.CASEWORKER, Role.AUTHORITY_LEADER}),
    Permission.PLAN_RATINGS: _ANYONE_ON_THE_CASE,
    Permission.RUN_SESSION: frozenset({Role.PRACTITIONER}),
    Permission.RECORD_PROGRESS: _ANYONE_ON_THE_CASE,
    Permission.PLAN_MEETING: _ANYONE_ON_THE_CASE,
    Permission.APPROVE_FEWER: frozenset({Role.AUTHORITY_LEADER}),
    Permission.BRING_SESSION_RATINGS: frozenset({Role.PRACTITIONER}),
    Permission.PRINT_REPORT: _CASE_READERS,
    Permission.SEE_FIGURES: frozenset({Role.AUTHORITY_LEADER, Role.PROVIDER_LEADER}),
    Permission.HAND_OVER_CASES: frozenset({Role.AUTHORITY_LEADER, Role.PROVIDER_LEADER, Role.ADMINISTRATOR}),
    Permission.NAME_SUBSTITUTES: _CASE_READERS | {Role.ADMINISTRATOR},
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Permission.MANAGE_FOLLOW_UP: frozenset({Role.ADMINISTRATOR}),
    Permission.READ_LOG: frozenset({Role.AUDITOR}),
    Permission.CONTROL_LOG: frozenset({Role.AUDITOR}),
    Permission.SEE_NOTICES: frozenset({Role.AUTHORITY_LEADER, Role.PROVIDER_LEADER}),
    Permission.OPEN_IN_EMERGENCY: frozenset({Role.CASEWORKER, Role.AUTHORITY_LEADER}),
    Permission.PROTECT_CASES: frozenset({Role.AUTHORITY_LEADER}),
    Permission.SHARE_SESSION_RATINGS: frozenset({Role.PRACTITIONER}),
    Permission.GIVE_ACCESS: frozenset({Role.CASEWORKER, Role.AUTHORITY_LEADER}),
    Permission.MANAGE_RETENTION: frozenset({Role.CASEWORKER, Role.AUTHORITY_LEADER}),
}


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of the roles carries the permission. Which cases it reaches is the scope's business."""
    return not GRANTED_TO[permission].isdisjoint(roles)
