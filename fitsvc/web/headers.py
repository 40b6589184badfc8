"""The headers every answer carries: pages, files, errors, and what the server says before the application is asked."""

from collections.abc import Mapping

from flask import Flask, Response, g, request

from fitsvc.config import Config
from fitsvc.web import current

# plotly's script writes inline styles: the hash of the empty style is allowed on staff pages, and nothing more.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
STAFF_POLICY = (
    "default-src 'none'; script-src 'self'; "
    f"style-src 'self' {_EMPTY_STYLE}; style-src-attr 'none'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For what is no page: a text, a table, a calendar. Nothing in it may do anything."""
PAGES = frozenset({"text/html", "application/pdf"})

_TURNED_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "idle-detection", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
ALWAYS: Mapping[str, str] = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "X-Robots-Tag": "noindex, nofollow",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in _TURNED_OFF),
}
HTTPS_FOR_TWO_YEARS = "max-age=63072000; includeSubDomains"
FILES = frozenset({"static", "security.static"})
"""Files of ours, the same for everybody: the only answers a browser or a proxy may keep."""


def init_app(app: Flask) -> None:
    app.after_request(_add)


def plain_headers(config: Config) -> dict[str, str]:
    """For an answer that is only a sentence."""
    kept = {"Content-Security-Policy": NOTHING_POLICY, "Cache-Control": "no-store", **ALWAYS}
    return kept | ({"Strict-Transport-Security": HTTPS_FOR_TWO_YEARS} if config.is_https else {})


def _add(response: Response) -> Response:
    policy = g.get("content_security_policy", STAFF_POLICY)
    if request.endpoint not in FILES and response.mimetype not in PAGES:
        policy = NOTHING_POLICY
    # One look at what is there, and one addition: asked one by one, these would be a fifth of a respondent's page.
    present = {name.lower() for name, _ in response.headers}
    wanted = (("Content-Security-Policy", policy), *ALWAYS.items())
    response.headers.extend([(name, value) for name, value in wanted if name.lower() not in present])
    if current.config().is_https:
        response.headers["Strict-Transport-Security"] = HTTPS_FOR_TWO_YEARS
    if request.endpoint not in FILES or request.method == "OPTIONS" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
