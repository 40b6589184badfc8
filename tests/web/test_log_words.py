"""Whoever reads the log reads Danish: every event has a name."""

import pytest
from flask import Flask
from flask_babel import force_locale

from fitsvc.domain.audit import Access, Act
from fitsvc.web.log_words import _WORDS, log_words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_event_of_both_logs_has_a_danish_name(app: Flask) -> None:
    events = [*Access, *Act]
    assert set(_WORDS) == set(events)
    with app.test_request_context():
        with force_locale("da"):
            danish = {one: log_words(one) for one in events}
        with force_locale("en"):
            same = [one for one in events if log_words(one) == danish[one]]
    assert not same, f"no Danish for {same}"
    assert len(set(danish.values())) == len(events), "two events bear one name"
