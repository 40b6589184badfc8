from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.services.links import create_link
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast
from tests.client import check_page

YOUTH = ("body", "home", "school", "friends", "adult")


class Phone:
    """A respondent's browser: opens links, sends forms, and checks every page it is shown."""

    def __init__(self, app: Flask, session: Session, build: Builder, now: datetime) -> None:
        self.browser: FlaskClient = app.test_client()
        self.session, self.build, self.now = session, build, now

    def link(
        self, respondent: Respondent, instrument_id: str = "wellbeing-youth", label: str = "", days: int = 21
    ) -> str:
        administration = self.build.administration(respondent, instrument_id)
        token = create_link(
            self.session, administration=administration, label=label, by=None, now=self.now, link_days=days
        )
        self.session.commit()
        return f"/r/{token}"

    def open(self, path: str, **options: Any) -> TestResponse:
        return self._checked(self.browser.get(path, **options))

    def send(self, path: str, data: Any, **options: Any) -> TestResponse:
        return self._checked(self.browser.post(path, data=data, **options))

    def _checked(self, response: TestResponse) -> TestResponse:
        assert "Set-Cookie" not in response.headers
        assert response.mimetype == "text/html"
        check_page(response.text)
        return response

    @property
    def ratings(self) -> list[Rating]:
        """All ratings, superseded ones first; read in a transaction that ends at once (it would hold the lock)."""
        found = list(self.session.query(Rating).order_by(Rating.superseded_at.is_(None)))
        self.session.expunge_all()
        self.session.rollback()
        return found


@pytest.fixture
def phone(app: Flask, session: Session, build: Builder, cast: Cast, now: datetime) -> Phone:
    session.commit()
    return Phone(app, session, build, now)


def youth_form(value: str = "6", **other: str) -> dict[str, str]:
    return {f"q-{item}": value for item in YOUTH} | other
