"""The monthly control of who has looked: what is drawn, and what the controller found."""

from enum import StrEnum


class LogName(StrEnum):
    ACCESS = "access"
    AUDIT = "audit"


class ChosenFor(StrEnum):
    """Why a row is in the sample: drawn by lot, or unusual."""

    LOT = "lot"
    OUT_OF_HOURS = "out_of_hours"
    MANY_CASES = "many_cases"
    PROTECTED_CASE = "protected_case"
    EMERGENCY_ACCESS = "emergency_access"


class Verdict(StrEnum):
    IN_ORDER = "in_order"
    ASKED = "asked"  # the person or their leader has been asked
    NOT_IN_ORDER = "not_in_order"
