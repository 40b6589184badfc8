"""What a follow-up meeting decides and writes down."""

from enum import StrEnum


class Decision(StrEnum):
    """What happens with the measure after the meeting."""

    CONTINUE = "continue"
    ADJUST = "adjust"
    END = "end"
    NEW_MEASURE = "new_measure"


class Minute(StrEnum):
    """The fields of a meeting's minutes. Each is saved by itself, so that two people write side by side."""

    PARTICIPANTS = "participants"
    DECISION = "decision"  # a `Decision`
    DECISION_REASON = "decision_reason"
    GOALS_CHANGED = "goals_changed"
    CHILD_HEARD = "child_heard"  # a `ChildHeard`
    CHILD_HEARD_HOW = "child_heard_how"
    NEXT_ON = "next_on"  # a day, ISO
    NEXT_REASON = "next_reason"  # why that day, in words for the child
    HELPED = "helped"  # at the end: what the family says helped
    IF_HARDER = "if_harder"  # at the end: what to do if it gets harder again


class ChildHeard(StrEnum):
    """Whether and how the child's own view came to the meeting."""

    PRESENT = "present"  # took part
    BEFORE = "before"  # was talked with before the meeting
    BY_RATING = "by_rating"  # own ratings and words were looked at
    NOT = "not"  # and why not


class Visibility(StrEnum):
    """Who may read what a respondent wrote, chosen by the respondent; the narrowest comes first."""

    ONLY_ME = "only_me"
    PRACTITIONER = "practitioner"
    MEETING = "meeting"
