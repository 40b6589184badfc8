"""Words for what stands in the two logs."""

from flask_babel import lazy_gettext as _l

from fitsvc.domain.audit import Access, Act

_WORDS = {
    Access.TODAY_LISTED: _l("Saw Today"),
    Access.CASELOAD_LISTED: _l("Saw the caseload"),
    Access.CASE_READ: _l("Read a case"),
    Access.SESSION_READ: _l("Read a session"),
    Access.REPORT_READ: _l("Read the page for the meeting"),
    Access.REPORT_PRINTED: _l("Made a PDF of the page for the meeting"),
    Access.LINK_SHOWN: _l("Showed a link"),
    Access.MEETING_READ: _l("Looked at a meeting"),
    Access.FIGURES_READ: _l("Saw the key figures"),
    Act.CALENDAR_FEED_MADE: _l("Made a calendar link"),
    Act.CALENDAR_FEED_REVOKED: _l("Stopped a calendar link"),
    Act.SIGNED_IN: _l("Signed in"),
    Act.SIGNED_OUT: _l("Signed out"),
    Act.SIGN_IN_REFUSED: _l("Sign-in refused"),
    Act.PIN_SET: _l("Set a PIN"),
    Act.DEVICE_LOCKED: _l("Handed over a device"),
    Act.DEVICE_UNLOCKED: _l("Opened a handed-over device"),
    Act.UNIT_CREATED: _l("Created a unit"),
    Act.UNIT_CHANGED: _l("Changed a unit"),
    Act.STAFF_CREATED: _l("Created an account"),
    Act.STAFF_CHANGED: _l("Changed an account"),
    Act.ROLE_GRANTED: _l("Gave a role"),
    Act.ROLE_TAKEN: _l("Took a role away"),
    Act.TEAM_CHANGED: _l("Changed a case team"),
    Act.CASES_HANDED_OVER: _l("Handed a case over"),
    Act.CASE_OPENED: _l("Opened a case"),
    Act.CASE_CLOSED: _l("Closed a case"),
    Act.EPISODE_STARTED: _l("Started an episode"),
    Act.EPISODE_ENDED: _l("Ended an episode"),
    Act.RESPONDENT_ADDED: _l("Added a respondent"),
    Act.RESPONDENT_CHANGED: _l("Changed a respondent"),
    Act.SHARING_RECORDED: _l("Recorded a basis for sharing"),
    Act.PLAN_CHANGED: _l("Changed who is asked when"),
    Act.LINK_CREATED: _l("Created a link"),
    Act.LINK_CANCELLED: _l("Cancelled a link"),
    Act.RATING_SUBMITTED: _l("Sent a rating"),
    Act.RATING_CORRECTED: _l("Corrected a rating"),
    Act.PAPER_RATING_ENTERED: _l("Entered a paper rating"),
    Act.SESSION_STARTED: _l("Started a session"),
    Act.SESSION_ENDED: _l("Ended a session"),
    Act.COMMENT_MARKED_READ: _l("Marked a comment as read"),
    Act.GOAL_SET: _l("Set a goal"),
    Act.GOAL_CLOSED: _l("Closed a goal"),
    Act.EXTERNAL_SERIES_ADDED: _l("Added a series of numbers"),
    Act.EXTERNAL_VALUE_ENTERED: _l("Entered a number"),
    Act.EVENT_RECORDED: _l("Recorded an event"),
    Act.MEETING_PLANNED: _l("Planned a meeting"),
    Act.MEETING_HELD: _l("Recorded a meeting as held"),
    Act.MEETING_CANCELLED: _l("Cancelled a meeting"),
    Act.EXPECTATION_AGREED: _l("Recorded an agreed expectation"),
    Act.SIGNAL_ANSWERED: _l("Answered a signal with a next step"),
    Act.RATINGS_IMPORTED: _l("Imported ratings"),
}


def log_words(code: Access | Act) -> str:
    return str(_WORDS.get(code, code))
