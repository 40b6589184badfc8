"""Sent many times at once, on the real server with two workers."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.storage.ratings import Rating
from tests.durability.conftest import YOUTH, ask
from tests.live_server import live_server


def test_one_form_is_stored_once_however_often_it_comes_at_the_same_time(
    database_url: str, engine: Engine, catalogue: Catalogue, tmp_path: Path
) -> None:
    tokens = list(ask(engine, catalogue, 6).values())
    with live_server(database_url, tmp_path / "log", workers=2) as server, ThreadPoolExecutor(8) as clients:
        for token in tokens[:3]:
            answers = list(clients.map(lambda _: server.send_form(f"/r/{token}", youth("6")), range(8)))  # noqa: B023
            assert {status for status, _ in answers} == {200}
            assert len({page for _, page in answers}) == 1
        for token in tokens[3:]:
            answers = list(clients.map(lambda n: server.send_form(f"/r/{token}", youth(str(n))), range(8)))  # noqa: B023
            assert Counter(status for status, _ in answers) == {200: 1, 410: 7}
    with Session(engine) as session:
        stored = session.scalars(select(Rating.administration_id)).all()
    assert len(stored) == len(set(stored)) == 6


def youth(value: str) -> dict[str, str]:
    return {f"q-{item}": value for item in YOUTH}
