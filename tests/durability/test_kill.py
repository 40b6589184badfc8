"""What a respondent was told is received survives `kill -9` a moment later; nothing is stored twice."""

import threading
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.ratings import Rating
from tests.durability.conftest import YOUTH, ask
from tests.live_server import LiveServer, live_server

CLIENTS = 6
LINKS = 150
KILL_AFTER = 60
"""Receipts."""


class Senders:
    """Clients that send forms as fast as they can, every form twice, until the server is gone."""

    def __init__(self, server: LiveServer, tokens: dict[UUID, str]) -> None:
        self.server = server
        self.queue = list(tokens.items())
        self.received: list[UUID] = []
        self.enough = threading.Event()
        self.threads = [
            threading.Thread(target=self._send_all, args=(value,))
            for value, _ in zip(cycle("3579"), range(CLIENTS))
        ]

    def run_until_killed(self) -> None:
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(30), "the server took no answers"
        self.server.kill()
        for thread in self.threads:
            thread.join(20)

    def _send_all(self, value: str) -> None:
        while self.queue:
            administration, token = self.queue.pop()
            twins = [threading.Thread(target=self._send, args=(administration, token, value)) for _ in "ab"]
            for twin in twins:
                twin.start()
            for twin in twins:
                twin.join()
            if self.server.process.poll() is not None:
                return

    def _send(self, administration: UUID, token: str, value: str) -> None:
        try:
            status, html = self.server.send_form(f"/r/{token}", {f"q-{item}": value for item in YOUTH})
        except (OSError, HTTPException):
            return  # killed before the answer was whole: nothing was promised
        if status == 200 and html.rstrip().endswith("</html>"):
            self.received.append(administration)
            if len(self.received) >= KILL_AFTER:
                self.enough.set()


@pytest.mark.slow
def test_every_receipt_given_before_a_kill_is_in_the_database_once(
    database_url: str, engine: Engine, catalogue: Catalogue, tmp_path: Path
) -> None:
    tokens = ask(engine, catalogue, LINKS)
    with live_server(database_url, tmp_path / "server.log", workers=2) as server:
        senders = Senders(server, tokens)
        senders.run_until_killed()
    with Session(engine) as session:
        stored = session.scalars(select(Rating.administration_id)).all()
        answered = session.scalars(
            select(Administration.id).where(Administration.state == AdministrationState.ANSWERED)
        ).all()
    assert len(senders.received) >= KILL_AFTER
    assert senders.queue, "the server was killed after the work was done, which proves nothing"
    assert not set(senders.received) - set(stored), "a receipt without its rating"
    assert len(stored) == len(set(stored)), "an administration with two ratings"
    assert set(answered) == set(stored)
