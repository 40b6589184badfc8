"""One demo, built once, for the tests that only look."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fitsvc.demo.build import Demo, build_demo
from fitsvc.domain.catalogue import Catalogue
from fitsvc.storage.base import Base
from fitsvc.storage.engine import build_engine
from tests.keys import KEYS

MONDAY, SUNDAY = date(2026, 3, 16), date(2026, 10, 25)
EASTER_MONDAY, NEW_YEAR = date(2027, 3, 29), date(2027, 1, 1)


def quick_hash(secret: str) -> str:
    return f"hash of {secret}"


@pytest.fixture(scope="session", params=(MONDAY, SUNDAY, EASTER_MONDAY, NEW_YEAR), ids=str)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> Iterator[tuple[Demo, Session]]:
    """A demo for a day, stored: patterns must hold whichever day it is."""
    file: Path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    engine = build_engine(f"sqlite:///{file}", KEYS)
    Base.metadata.create_all(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitsvc.demo.build.hash_secret", quick_hash)
        demo = build_demo(request.param, catalogue)
    with Session(engine) as session:
        demo.rows.store(session)
        session.commit()
        yield demo, session
    engine.dispose()
