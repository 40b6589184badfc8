"""What stands in front of the application: whose name was asked for, and a body that has come whole.

A body is read before the application is asked, and so before a database connection or its lock is held: a telephone on
a bad line keeps a thread waiting, and nobody else. As many requests as there are connections are then worked on.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from fitsvc.config import Config
from fitsvc.storage.engine import KEPT_CONNECTIONS
from fitsvc.web.access_register import REGISTER, Gate
from fitsvc.web.headers import plain_headers
from fitsvc.web.resume import is_own_page

LARGEST_REQUEST = 1_000_000
LARGEST_DRAINED = 32 * 1024 * 1024
"""Bytes read and thrown away, so that the sender gets our answer instead of a broken connection."""
MOST_FORM_PARTS = 1_000
MOST_FIELDS = 5_000
_BLOCK = 64 * 1024
_BROKEN = "fitsvc.broken_body"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
WRONG_NAME = "This service does not answer under that name. / Tjenesten svarer ikke under det navn.\n"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
    )
    app.before_request(_refuse_broken_body)
    app.before_request(_refuse_other_sites)
    inner = Wall(app.wsgi_app, config)
    hops = config.trusted_proxies
    # With no proxy declared, X-Forwarded-* is what any client may write, and is not looked at. With n, the n-th from
    # the right is believed: what a client writes itself stands further left.
    app.wsgi_app = (  # type: ignore[method-assign]
        ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops) if hops else inner
    )


class Wall:
    def __init__(self, app: Callable[[Environ, StartResponse], Iterable[bytes]], config: Config) -> None:
        self.app = app
        self.hosts = names_of(config)
        self.refusal = [("Content-Type", "text/plain; charset=utf-8"), *plain_headers(config).items()]
        self.seats = BoundedSemaphore(KEPT_CONNECTIONS)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_our_name(environ):
            start_response("400 BAD REQUEST", self.refusal)
            return [WRONG_NAME.encode()]
        _take_body(environ)
        with self.seats:
            return self.app(environ, start_response)

    def _is_our_name(self, environ: Environ) -> bool:
        """The Host header; and in a request to a proxy ("GET http://name/path") the name there too."""
        whole = str(environ.get("RAW_URI", ""))
        asked = [str(environ.get("HTTP_HOST", ""))]
        if not whole.startswith("/") and "://" in whole:
            try:
                asked.append(urlsplit(whole).netloc)
            except ValueError:
                return False
        return all(name and host_is_trusted(name, self.hosts) for name in asked)


def names_of(config: Config) -> list[str]:
    """The names this service answers under; on one's own machine all of its names."""
    name = urlsplit(config.base_url).hostname or ""
    return (
        ["localhost", "127.0.0.1", "[::1]"]
        if name in THIS_MACHINE
        else [f"[{name}]" if ":" in name else name]
    )


def _take_body(environ: Environ) -> None:
    """Read the whole body, or note that it never came whole."""
    has_body = environ.get("CONTENT_LENGTH") or environ.get("wsgi.input_terminated")
    if environ["REQUEST_METHOD"] in {"GET", "HEAD"} or not has_body:
        return
    stream, sent = environ["wsgi.input"], environ.get("CONTENT_LENGTH") or ""
    declared = int(sent) if sent.isascii() and sent.isdigit() else None
    body = b""
    try:
        body = _read(stream, LARGEST_REQUEST + 1 if declared is None else min(declared, LARGEST_REQUEST + 1))
        if len(body) > LARGEST_REQUEST:
            _drain(
                stream, LARGEST_DRAINED if declared is None else min(declared - len(body), LARGEST_DRAINED)
            )
        elif declared is not None and len(body) < declared:
            environ[_BROKEN] = 400  # the line was cut
        elif body.count(b"&") > MOST_FIELDS:
            environ[_BROKEN] = 413
    except TimeoutError:
        environ[_BROKEN] = 408
    except Exception as error:  # gunicorn raises whatever its parser of chunks does
        environ[_BROKEN] = 408 if isinstance(error, BlockingIOError) else 400
    if _BROKEN in environ:
        body = b""
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _read(stream: Any, most: int) -> bytes:
    kept = BytesIO()
    while most and (more := stream.read(min(most, _BLOCK))):
        kept.write(more)
        most -= len(more)
    return kept.getvalue()


def _drain(stream: Any, most: int) -> None:
    while most > 0 and (more := stream.read(min(most, _BLOCK))):
        most -= len(more)


def _refuse_broken_body() -> None:
    if _BROKEN in request.environ:
        abort(int(request.environ[_BROKEN]))


def _refuse_other_sites() -> None:
    """Beside the token: a form that another site's page sent is not looked at, where the browser tells whose it is."""
    if (
        request.method == "POST"
        and REGISTER.get(request.endpoint or "") is not Gate.LINK
        and not is_own_page()
    ):
        abort(400)
