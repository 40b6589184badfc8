"""A respondent's page has no cookie: none is read, so nobody is signed in there, and none is sent."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

PREFIX = "/r/"


class CookielessRespondents(SecureCookieSessionInterface):
    """Sessions for staff; for a respondent an empty one that cannot be written to and is never saved."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(PREFIX):
            return self.make_null_session(app)
        return super().open_session(app, request)
