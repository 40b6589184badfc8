"""The names of what is written to the access log and the audit log, and the details told of each act.

A name or a detail not listed here cannot be written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """Reading: who looked at which case."""

    TODAY_LISTED = "today_listed"
    CASELOAD_LISTED = "caseload_listed"
    CASE_READ = "case_read"
    SESSION_READ = "session_read"
    REPORT_READ = "report_read"
    REPORT_PRINTED = "report_printed"
    LINK_SHOWN = "link_shown"
    PREPARATION_READ = "preparation_read"
    MEETING_READ = "meeting_read"
    FROZEN_REPORT_READ = "frozen_report_read"
    EXPORT_TAKEN = "export_taken"
    FIGURES_READ = "figures_read"
    DEVIATIONS_LISTED = "deviations_listed"
    NOTICES_READ = "notices_read"
    LOG_READ = "log_read"
    TEAM_READ = "team_read"
    RETENTION_LISTED = "retention_listed"
    EVERYTHING_READ = "everything_read"
    CITIZEN_COPY_MADE = "citizen_copy_made"
    LOG_EXPORTED = "log_exported"


class Act(StrEnum):
    """Changing: what was done, by whom, to which case."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_INS_ENDED = "sign_ins_ended"
    EMERGENCY_PASS_MADE = "emergency_pass_made"  # noqa: S105  a word, no secret
    EMERGENCY_PASS_USED = "emergency_pass_used"  # noqa: S105  a word, no secret
    INVITATION_MADE = "invitation_made"
    RESET_MAILED = "reset_mailed"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105  a word, no secret
    ADDRESS_CHANGE_ASKED = "address_change_asked"
    ADDRESS_CHANGED = "address_changed"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_DROPPED = "second_factor_dropped"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    CONFIRMATION_REFUSED = "confirmation_refused"
    PIN_SET = "pin_set"
    DEVICE_LOCKED = "device_locked"
    DEVICE_UNLOCKED = "device_unlocked"
    UNIT_CREATED = "unit_created"
    UNIT_CHANGED = "unit_changed"
    STAFF_CREATED = "staff_created"
    STAFF_CHANGED = "staff_changed"
    ROLE_GRANTED = "role_granted"
    ROLE_TAKEN = "role_taken"
    TEAM_CHANGED = "team_changed"
    CASES_HANDED_OVER = "cases_handed_over"
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    EPISODE_STARTED = "episode_started"
    EPISODE_ENDED = "episode_ended"
    RESPONDENT_ADDED = "respondent_added"
    RESPONDENT_CHANGED = "respondent_changed"
    SHARING_RECORDED = "sharing_recorded"
    PLAN_CHANGED = "plan_changed"
    LINK_CREATED = "link_created"
    LINK_CANCELLED = "link_cancelled"
    RATING_SUBMITTED = "rating_submitted"
    RATING_CORRECTED = "rating_corrected"
    PAPER_RATING_ENTERED = "paper_rating_entered"
    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    COMMENT_MARKED_READ = "comment_marked_read"
    GOAL_SET = "goal_set"
    GOAL_CLOSED = "goal_closed"
    EXTERNAL_SERIES_ADDED = "external_series_added"
    EXTERNAL_VALUE_ENTERED = "external_value_entered"
    EVENT_RECORDED = "event_recorded"
    MEETING_PLANNED = "meeting_planned"
    MEETING_MOVED = "meeting_moved"
    MEETING_HELD = "meeting_held"
    MEETING_CANCELLED = "meeting_cancelled"
    DEVIATION_NOTED = "deviation_noted"
    DEVIATION_ANSWERED = "deviation_answered"
    STANDARD_ADDED = "standard_added"
    STANDARD_RETIRED = "standard_retired"
    FOLLOW_UP_SETTINGS_CHANGED = "follow_up_settings_changed"
    RATINGS_ASKED_FOR_MEETING = "ratings_asked_for_meeting"
    GOAL_STATUS_WRITTEN = "goal_status_written"
    CALENDAR_FEED_MADE = "calendar_feed_made"
    CALENDAR_FEED_REVOKED = "calendar_feed_revoked"
    AGENDA_CHANGED = "agenda_changed"
    MINUTE_WRITTEN = "minute_written"
    AGREEMENT_MADE = "agreement_made"
    AGREEMENT_CHANGED = "agreement_changed"
    SESSION_RATINGS_BROUGHT = "session_ratings_brought"
    SESSION_RATINGS_TAKEN_BACK = "session_ratings_taken_back"
    RATING_AFTER_END_PLANNED = "rating_after_end_planned"
    RATING_AFTER_END_CANCELLED = "rating_after_end_cancelled"
    REPORT_FROZEN = "report_frozen"
    REPORT_LOCKED = "report_locked"
    RESPONDENT_WITHDRAWN = "respondent_withdrawn"
    WITHDRAWAL_UNDONE = "withdrawal_undone"
    RETENTION_CHANGED = "retention_changed"
    JOURNAL_CONFIRMED = "journal_confirmed"
    JOURNAL_UNCONFIRMED = "journal_unconfirmed"
    CASE_DELETED = "case_deleted"
    RESPONDENT_DELETED = "respondent_deleted"
    CONTACTS_DELETED = "contacts_deleted"
    OWN_CURVE_SWITCHED = "own_curve_switched"
    OWN_CURVE_OPENED = "own_curve_opened"
    POINT_NOTE_WRITTEN = "point_note_written"
    EXPECTATION_AGREED = "expectation_agreed"
    SIGNAL_ANSWERED = "signal_answered"
    RATINGS_IMPORTED = "ratings_imported"
    ACCESS_GIVEN = "access_given"
    LOG_CONTROL_BEGUN = "log_control_begun"
    LOG_CONTROL_JUDGED = "log_control_judged"
    LOG_CONTROL_FINISHED = "log_control_finished"
    CASE_PROTECTED = "case_protected"
    CASE_UNPROTECTED = "case_unprotected"
    SUBSTITUTE_NAMED = "substitute_named"
    SUBSTITUTE_ENDED = "substitute_ended"
    EMERGENCY_OPENED = "emergency_opened"
    EMERGENCY_REFUSED = "emergency_refused"
    SESSION_RATINGS_SHARED = "session_ratings_shared"
    SESSION_SHARING_ENDED = "session_sharing_ended"
    NOTICE_SEEN = "notice_seen"
    LOG_PRUNED = "log_pruned"


