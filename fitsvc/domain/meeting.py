"""What a follow-up meeting decides and writes down, and what must be there before it is noted as held."""

from collections.abc import Mapping
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


WRITTEN_AFTERWARDS = frozenset({Minute.HELPED, Minute.IF_HARDER})
"""Belong to the closing page. All other fields rest as they are once the meeting is held, as its paper does."""


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


class Lacking(StrEnum):
    """What still has to be written before a meeting can be noted as held."""

    DECISION = "decision"
    CHILD_HEARD = "child_heard"
    WHY_NOT_HEARD = "why_not_heard"
    NEXT_DATE = "next_date"


GOES_ON = frozenset({Decision.CONTINUE, Decision.ADJUST})
"""Decisions after which this measure needs a next meeting; a new measure brings its own first one."""


def lacking(written: Mapping[Minute, str]) -> tuple[Lacking, ...]:
    """What a meeting's minutes still lack, in the order of the page; everything else may be left out.

    As long as nothing is decided no next date is asked for: the meeting may be about to end the measure.
    """
    said = {field: text.strip() for field, text in written.items()}
    found = []
    decision = said.get(Minute.DECISION)
    if not decision:
        found.append(Lacking.DECISION)
    heard = said.get(Minute.CHILD_HEARD)
    if not heard:
        found.append(Lacking.CHILD_HEARD)
    elif heard == ChildHeard.NOT and not said.get(Minute.CHILD_HEARD_HOW):
        found.append(Lacking.WHY_NOT_HEARD)
    if decision in GOES_ON and not said.get(Minute.NEXT_ON):
        found.append(Lacking.NEXT_DATE)
    return tuple(found)
