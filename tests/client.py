"""A browser for web tests that checks every page it is shown."""

import re
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fitsvc.storage.accounts import Staff
from tests.headers import check_headers
from tests.signed_in import signed_in

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class StaffClient(FlaskClient):
    """Signs in without the password (the sign-in page has its own tests) and sends the page's own CSRF token."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, app.response_class, **options)

    def sign_in(self, staff: Staff) -> "StaffClient":
        with self.session_transaction() as cookie:
            cookie.update(signed_in(staff))
        return self

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not response.is_streamed and response.status_code != 302:
            check_page(response.text)
        check_headers(response, https=response.request.scheme == "https")
        return response

    def send(
        self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **kw: Any
    ) -> TestResponse:
        """POST with the CSRF token of `page` (the same path when not given)."""
        found = CSRF.search(self.get(page or path).text)
        return self.post(path, data={"csrf_token": found.group(1) if found else ""} | (data or {}), **kw)


def check_page(html: str) -> None:
    """Valid HTML, one heading, a title, a language, no id twice, nothing inline that the policy would stop."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert not parser.errors, parser.errors[:3]
    assert tree.get("lang"), "the page has no language"
    assert (tree.findtext("head/title") or "").strip(), "the page has no title"
    assert len(list(tree.iter("h1"))) == 1, "a page has one h1"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({one for one in ids if ids.count(one) > 1})}"
    for element in tree.iter():
        assert not any(str(name).startswith("on") for name in element.attrib), "an inline handler"