@dataclass(frozen=True, slots=True)
class Fields:
    """The details an act is written with: `needed` always, `possible` besides."""

    needed: frozenset[str]
    possible: frozenset[str]


def fields(*names: str) -> Fields:
    """Names of details; one that ends in "?" may be left out."""
    return Fields(
        frozenset(name for name in names if not name.endswith("?")),
        frozenset(name.rstrip("?") for name in names),
    )


FIELDS: dict[Act, Fields] = {
    Act.SIGNED_IN: fields("by?"),
    Act.SIGNED_OUT: fields(),
    Act.SIGN_IN_REFUSED: fields("account", "reason?"),
    Act.SIGN_INS_ENDED: fields("staff", "number", "by?"),
    Act.EMERGENCY_PASS_MADE: fields("staff"),
    Act.EMERGENCY_PASS_USED: fields(),
    Act.INVITATION_MADE: fields("staff"),
    Act.RESET_MAILED: fields("staff"),
    Act.PASSWORD_CHOSEN: fields("staff", "by"),
    Act.ADDRESS_CHANGE_ASKED: fields("staff"),
    Act.ADDRESS_CHANGED: fields("staff"),
    Act.SECOND_FACTOR_REFUSED: fields("way"),
    Act.SECOND_FACTOR_SET: fields("way"),
    Act.SECOND_FACTOR_DROPPED: fields("way"),
    Act.SECOND_FACTOR_REMOVED: fields("staff"),
    Act.RECOVERY_CODES_MADE: fields(),
    Act.RECOVERY_CODE_USED: fields("left"),
    Act.CONFIRMATION_REFUSED: fields(),
    Act.PIN_SET: fields(),
    Act.DEVICE_LOCKED: fields("administration"),
    Act.DEVICE_UNLOCKED: fields("handover", "signed_out?"),
    Act.UNIT_CREATED: fields("unit", "kind?"),
    Act.UNIT_CHANGED: fields("unit", "changed"),
    Act.STAFF_CREATED: fields("staff", "roles?", "by?"),
    Act.STAFF_CHANGED: fields("staff", "changed", "by?"),
    Act.ROLE_GRANTED: fields("staff", "role", "by?"),
    Act.ROLE_TAKEN: fields("staff", "role", "by?"),
    Act.TEAM_CHANGED: fields("added?", "removed?", "part"),
    Act.CASES_HANDED_OVER: fields("giver", "receiver", "number"),
    Act.CASE_OPENED: fields("caseworker"),
    Act.CASE_CLOSED: fields(),
    Act.EPISODE_STARTED: fields("episode", "joined", "first_meeting"),
    Act.EPISODE_ENDED: fields("episode", "left"),
    Act.RESPONDENT_ADDED: fields("respondent"),
    Act.RESPONDENT_CHANGED: fields("respondent", "ended"),
    Act.SHARING_RECORDED: fields("respondent"),
    Act.PLAN_CHANGED: fields("respondent", "plan", "instrument", "ended"),
    Act.LINK_CREATED: fields("link_id", "administration_id"),
    Act.LINK_CANCELLED: fields("link_id", "administration_id"),
    Act.RATING_SUBMITTED: fields("rating_id"),
    Act.RATING_CORRECTED: fields("rating_id", "supersedes"),
    Act.PAPER_RATING_ENTERED: fields("rating_id"),
    Act.SESSION_STARTED: fields("care_session"),
    Act.SESSION_ENDED: fields("care_session"),
    Act.COMMENT_MARKED_READ: fields("rating"),
    Act.GOAL_SET: fields("goal"),
    Act.GOAL_CLOSED: fields("goal", "reached"),
    Act.EXTERNAL_SERIES_ADDED: fields("series"),
    Act.EXTERNAL_VALUE_ENTERED: fields("series", "value", "replaced"),
    Act.EVENT_RECORDED: fields("event"),
    Act.MEETING_PLANNED: fields("meeting", "by_cadence"),
    Act.MEETING_MOVED: fields("meeting", "moved_from", "moved_to"),
    Act.MEETING_HELD: fields("meeting"),
    Act.MEETING_CANCELLED: fields("meeting"),
    Act.DEVIATION_NOTED: fields("deviation", "kind", "reason", "state"),
    Act.DEVIATION_ANSWERED: fields("deviation", "state"),
    Act.STANDARD_ADDED: fields("standard"),
    Act.STANDARD_RETIRED: fields("standard"),
    Act.FOLLOW_UP_SETTINGS_CHANGED: fields("ask_days_before", "status_days_before"),
    Act.RATINGS_ASKED_FOR_MEETING: fields("meeting", "links"),
    Act.GOAL_STATUS_WRITTEN: fields("meeting", "goals"),
    Act.CALENDAR_FEED_MADE: fields(),
    Act.CALENDAR_FEED_REVOKED: fields(),
    Act.AGENDA_CHANGED: fields("meeting", "change", "kind", "subject"),
    Act.MINUTE_WRITTEN: fields("meeting", "field", "version"),
    Act.AGREEMENT_MADE: fields("meeting", "agreement", "how", "version"),
    Act.AGREEMENT_CHANGED: fields("meeting", "agreement", "how", "version"),
    Act.SESSION_RATINGS_BROUGHT: fields("meeting", "respondent"),
    Act.SESSION_RATINGS_TAKEN_BACK: fields("meeting", "respondent"),
    Act.RATING_AFTER_END_PLANNED: fields("respondent", "ask_on"),
    Act.RATING_AFTER_END_CANCELLED: fields("respondent", "ask_on"),
    Act.REPORT_FROZEN: fields("meeting", "kind", "sha256"),
    Act.REPORT_LOCKED: fields("meeting", "kind", "respondent"),
    Act.RESPONDENT_WITHDRAWN: fields("respondent"),
    Act.WITHDRAWAL_UNDONE: fields("respondent"),
    Act.RETENTION_CHANGED: fields("months", "from_on"),
    Act.JOURNAL_CONFIRMED: fields(),
    Act.JOURNAL_UNCONFIRMED: fields(),
    Act.CASE_DELETED: fields("deletion"),
    Act.RESPONDENT_DELETED: fields("deletion", "respondent"),
    Act.CONTACTS_DELETED: fields("deletion", "persons"),
    Act.OWN_CURVE_SWITCHED: fields("respondent", "on"),
    Act.OWN_CURVE_OPENED: fields("respondent", "link_id"),
    Act.POINT_NOTE_WRITTEN: fields("rating_id", "note"),
    Act.EXPECTATION_AGREED: fields("expectation", "kind", "replaces"),
    Act.SIGNAL_ANSWERED: fields("action", "respondent", "confirmed_on", "on_agenda"),
    Act.LOG_PRUNED: fields("log", "pruned_to", "rows", "before"),
    Act.RATINGS_IMPORTED: fields(
        "batch", "target", "rows", "values", "already_there", "new_cases", "new_series", "new_respondents"
    ),
    Act.CASE_PROTECTED: fields("named"),
    Act.CASE_UNPROTECTED: fields(),
    Act.SUBSTITUTE_NAMED: fields("absent", "substitute", "from_on", "until_on"),
    Act.SUBSTITUTE_ENDED: fields("absent", "substitute"),
    Act.EMERGENCY_OPENED: fields("protected"),
    Act.EMERGENCY_REFUSED: fields(),
    Act.SESSION_RATINGS_SHARED: fields("sharing", "leader", "until_on"),
    Act.SESSION_SHARING_ENDED: fields("sharing", "leader"),
    Act.NOTICE_SEEN: fields("notice", "kind"),
    Act.ACCESS_GIVEN: fields("recipient", "without"),
    Act.LOG_CONTROL_BEGUN: fields("control", "from_on", "until_on", "rows"),
    Act.LOG_CONTROL_JUDGED: fields("control", "row", "verdict"),
    Act.LOG_CONTROL_FINISHED: fields("control"),
}
"""What is told of each act. Details are ids, codes, counts and days; never a name, never somebody's words."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_.:@/+-]{0,199}")


class UndeclaredDetails(Exception):
    """An act was to be written with other details than those declared here. A mistake in our code."""


def check_details(act: Act, details: Mapping[str, object]) -> None:
    """Raises UndeclaredDetails, naming the details and never repeating their values."""
    declared = FIELDS.get(act)
    if declared is None:
        raise UndeclaredDetails(f"{act.name} has no line in FIELDS: add one in fitsvc/domain/audit.py")
    missing, undeclared = declared.needed - details.keys(), details.keys() - declared.possible
    if missing or undeclared:
        raise UndeclaredDetails(
            f"{act.name}: missing {sorted(missing)}, undeclared {sorted(undeclared)};"
            " the names stand in FIELDS in fitsvc/domain/audit.py"
        )
    wordy = [name for name, value in details.items() if not _is_plain(value)]
    if wordy:
        raise UndeclaredDetails(f"{act.name}: {sorted(wordy)} are no ids, codes, counts or days")


def _is_plain(value: object) -> bool:
    if value is None or isinstance(value, bool | int):
        return True
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    return isinstance(value, list | tuple) and all(_is_plain(one) for one in value)
