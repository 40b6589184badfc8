"""Fixtures of the services' tests."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.cohort.rows import instrument_of
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.imports import Outcome, import_table
from tests.cohort.files import SERIES, mapping_of, open_plain, write
from tests.services.importing import Import, transactions_of


@pytest.fixture
def do_import(
    engine: Engine, session: Session, tmp_path: Path, catalogue: Catalogue, now: datetime
) -> Import:
    """Import a text as CSV; without waiting between two parts."""

    def run(content: str, mapping_text: str = SERIES, *, dry_run: bool = False) -> Outcome:
        session.rollback()  # a look before may still hold the write lock
        mapping = mapping_of(mapping_text)
        return import_table(
            transactions_of(engine),
            table=open_plain(write(tmp_path, content)),
            mapping=mapping,
            instrument=instrument_of(mapping, catalogue, file="m.toml"),
            now=now,
            dry_run=dry_run,
            pause=lambda seconds: None,
        )

    return run
