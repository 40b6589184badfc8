"""Who may be asked to rate, as far as rules can say it."""

from enum import StrEnum

from fitsvc.domain.rater import PARALLEL_ROLES, RaterRole


class Hindrance(StrEnum):
    """Why somebody is not sent a form."""

    CASE_CLOSED = "case_closed"
    RESPONDENT_ENDED = "respondent_ended"
    SHARING_NOT_RECORDED = "sharing_not_recorded"
    NO_CUSTODY = "no_custody"


def needs_basis(role: RaterRole, has_custody: bool | None) -> bool:
    """Whether a recorded basis (why, how far, since when) must stand before this respondent is asked.

    Professionals around the child, and a parent without custody: that one is asked only for a recorded reason.
    """
    return role in PARALLEL_ROLES or (role is RaterRole.PARENT and has_custody is False)


def hindrance(
    role: RaterRole, has_custody: bool | None, *, has_basis: bool, has_ended: bool, case_closed: bool
) -> Hindrance | None:
    """What stands in the way of a form or a link for this respondent; None when nothing does."""
    if case_closed:
        return Hindrance.CASE_CLOSED
    if has_ended:
        return Hindrance.RESPONDENT_ENDED
    if has_basis or not needs_basis(role, has_custody):
        return None
    return Hindrance.NO_CUSTODY if role is RaterRole.PARENT else Hindrance.SHARING_NOT_RECORDED
