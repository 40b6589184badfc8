"""No log shows a respondent's or a calendar's secret link."""

import logging

import pytest

from fitsvc.web.redaction import TokenRedaction, redact, redact_logs

TOKEN = "Zk3_l-0aQ9vX2mN8bC7dE6fG5hJ4kL3p"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"GET /r/{TOKEN} HTTP/1.1", "GET /r/[redacted] HTTP/1.1"),
        (f'"https://x.dk/r/{TOKEN}?lang=en"', '"https://x.dk/r/[redacted]?lang=en"'),
        (f"/r/{TOKEN}/more and /r/{TOKEN}", "/r/[redacted] and /r/[redacted]"),
        (f"GET /calendar/{TOKEN}.ics HTTP/1.1", "GET /calendar/[redacted] HTTP/1.1"),
        (f"see '/calendar/{TOKEN}.ics', /r/{TOKEN}", "see '/calendar/[redacted]', /r/[redacted]"),
        ("/respond/x and /for/example", "/respond/x and /for/example"),
        ("/cases/1", "/cases/1"),
        ("POST /account/calendar-link", "POST /account/calendar-link"),
    ],
)
def test_links_are_made_unreadable_and_nothing_else(said: str, left: str) -> None:
    assert redact(said) == left


def test_a_record_is_redacted_with_its_arguments() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "failed: %s", (f"/r/{TOKEN}",), None)
    assert TokenRedaction().filter(record)
    assert record.getMessage() == "failed: /r/[redacted]"


def test_a_logger_is_redacted_once(caplog: pytest.LogCaptureFixture) -> None:
    redact_logs("fitsvc.test")
    redact_logs("fitsvc.test")
    log = logging.getLogger("fitsvc.test")
    assert len(log.filters) == 1
    log.error("at /r/%s", TOKEN)
    assert TOKEN not in caplog.text
