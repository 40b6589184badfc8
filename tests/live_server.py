"""The real server, as `fitsvc serve` starts it: for what only the wire, the log and the process can show."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.keys import DATA_KEYS

START_SECONDS = 30


class LiveServer:
    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def kill(self) -> None:
        """As a power cut would: master and workers at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def exchange(self, request: bytes) -> bytes:
        """Send raw bytes, read all that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while more := connection.recv(65536):
                answer += more
        return answer

    def send_form(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """The status and the page that answer a form; OSError when the server goes away meanwhile."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urlopen(address, urlencode(form).encode(), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def live_server(database_url: str, log: Path, *, workers: int = 1, **settings: str) -> Iterator[LiveServer]:
    """Serve this database on a free port, in a process group of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/tmp"),
        "FITSVC_DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://", 1),
        "FITSVC_DATA_KEYS": DATA_KEYS,
        "FITSVC_SECRET_KEY": "a-secret-key-for-tests-only-0123456789",
        "FITSVC_BASE_URL": f"http://127.0.0.1:{port}",
        "FITSVC_KOMMUNE_PHONE": "12 34 56 78",
        **settings,
    }
    command = "from fitsvc.cli import main; main()"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", str(port), "--workers", str(workers)],
            env=environment,
            cwd=Path(__file__).parents[1],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = LiveServer(process, port, log)
    try:
        _wait(server)
        yield server
    finally:
        server.kill()  # a graceful end would wait for idle connections; what was promised is on disk


def _wait(server: LiveServer) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {server.log.read_text()}")
