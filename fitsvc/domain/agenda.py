"""The agenda of a follow-up meeting: what the data suggest to talk about, as people have arranged it."""

from enum import StrEnum


class AgendaKind(StrEnum):
    """Where an item comes from, in the order in which a new agenda lists them."""

    SINCE_LAST = "since_last"  # where we are against what was agreed last time
    WISH = "wish"  # what the child or a parent asked to talk about
    DISCREPANCY = "discrepancy"
    SIGNAL = "signal"
    GOAL = "goal"
    MISSING = "missing"
    READY_TO_END = "ready_to_end"
    OPEN_AGREEMENT = "open_agreement"
    FREE = "free"
