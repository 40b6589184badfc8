"""The service seals its logs itself: after an answer was sent, when this process has not done so for five minutes.

No thread and no timer: a log that nobody writes to needs no seal. Whoever waits for the next answer of this worker
waits some milliseconds; when others are writing it is left for the next time.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from time import monotonic

from flask import Flask, Response
from sqlalchemy.orm import Session

from fitsvc.services.log_sealing import is_sealed, seal
from fitsvc.storage.log_chain import Busy, impatient_session
from fitsvc.web.current import moment_now
from fitsvc.web.database import db

SECONDS_BETWEEN = 300
SECONDS_AFTER_BUSY = 10
ROWS_AT_ONCE = 500


def init_app(app: Flask) -> None:
    with app.app_context():
        due = SealingDue(partial(impatient_session, db.engine), app.logger.exception)

    def seal_afterwards(response: Response) -> Response:
        if due.is_due(monotonic()):
            response.call_on_close(lambda: due.seal(moment_now()))
        return response

    app.extensions["fitsvc_sealing"] = due
    app.after_request(seal_afterwards)


class SealingDue:
    """When this process seals next."""

    def __init__(
        self, alone: Callable[[], AbstractContextManager[Session]], complain: Callable[[str], None]
    ) -> None:
        self._alone, self._complain = alone, complain
        self._next = monotonic() + SECONDS_BETWEEN

    def is_due(self, moment: float) -> bool:
        """Once for each time it falls due: the next request does not do it again."""
        if moment < self._next:
            return False
        self._next = moment + SECONDS_BETWEEN
        return True

    def seal(self, now: datetime) -> None:
        """Never raises: an answer that was sent is not to fail for it."""
        try:
            with self._alone() as session:
                if not is_sealed(session):
                    seal(session, now=now, at_most=ROWS_AT_ONCE, patient=False)
                    session.commit()
                    if not is_sealed(session):  # a long day's rows are sealed in parts
                        self._next = monotonic()
        except Busy:
            self._next = monotonic() + SECONDS_AFTER_BUSY
        except Exception:
            self._complain("the logs could not be sealed")
