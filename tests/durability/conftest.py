from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.links import create_link
from fitsvc.storage.engine import writing
from tests.builders import Builder
from tests.cast import invite_cast

YOUTH = ("body", "home", "school", "friends", "adult")


def ask(engine: Engine, catalogue: Catalogue, number: int) -> dict[UUID, str]:
    """So many open administrations of the youth form with their tokens."""
    now = datetime.now(UTC)
    with Session(writing(engine), expire_on_commit=False) as session:
        build = Builder(session, catalogue, now)
        child = invite_cast(build).child
        asked = [build.administration(child) for _ in range(number)]
        tokens = {
            one.id: create_link(session, administration=one, label="", by=None, now=now, link_days=2)
            for one in asked
        }
        session.commit()
    return tokens
