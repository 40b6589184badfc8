"""What `fitsvc check` looks at: settings, instruments, system libraries and the database."""

from collections.abc import Callable, Mapping
from ctypes.util import find_library

from sqlalchemy.orm import Session

from fitsvc.config import Config, ConfigError, read_config
from fitsvc.domain.instrument import InstrumentError
from fitsvc.instruments import load_catalogue
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.kommune_accounts import find_unknown_units
from fitsvc.storage.engine import build_engine

SYSTEM_LIBRARIES = {
    "pango-1.0": "Pango (Debian: libpango-1.0-0), without which no meeting can be noted as held",
    "pangoft2-1.0": "Pango for FreeType (Debian: libpangoft2-1.0-0), without which no PDF is made",
}


def find_problems(
    environment: Mapping[str, str], find: Callable[[str], str | None] = find_library
) -> list[str]:
    """Everything that is missing or wrong, one line each; empty when the service can run."""
    problems = [
        f"system library missing: {what}" for name, what in SYSTEM_LIBRARIES.items() if not find(name)
    ]
    try:
        config = read_config(environment)
    except ConfigError as error:
        return error.problems + problems
    return problems + _instrument_problems(config) + _database_problems(config)


def _instrument_problems(config: Config) -> list[str]:
    try:
        load_catalogue(config.instrument_packs)
    except InstrumentError as error:
        return [f"instruments: {error}"]
    return []


def _database_problems(config: Config) -> list[str]:
    engine = build_engine(config.database_url, config.data_keys)
    try:
        require_newest(engine)
        with Session(engine) as session:
            return _unit_problems(config, session)
    except DatabaseNotReady as error:
        return [str(error)]
    finally:
        engine.dispose()


def _unit_problems(config: Config, session: Session) -> list[str]:
    """Units the kommune's mapping leads to and nobody has made."""
    if config.kommune_provider is None:
        return []
    missing = find_unknown_units(session, config.kommune_provider.mapping)
    return [
        f"FITSVC_OIDC_MAPPING: units.values: no unit of this service is called {one!r}" for one in missing
    ]
