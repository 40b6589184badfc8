"""The server behind `fitsvc serve`: gunicorn with our settings, and no secret link in its logs."""

import socket
from datetime import timedelta
from logging import Logger as PythonLogger
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from fitsvc.app import create_app
from fitsvc.config import Config
from fitsvc.server_worker import PatientWorker
from fitsvc.storage.engine import KEPT_CONNECTIONS
from fitsvc.web.database import db
from fitsvc.web.redaction import TokenRedaction, redact, redact_logs

WAITING_FOR_EACH_AT_WORK = 4
ACCESS_FORMAT = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
"""Without query, referrer and browser: nothing in a log that is not needed there."""


class AddressTaken(Exception):
    """Nobody can listen there: the port is in use, or the address is not this machine's."""


class RedactingLogger(Logger):
    """Gunicorn's logs with every respondent's link made unreadable."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        log: PythonLogger
        for log in (self.error_log, self.access_log):
            log.addFilter(TokenRedaction())

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: redact(value) if isinstance(value, str) else value for name, value in atoms.items()}


class Server(BaseApplication):
    """Gunicorn serving this installation."""

    def __init__(self, config: Config, settings: dict[str, Any]) -> None:
        self.config = config
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(self.config)
        redact_logs("fitsvc", "werkzeug")
        self.app = app
        return app


def run_server(config: Config, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Threads keep a slow telephone from holding up the others. Raises AddressTaken."""
    _require_free(host, port)
    Server(config, settings(host, port, workers)).run()


def _require_free(host: str, port: int) -> None:
    """Gunicorn itself tries five times and fills the screen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = str(error.strerror or error).partition(" (while")[0]
        raise AddressTaken(f"cannot listen on {host}, port {port}: {reason}") from error


def settings(host: str, port: int, workers: int) -> dict[str, Any]:
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": PatientWorker,
        # A thread may wait for a slow telephone; as many as there are database connections work (`web.wall`).
        "threads": KEPT_CONNECTIONS * WAITING_FOR_EACH_AT_WORK,
        # Only what the application itself trusts (FITSVC_TRUSTED_PROXIES) is believed of X-Forwarded-*.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "limit_request_line": 4094,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
        "preload_app": True,  # a setting that cannot work is told once, before anything is served
        "post_fork": _forget_connections,
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "accesslog": "-",
        "access_log_format": ACCESS_FORMAT,
        "logger_class": RedactingLogger,
        "proc_name": "fitsvc",
        "control_socket_disable": True,
    }


def _forget_connections(server: Any, _worker: Any) -> None:
    """A database connection cannot be shared by two processes: each worker opens its own."""
    app: Flask = server.app.app
    with app.app_context():
        db.engine.dispose(close=False)
