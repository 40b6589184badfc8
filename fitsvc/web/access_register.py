"""Who may open which route: every endpoint stands here, and the service does not start when one is missing.

A permission says what a role may do at all; which cases it reaches is decided in the query (`storage.cases`).
"""

from enum import StrEnum

from fitsvc.domain.permissions import Permission


class Gate(StrEnum):
    """Ways in that are not a permission."""

    PUBLIC = "public"  # anybody
    LINK = "link"  # whoever holds the secret link
    SIGNED_IN = "signed_in"  # any signed-in member of staff
    HALF = "half"  # whoever gave the password and not yet the second factor
    HANDED_OVER = "handed_over"  # a device locked to one respondent


REGISTER: dict[str, Gate | Permission] = {
    "static": Gate.PUBLIC,
    # today and the caseload
    "today.show": Permission.SEE_CASES,
    "cases.show": Permission.SEE_CASES,
    "method.show": Gate.SIGNED_IN,
    "caseload.list": Permission.SEE_CASES,
    "caseload.search": Permission.SEE_CASES,
    "caseload.search_again": Permission.SEE_CASES,
    # the plain forms: cases, measures, who rates, progress, meetings
    "opening.open_case": Permission.OPEN_CASE,
    "episodes.start": Permission.OPEN_CASE,
    "episodes.end": Permission.OPEN_CASE,
    "episodes.close_case": Permission.OPEN_CASE,
    "respondents.list_all": Permission.PLAN_RATINGS,
    "respondents.add": Permission.PLAN_RATINGS,
    "respondents.edit": Permission.PLAN_RATINGS,
    "respondents.own_curve": Permission.RUN_SESSION,  # the case's practitioner decides
    "respondents.withdraw": Permission.PLAN_RATINGS,
    "respondents.undo_withdrawal": Permission.PLAN_RATINGS,
    "respondents.plan": Permission.PLAN_RATINGS,
    "respondents.end_plan": Permission.PLAN_RATINGS,
    "respondents.links": Permission.PLAN_RATINGS,
    "respondents.resend": Permission.PLAN_RATINGS,
    "respondents.cancel_link": Permission.PLAN_RATINGS,
    "progress.goals": Permission.RECORD_PROGRESS,
    "progress.close_goal": Permission.RECORD_PROGRESS,
    "progress.add_external_series": Permission.RECORD_PROGRESS,
    "progress.external_value": Permission.RECORD_PROGRESS,
    "progress.event": Permission.RECORD_PROGRESS,
    "progress.answer_signal": Permission.RECORD_PROGRESS,
    "progress.mark_read": Permission.RECORD_PROGRESS,
    "meetings.plan": Permission.PLAN_MEETING,
    "meetings.hold": Permission.PLAN_MEETING,
    "meetings.move": Permission.PLAN_MEETING,
    "meetings.cancel": Permission.PLAN_MEETING,
    "deviations.list_open": Permission.APPROVE_FEWER,
    "deviations.answer": Permission.APPROVE_FEWER,
    "expectations.agree": Permission.PLAN_MEETING,
    "meeting_asking.show": Permission.PLAN_RATINGS,
    "goal_statuses.write": Permission.RECORD_PROGRESS,
    # the meeting's own page
    "meeting_room.show": Permission.PLAN_MEETING,
    "meeting_room.write": Permission.PLAN_MEETING,
    "meeting_room.add_agreement": Permission.PLAN_MEETING,
    "meeting_room.change_agreement": Permission.PLAN_MEETING,
    "meeting_room.expect": Permission.PLAN_MEETING,
    "meeting_room.bring": Permission.BRING_SESSION_RATINGS,
    "meeting_room.take_back": Permission.BRING_SESSION_RATINGS,
    "preparation.show": Permission.PLAN_MEETING,
    "preparation.change": Permission.PLAN_MEETING,
    "ending.show": Permission.PLAN_MEETING,
    "ending.plan": Permission.PLAN_RATINGS,
    # the page for the meeting
    "report.show": Permission.PRINT_REPORT,
    "report.pdf": Permission.PRINT_REPORT,
    "report.child": Permission.PRINT_REPORT,
    "report.child_pdf": Permission.PRINT_REPORT,
    "frozen.list_all": Permission.PRINT_REPORT,
    "frozen.pdf": Permission.PRINT_REPORT,
    "frozen.export": Permission.PRINT_REPORT,
    # everything about one child
    "access_request.show": Permission.GIVE_ACCESS,
    "access_request.download": Permission.GIVE_ACCESS,
    # access beside the usual
    "emergency.open": Permission.OPEN_IN_EMERGENCY,
    "protection.show": Permission.PROTECT_CASES,
    "protection.name": Permission.PROTECT_CASES,
    "protection.remove": Permission.PROTECT_CASES,
    "substitutes.show": Permission.NAME_SUBSTITUTES,
    "substitutes.end": Permission.NAME_SUBSTITUTES,
    "session_sharing.show": Permission.SHARE_SESSION_RATINGS,
    "session_sharing.end": Permission.SHARE_SESSION_RATINGS,
    "notices.list": Permission.SEE_NOTICES,
    "notices.mark_seen": Permission.SEE_NOTICES,
    # what is kept how long
    "retention.list_all": Permission.MANAGE_RETENTION,
    "retention.case": Permission.MANAGE_RETENTION,
    "retention.confirm": Permission.MANAGE_RETENTION,
    "retention.take_back": Permission.MANAGE_RETENTION,
    # key figures
    "figures.show": Permission.SEE_FIGURES,
    "figures.download": Permission.SEE_FIGURES,
    # calendars
    "calendar.meeting": Permission.SEE_CASES,
    "calendar.feed": Gate.LINK,
    "calendar.link": Permission.SEE_CASES,
    "calendar.revoke": Permission.SEE_CASES,
    # the respondent's page
    "respond.link": Gate.LINK,
    # account
    "security.login": Gate.PUBLIC,
    "second_factor.ask": Gate.HALF,
    "second_factor.use_passkey": Gate.PUBLIC,
    "second_factor.set_up": Gate.HALF,
    "second_factor.set_up_app": Gate.HALF,
    "second_factor.set_up_passkey": Gate.HALF,
    "confirm.ask": Gate.SIGNED_IN,
    "own_factors.show": Gate.SIGNED_IN,
    "own_factors.renew_app": Gate.SIGNED_IN,
    "own_factors.drop_app": Gate.SIGNED_IN,
    "own_factors.add_passkey": Gate.SIGNED_IN,
    "own_factors.drop_passkey": Gate.SIGNED_IN,
    "own_factors.make_codes": Gate.SIGNED_IN,
    "security.logout": Gate.SIGNED_IN,
    "security.static": Gate.PUBLIC,
    # in and out through the kommune's own provider
    "kommune_sign_in.show": Gate.PUBLIC,
    "kommune_sign_in.start": Gate.PUBLIC,
    "kommune_sign_in.callback": Gate.PUBLIC,
    "kommune_sign_in.again": Gate.SIGNED_IN,
    "kommune_sign_in.resume": Gate.PUBLIC,
    "kommune_sign_in.signed_out": Gate.PUBLIC,
    "kommune_sign_in.back_channel": Gate.LINK,  # the provider's signature is the proof
    "kommune_sign_in.let_in": Gate.PUBLIC,  # whoever holds the link a command made, once
    "account.home": Gate.SIGNED_IN,
    "account.choose_language": Gate.PUBLIC,
    "account.show": Gate.SIGNED_IN,
    "account.set_pin": Gate.SIGNED_IN,
    "account.change_password": Gate.SIGNED_IN,
    "devices.show": Gate.SIGNED_IN,
    "devices.end": Gate.SIGNED_IN,
    "devices.end_others": Gate.SIGNED_IN,
    "account_links.forgot_password": Gate.PUBLIC,
    "account_links.choose_password": Gate.LINK,
    "account_links.confirm_address": Gate.LINK,
    "account_links.change_address": Gate.SIGNED_IN,
    # administration
    "admin.overview": Permission.MANAGE_PEOPLE,
    "admin.list_units": Permission.MANAGE_PEOPLE,
    "admin.rename_unit": Permission.MANAGE_PEOPLE,
    "admin.list_staff": Permission.MANAGE_PEOPLE,
    "admin.add_staff": Permission.MANAGE_PEOPLE,
    "admin.change_staff": Permission.MANAGE_PEOPLE,
    "admin.invite_again": Permission.MANAGE_PEOPLE,
    "admin.sign_out_everywhere": Permission.MANAGE_PEOPLE,
    "admin_factors.remove": Permission.MANAGE_PEOPLE,
    "admin.show_roles": Permission.MANAGE_PEOPLE,
    "admin_teams.find_team": Permission.MANAGE_PEOPLE,
    "admin_teams.change_team": Permission.MANAGE_PEOPLE,
    "admin_teams.remove_member": Permission.MANAGE_PEOPLE,
    "admin_teams.hand_over": Permission.HAND_OVER_CASES,
    "log_pages.show": Permission.READ_LOG,
    "log_pages.download": Permission.READ_LOG,
    "log_pages.citizen_copy": Permission.CONTROL_LOG,
    "log_controls.list_all": Permission.CONTROL_LOG,
    "log_controls.show": Permission.CONTROL_LOG,
    "log_controls.judge": Permission.CONTROL_LOG,
    "log_controls.export": Permission.CONTROL_LOG,
    "follow_up_settings.show": Permission.MANAGE_FOLLOW_UP,
    "retention.settings": Permission.MANAGE_FOLLOW_UP,
    "follow_up_settings.add": Permission.MANAGE_FOLLOW_UP,
    "follow_up_settings.retire": Permission.MANAGE_FOLLOW_UP,
    # sessions, and the device handed over in them
    "care_sessions.start": Permission.RUN_SESSION,
    "care_sessions.show": Permission.RUN_SESSION,
    "care_sessions.hand_over": Permission.RUN_SESSION,
    "care_sessions.end": Permission.RUN_SESSION,
    "paper.choose": Permission.PLAN_RATINGS,
    "paper.enter": Permission.PLAN_RATINGS,
    "handed_over.show": Gate.HANDED_OVER,
    "handed_over.submit": Gate.HANDED_OVER,
    "handed_over.give_back": Gate.HANDED_OVER,
    "handed_over.unlock": Gate.HANDED_OVER,
}


FILES_OUT = frozenset(
    {
        "frozen.export",
        "figures.download",
        "access_request.download",
        "log_pages.download",
        "log_controls.export",
    }
)
"""Data is taken out as a file: the browser stays on the page that asked for it."""

FRESH = FILES_OUT | frozenset(
    {
        "log_pages.citizen_copy",
        # who may what
        "admin.add_staff",
        "admin.change_staff",
        "admin.invite_again",
        "admin_factors.remove",
        # a case that is not one's own
        "emergency.open",
        # deleting
        "retention.confirm",
        # the security of one's own account
        "own_factors.renew_app",
        "own_factors.drop_app",
        "own_factors.add_passkey",
        "own_factors.drop_passkey",
        "own_factors.make_codes",
    }
)
"""Who opens these has shown within ten minutes that it is them, or is asked now (`web.fresh`). Password and PIN are not
among them: their own forms ask for the password each time."""
