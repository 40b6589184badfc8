"""Bring a database to the newest schema, and tell whether it is there."""

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fitsvc.keyring import Keyring, WrongKey
from fitsvc.resources import resource_folder
from fitsvc.storage.data_keys import list_new_keys, note_key, require_known_keys
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.secret import keys_of


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
    if revision == "head":
        engine = build_engine(database_url, keys)
        try:
            require_keys(engine)
        finally:
            engine.dispose()


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
    """Raises DatabaseNotReady, saying what to do, unless the database has this version's schema and these are its keys.

    Every command and the service itself begin here.
    """
    require_answer(engine)
    found = current_revision(engine)
    newest = newest_revision()
    if found != newest:
        raise DatabaseNotReady(
            f"the database is at {found or 'nothing'}, this version needs {newest}: run `fitsvc migrate`"
        )
    require_keys(engine)


def require_keys(engine: Engine) -> None:
    """Raises DatabaseNotReady when the keys are not those the database was written with; a new one is noted."""
    keys = keys_of(engine.dialect)
    try:
        with Session(engine) as session:
            require_known_keys(session, keys)
            new = list_new_keys(session, keys)
    except WrongKey as error:
        raise DatabaseNotReady(f"FITSVC_DATA_KEYS: {error}") from error
    if new:
        with Session(writing(engine)) as session, session.begin():
            for key_id in new:
                note_key(session, keys, key_id)
