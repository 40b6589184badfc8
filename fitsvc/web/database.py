"""One commit per request, in this one place and before the answer is sent.

A request that may change something (POST) runs in a writing transaction from its start. A request that reads (GET)
never holds the write lock while it works: its access-log rows wait until the reading is done, and are then written
and committed in a short transaction of their own, still before the page leaves. If that fails, so does the page.
In a POST the rows of readings wait too: what was refused is undone, and that its page showed the case is not.

A respondent's answer is the third kind, because a whole class may send at once: it is read and checked without the
lock, stored in a `short_write`, and the receipt is made when the next answer is being stored already.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from inspect import iscoroutinefunction
from threading import Lock

from flask import Flask, Response, current_app, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.keyring import Keyring
from fitsvc.storage.engine import engine_options, prepare, writing
from fitsvc.storage.logs import READING, let_rows_wait, write_waiting

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Checking a password takes long on purpose; nobody else's rating waits for it. Only its log row is written, afterwards.
# A respondent's answer is stored in a short_write. An access request only reads, and its PDF takes seconds.
# The kommune's provider is asked over the network: what it says is stored in a short_write too.
READING_ENDPOINTS = frozenset(
    {
        "security.login",
        "security.logout",
        "kommune_sign_in.back_channel",
        "kommune_sign_in.let_in",
        "respond.link",
        "access_request.download",
    }
)

db = SQLAlchemy(session_options={"expire_on_commit": False})
_turns = Lock()
_WAITING = "fitsvc_waiting_writes"


def init_app(app: Flask, database_url: str, keys: Keyring) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": database_url, **engine_options(database_url)}}
    db.init_app(app)
    # The extension also closes async sessions, of which we have none: that alone would start a thread per request.
    app.teardown_appcontext_funcs[:] = [
        one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)
    ]
    with app.app_context():
        app.extensions["fitsvc_writing_engine"] = writing(prepare(db.engine, keys))
    app.before_request(_open)
    app.after_request(_close)


def _open() -> None:
    session = db.session
    reads = request.method in READING_METHODS or request.endpoint in READING_ENDPOINTS
    let_rows_wait(session)
    session.info[READING] = reads
    if not reads:
        session.bind = _writing_engine()


def _close(response: Response) -> Response:
    session = db.session
    if response.status_code >= 500:
        session.rollback()
        return response
    if session.info.get(READING):
        session.rollback()
        session.bind = _writing_engine()
        if not _write_what_waited(session):
            return response
    else:
        _write_what_waited(session)
    session.commit()
    return response


def when_reading_is_over(write: Callable[[Session], None]) -> None:
    """Carry out a small write: at once in a request that writes, else in the short transaction after the reading."""
    session = db.session
    if session.info.get(READING):
        session.info.setdefault(_WAITING, []).append(write)
    else:
        write(session)


def _write_what_waited(session: Session) -> bool:
    """Whether anything waited for the end of the reading; it is written now."""
    session.info[READING] = False
    has_rows, waiting = write_waiting(session), session.info.pop(_WAITING, ())
    for write in waiting:
        write(session)
    return has_rows or bool(waiting)


@contextmanager
def short_write() -> Iterator[Session]:
    """A writing transaction of its own in a request that otherwise reads, committed when the block ends.

    What was read before may have changed meanwhile, so the block has to look again under its lock. On SQLite the
    threads of a process wait for one another here: woken at once, where SQLite's own waiting looks only now and then.
    """
    session, engine = db.session, _writing_engine()
    session.rollback()
    with _turns if engine.dialect.name == "sqlite" else nullcontext():
        session.bind = engine
        try:
            _write_what_waited(session)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A writing transaction outside any request, for what is done after the answer (`web.errands`)."""
    session = db.session
    session.bind = _writing_engine()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def forget_changes() -> None:
    """Undo what this request has changed so far; for pages that answer a mistake and must store nothing but that they
    were read.
    """
    db.session.rollback()


def keep_changes() -> None:
    """Keep what this request has written so far, though the rest of it may be refused or fail."""
    db.session.commit()


def _writing_engine() -> Engine:
    engine: Engine = current_app.extensions["fitsvc_writing_engine"]
    return engine
