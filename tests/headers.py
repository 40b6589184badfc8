"""What every answer of the service carries, whatever it is."""

import re

from werkzeug.test import TestResponse

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_headers(answer: TestResponse, *, https: bool = False) -> None:
    headers = answer.headers
    path = answer.request.path
    where = f"{answer.request.method} {path} {answer.status_code}"
    for name, value in ALWAYS.items():
        assert headers.getlist(name) == [value], f"{where}: {name}"
    assert "camera=()" in headers["Permissions-Policy"], where
    (policy,) = headers.getlist("Content-Security-Policy")
    for needed in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action"):
        assert needed in policy, f"{where}: {needed}"
    assert "unsafe" not in policy, where
    for source in re.findall(r"(?:script|style|connect|form|default)[a-z-]* ([^;]*)", policy):
        assert not re.search(r"\*|http|data:", source), f"{where}: {policy}"
    assert ("Strict-Transport-Security" in headers) is https, where
    assert "Server" not in headers, where
    if path.startswith("/static/") and answer.status_code < 400 and answer.request.method != "OPTIONS":
        assert "no-store" not in headers["Cache-Control"], where
        assert headers.get("ETag"), where
    else:
        assert headers["Cache-Control"] == "no-store", where
    for cookie in headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "Path=/"} <= set(cookie.split("; ")), f"{where}: {cookie}"
        assert "SameSite=" in cookie, where
        assert "Domain" not in cookie, where
        if https:
            assert cookie.startswith("__Host-"), f"{where}: {cookie}"
            assert "Secure" in cookie, where
        if path.startswith(("/r/", "/calendar/")):
            raise AssertionError(f"{where} sets a cookie")
