"""Fewer bytes on the wire: brotli or gzip, whichever the browser takes."""

import gzip

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept

SMALLEST = 500
"""Bytes. Below this the headers weigh more than what is saved."""
COMPRESSIBLE = frozenset(
    {
        "text/html", "text/css", "text/javascript", "text/plain", "application/javascript", "application/json",
        "image/svg+xml",
    }
)  # fmt: skip
# Good enough at once (more would take longer than rendering the page); what is sent again and again is compressed
# harder, once.
QUICK, THOROUGH = 2, 9


def choose_encoding(accepted: Accept) -> str | None:
    """The best encoding that both sides know."""
    return accepted.best_match(("br", "gzip")) if accepted else None


def compress(body: bytes, encoding: str, quality: int = QUICK) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality))
    return gzip.compress(body, compresslevel=min(quality + 2, 9), mtime=0)


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in COMPRESSIBLE or response.headers.get("Content-Encoding"):
        return response
    response.vary.add("Accept-Encoding")
    encoding = choose_encoding(request.accept_encodings)
    if encoding is None or (response.status_code != 200 and response.status_code < 400):
        return response
    body = _body(response, encoding)
    if body is not None:
        whole = response.response
        response.set_data(body)
        if close := getattr(whole, "close", None):
            close()  # an opened file
        response.headers["Content-Encoding"] = encoding
        # The bytes are no longer those of the strong tag.
        tag, _weak = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
    return response


def _body(response: Response, encoding: str) -> bytes | None:
    """The compressed body; None where that is not worth it or not possible."""
    if request.endpoint == "static" and request.view_args and "Range" not in request.headers:
        return _file(response, str(request.view_args["filename"]), encoding)
    if response.is_streamed or response.direct_passthrough:
        return None
    body = response.get_data()
    return compress(body, encoding) if len(body) >= SMALLEST else None


def _file(response: Response, name: str, encoding: str) -> bytes | None:
    tag, _weak = response.get_etag()
    kept = _kept_files.get((name, tag, encoding))
    if kept is None:
        response.direct_passthrough = False
        kept = _kept_files[name, tag, encoding] = compress(response.get_data(), encoding, THOROUGH)
    return kept


_kept_files: dict[tuple[str, str | None, str], bytes] = {}
