"""A respondent's page and a calendar link have no cookie: none is read, nobody is signed in there, none is sent."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

PREFIX = ("/r/", "/calendar/")


class CookielessRespondents(SecureCookieSessionInterface):
    """Sessions for staff; behind a secret link an empty one that cannot be written to and is never saved."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(PREFIX):
            return self.make_null_session(app)
        return super().open_session(app, request)
