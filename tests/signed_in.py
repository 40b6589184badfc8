"""What a browser's session holds when somebody of the staff has signed in with both factors: written here only."""

from datetime import datetime
from typing import Any

from fitsvc.storage.accounts import Staff
from fitsvc.web import current


def login_key_of(staff: Staff) -> str:
    """The name of a browser's sign-in that `Builder.staff` made along with the account."""
    return f"login-{staff.id}"


def signed_in(staff: Staff, login_key: str = "", *, confirmed_at: datetime | None = None) -> dict[str, Any]:
    """The session as the service leaves it after password and second factor, a moment ago."""
    moment = confirmed_at or current.moment_now()
    return {
        "_user_id": staff.fs_uniquifier,
        "_fresh": True,
        "login_key": login_key or login_key_of(staff),
        "factor": "app",
        "confirmed_at": moment.isoformat(),
    }
