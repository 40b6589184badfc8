"""Whether a database may become a demo, and emptying one that already is."""

from sqlalchemy import Engine, MetaData, Table, inspect, select

from fitsvc.storage.base import Base
from fitsvc.storage.installation import DEMO_DAYS_AHEAD, InstallationFact
from fitsvc.storage.instruments import InstrumentVersion

_BOOKKEEPING = {"alembic_version", InstallationFact.__tablename__, InstrumentVersion.__tablename__}


def holds_data(engine: Engine) -> bool:
    """Whether any table has a row, bookkeeping aside. A table that is not ours counts as data."""
    names = set(inspect(engine).get_table_names()) - _BOOKKEEPING
    if not names <= set(Base.metadata.tables):
        return True
    with engine.connect() as connection:
        return any(
            connection.execute(select(1).select_from(Base.metadata.tables[name]).limit(1)).first() is not None
            for name in sorted(names)
        )


def is_demo(engine: Engine) -> bool:
    """Whether `fitsvc demo` made what is in this database."""
    facts: Table = Base.metadata.tables[InstallationFact.__tablename__]
    if not inspect(engine).has_table(facts.name):
        return False
    with engine.connect() as connection:
        mark = select(facts.c.name).where(facts.c.name == DEMO_DAYS_AHEAD)
        return connection.execute(mark).first() is not None


def drop_demo(engine: Engine) -> None:
    """Away with every table of a demo; ValueError when this is not one."""
    if not is_demo(engine):
        raise ValueError("not a demo: nothing is dropped")
    found = MetaData()
    with engine.begin() as connection:
        found.reflect(connection)
        found.drop_all(connection)
