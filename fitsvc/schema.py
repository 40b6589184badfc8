"""Bring a database to the newest schema, and tell whether it is there."""

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fitsvc.keyring import Keyring
from fitsvc.resources import resource_folder
from fitsvc.storage.engine import build_engine


class DatabaseNotReady(Exception):
    """The database cannot be reached or does not have the schema this version needs."""


def alembic_config(database_url: str = "", keys: Keyring | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(resource_folder("migrations")))
    config.attributes["database_url"] = database_url
    config.attributes["keys"] = keys
    return config


def migrate(database_url: str, keys: Keyring, revision: str = "head") -> None:
    """Upgrade to the revision. Data stays in place. Raises DatabaseNotReady when there is nobody to talk to."""
    engine = build_engine(database_url, keys)
    try:
        require_answer(engine)
    finally:
        engine.dispose()
    command.upgrade(alembic_config(database_url, keys), revision)


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision(engine: Engine) -> str | None:
    """The database's revision; None for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_answer(engine: Engine) -> None:
    """Raises DatabaseNotReady unless the database can be reached. Its address may hold a password and is not told."""
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        raise DatabaseNotReady(
            f"the database does not answer ({type(error).__name__}): is FITSVC_DATABASE_URL right?"
        ) from error


def require_newest(engine: Engine) -> None:
    """Raises DatabaseNotReady, saying what to do, unless the database has this version's schema."""
    require_answer(engine)
    found = current_revision(engine)
    newest = newest_revision()
    if found != newest:
        raise DatabaseNotReady(
            f"the database is at {found or 'nothing'}, this version needs {newest}: run `fitsvc migrate`"
        )
