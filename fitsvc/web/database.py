"""One transaction per request, committed in this one place and before the answer is sent.

A request that may change something (POST) runs in a writing transaction from its start. A request that reads (GET)
never holds the write lock while it works: its access-log rows wait until the reading is done, and are then written
and committed in a short transaction of their own, still before the page leaves. If that fails, so does the page.
"""

from inspect import iscoroutinefunction

from flask import Flask, Response, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session

from fitsvc.storage.engine import engine_options, prepare, writing
from fitsvc.storage.logs import PENDING

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Checking a password takes long on purpose; nobody else's rating waits for it. Only its log row is written, afterwards.
READING_ENDPOINTS = frozenset({"security.login"})

db = SQLAlchemy(session_options={"expire_on_commit": False})


def init_app(app: Flask, database_url: str) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": database_url, **engine_options(database_url)}}
    db.init_app(app)
    # The extension also closes async sessions, of which we have none: that alone would start a thread per request.
    app.teardown_appcontext_funcs[:] = [
        one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)
    ]
    with app.app_context():
        prepare(db.engine)
    app.before_request(_open)
    app.after_request(_close)


def _open() -> None:
    session = db.session
    if request.method in READING_METHODS or request.endpoint in READING_ENDPOINTS:
        session.info[PENDING] = []
    else:
        session.bind = writing(db.engine)


def _close(response: Response) -> Response:
    session = db.session
    if response.status_code >= 500:
        session.rollback()
        return response
    pending = session.info.pop(PENDING, None)
    if pending is None:
        session.commit()
        return response
    session.rollback()
    if pending:
        _write(session, pending)
    return response


def _write(session: Session, pending: list[object]) -> None:
    session.bind = writing(db.engine)
    session.add_all(pending)
    session.commit()


def forget_changes() -> None:
    """Undo what this request has changed so far; for pages that answer a mistake and must store nothing."""
    db.session.rollback()
