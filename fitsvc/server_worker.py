"""Gunicorn's worker, with an end to waiting for a client that goes silent, and calm answers to what is no request."""

import socket
import struct
from typing import Any

from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from fitsvc.web.headers import plain_headers

SILENT_SECONDS = 10
"""How long the next byte of a request may take. A proxy in front bounds the whole (docs/operations.md)."""
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.ExpectationFailed: (417, "Expectation Failed"),
    errors.UnsupportedTransferCoding: (501, "Not Implemented"),
}
WORDS = "The request could not be read. / Det, der blev sendt, kunne ikke l\u00e6ses.\n"


class PatientWorker(ThreadWorker):
    def handle(self, conn: Any) -> Any:
        """Each receive gives up after a while (the option outlives gunicorn's switching of the blocking mode)."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENT_SECONDS, 0))
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """What is no proper request gets a sentence with our headers; nothing of it is repeated to anybody."""
        if isinstance(exc, errors.ParseException):
            status, reason = REFUSALS.get(type(exc), (400, "Bad Request"))
            self.log.warning("refused what is no request: %s", type(exc).__name__)
        else:
            status, reason = 500, "Internal Server Error"
            self.log.exception("a request failed outside the application")
        headers = plain_headers(self.app.config) | {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(WORDS.encode())),
            "Connection": "close",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        try:
            write_nonblock(client, f"HTTP/1.1 {status} {reason}\r\n{head}\r\n{WORDS}".encode())
        except OSError:
            self.log.debug("a refusal could not be sent")
