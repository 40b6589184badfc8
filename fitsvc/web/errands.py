"""What is done when the answer has been sent: its time then tells nothing of what was found, and nobody waits for it.

One thread in each process carries errands out, one after another, each with a transaction of its own. They live in
memory: when the process ends, what is waiting is lost, and is asked for again.
"""

from collections.abc import Callable
from queue import Full, Queue
from threading import Lock, Thread

from flask import Flask, current_app

MOST_WAITING = 100
"""More than this at a time is nobody who has forgotten a password."""

Errand = Callable[[], None]


class Errands:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waiting: Queue[Errand] = Queue(MOST_WAITING)
        self._thread: Thread | None = None
        self._starting = Lock()

    def run_later(self, errand: Errand) -> None:
        with self._starting:  # the thread begins in the worker, not in the process it was forked from
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="errands", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(errand)
        except Full:
            self._app.logger.warning("too many errands are waiting: one was dropped")

    def wait(self) -> None:
        """Until everything that waits is done; for tests."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            errand = self._waiting.get()
            try:
                with self._app.app_context():
                    errand()
            except Exception as problem:  # whatever it was, the next errand is carried out
                self._app.logger.error("an errand failed: %s", type(problem).__name__)
            finally:
                self._waiting.task_done()


def init_app(app: Flask) -> None:
    app.extensions["fitsvc_errands"] = Errands(app)


def run_later(errand: Errand) -> None:
    errands: Errands = current_app.extensions["fitsvc_errands"]
    errands.run_later(errand)
