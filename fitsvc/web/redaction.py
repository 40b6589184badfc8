"""No secret link in any log: whoever reads one must not be able to answer for a child or follow somebody's calendar."""

import logging
import re

_SECRET_PATH = re.compile(
    r"(/r/|/calendar/|/choose-password/|/confirm-address/|/sign-in/let-in/)[^\s\"'?#<>]+"
)
"""A respondent's link, a calendar's, and those to one's own account."""


def redact(text: str) -> str:
    """The text with every secret link made unreadable."""
    return _SECRET_PATH.sub(r"\1[redacted]", text)


class TokenRedaction(logging.Filter):
    """Rewrites a record before any handler sees it. Never holds a record back."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True


def redact_logs(*names: str) -> None:
    """Redact what these loggers write, and what reaches the handlers of the root logger."""
    for name in names:
        _add(logging.getLogger(name))
    for handler in logging.getLogger().handlers:
        _add(handler)


def _add(to: logging.Filterer) -> None:
    if not any(isinstance(one, TokenRedaction) for one in to.filters):
        to.addFilter(TokenRedaction())
