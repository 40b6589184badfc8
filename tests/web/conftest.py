"""The world the walks of every route go through."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.domain.roles import Role
from fitsvc.storage.cases import TeamPart
from tests.builders import Builder
from tests.cast import Cast
from tests.web.walk import World, furnish


@pytest.fixture
def world(app: Flask, engine: Engine, cast: Cast, build: Builder, session: Session) -> World:
    """Paula's case, and a case of a stranger in a unit nobody of the cast works in."""
    own = furnish(build, cast.case, cast.provider, cast.practitioner)
    elsewhere = build.unit("Langt Væk")
    stranger = build.staff(Role.PRACTITIONER, unit=elsewhere, name="Sten")
    other = furnish(build, build.case(team={stranger: TeamPart.PRACTITIONER}), elsewhere, stranger)
    session.commit()
    session.expunge_all()
    return World(app, engine, build.catalogue, cast, own, other)
