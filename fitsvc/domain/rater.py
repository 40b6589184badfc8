"""Who rates."""

from enum import StrEnum


class RaterRole(StrEnum):
    """The part a respondent has in the child's life."""

    CHILD = "child"
    PARENT = "parent"
    FOSTER_PARENT = "foster_parent"
    TEACHER = "teacher"
    PEDAGOGUE = "pedagogue"
    HEALTH_VISITOR = "health_visitor"
    PRACTITIONER = "practitioner"
    CASEWORKER = "caseworker"
