"""No secret link in any log: whoever reads a log must not be able to answer in a child's place."""

import logging
import re

REDACTED = r"/r/[redacted]"
_SECRET_PATH = re.compile(r"/r/[^\s\"'?#<>]+")


def redact(text: str) -> str:
    """The text with every respondent's link made unreadable."""
    return _SECRET_PATH.sub(REDACTED, text)


class TokenRedaction(logging.Filter):
    """Rewrites a record before any handler sees it. Never holds a record back."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/r/" in message:
            record.msg, record.args = redact(message), ()
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
