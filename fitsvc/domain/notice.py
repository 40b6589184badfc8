"""What leaders are told of without asking: what somebody was given, and who went past the usual limits."""

from enum import StrEnum


class NoticeKind(StrEnum):
    ROLE_GRANTED = "role_granted"
    ROLE_TAKEN = "role_taken"
    SECOND_FACTOR_REMOVED = "second_factor_removed"  # the two ways in which an administrator
    INVITED_AGAIN = "invited_again"  # opens an account that somebody else uses
    EMERGENCY_ACCESS = "emergency_access"  # a case opened outside one's own, with a reason (break-glass)
    SESSIONS_SHARED = "sessions_shared"  # session ratings, with the provider's leader, for a time
    CASE_PROTECTED = "case_protected"
    CASE_UNPROTECTED = "case_unprotected"
