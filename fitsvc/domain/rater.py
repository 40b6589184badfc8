"""Who rates: the roles a respondent can have towards the child."""

from enum import StrEnum


class RaterRole(StrEnum):
    """A respondent's role; the order is the order of voices on every graph, list and page."""

    CHILD = "child"
    PARENT = "parent"
    FOSTER_PARENT = "foster_parent"
    TEACHER = "teacher"
    PEDAGOGUE = "pedagogue"
    HEALTH_VISITOR = "health_visitor"
    PRACTITIONER = "practitioner"
    CASEWORKER = "caseworker"


RATER_ORDER = {role: place for place, role in enumerate(RaterRole)}
FAMILY_ROLES = frozenset({RaterRole.CHILD, RaterRole.PARENT, RaterRole.FOSTER_PARENT})
PARALLEL_ROLES = frozenset({RaterRole.TEACHER, RaterRole.PEDAGOGUE, RaterRole.HEALTH_VISITOR})
