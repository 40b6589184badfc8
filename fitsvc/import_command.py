"""`fitsvc import-ratings`: a file of ratings or external values, all of it or nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from fitsvc.cohort.mapping import ImportMapping
from fitsvc.cohort.mapping_file import MappingError, parse_mapping
from fitsvc.cohort.rows import RowProblem, instrument_of
from fitsvc.cohort.table import SourceTable, open_table
from fitsvc.cohort.table_error import TableError
from fitsvc.config import Config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import InstrumentError
from fitsvc.instruments import load_catalogue
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.imports import ImportRefused, Outcome, Transactions, import_table
from fitsvc.services.instruments import InstrumentsChanged, register_instruments
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, transactions, writing
from fitsvc.storage.import_lock import ImportUnderWay, only_import
from fitsvc.storage.publishing import ChangedMeanwhile

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REASONS = {
    ImportUnderWay: "another import is running on this database; wait for it to end",
    ChangedMeanwhile: "somebody else wrote the same cases or values meanwhile: nothing was imported, run it again",
}


@click.command("import-ratings")
@click.argument("file", type=EXISTING_FILE)
@click.option("--mapping", "mapping_file", type=EXISTING_FILE, required=True, help="TOML: docs/import.md.")
@click.option("--dry-run", is_flag=True, help="Check every row and store nothing.")
def import_ratings(file: Path, mapping_file: Path, dry_run: bool) -> None:
    """Import FILE (CSV or XLSX), all rows or none.

    Exit code 1: rows with problems, all named; 2: the file, the mapping or the settings cannot be used.
    """
    config = load_config()
    try:
        mapping = parse_mapping(_read(mapping_file), file=mapping_file.name)
        catalogue = load_catalogue(config.instrument_packs)
        table = open_table(
            file,
            encoding=mapping.file.encoding,
            delimiter=mapping.file.delimiter,
            decimal=mapping.file.decimal,
            sheet=mapping.file.sheet,
        )
        outcome = _run(config, catalogue, mapping, mapping_file.name, table, dry_run)
    except TableError as error:
        _stop(f"{file.name}: {error}")
    except (MappingError, InstrumentError, InstrumentsChanged, DatabaseNotReady, ImportRefused) as error:
        _stop(str(error))
    except (ImportUnderWay, ChangedMeanwhile) as error:
        _stop(REASONS[type(error)])
    _report(outcome, dry_run)
    if outcome.problem_count:
        sys.exit(1)


def _run(
    config: Config,
    catalogue: Catalogue,
    mapping: ImportMapping,
    mapping_name: str,
    table: SourceTable,
    dry_run: bool,
) -> Outcome:
    instrument = instrument_of(mapping, catalogue, file=mapping_name)
    engine = build_engine(config.database_url, config.data_keys)
    try:
        require_newest(engine)
        with nullcontext() if dry_run else only_import(engine), _progress(table.line_count) as advance:
            opened = Transactions(transactions(engine), transactions(writing(engine)))
            if not dry_run:
                with opened.writing() as session:
                    register_instruments(session, catalogue)
            return import_table(
                opened,
                table=table,
                mapping=mapping,
                instrument=instrument,
                now=datetime.now(UTC),
                dry_run=dry_run,
                progress=advance,
            )
    finally:
        engine.dispose()


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error when that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    bar: AbstractContextManager[Any] = click.progressbar(
        length=max(length, 1), label="Checking and staging rows", file=sys.stderr
    )
    with bar as shown:
        yield shown.update


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MappingError(f"{path.name}: cannot be read: {error.strerror or error}") from error


def _stop(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)


def _report(outcome: Outcome, dry_run: bool) -> None:
    """Problems on standard error, one a line; what was stored on standard output."""
    for problem in outcome.problems:
        click.echo(problem_line(problem), err=True)
    hidden = outcome.problem_count - len(outcome.problems)
    if hidden:
        click.echo(f"… and {hidden} more problems", err=True)
    if outcome.problem_count:
        click.echo(
            f"{outcome.problem_count} problems in {outcome.rows} rows: nothing was imported.", err=True
        )
        return
    verb = "Would import" if dry_run else "Imported"
    click.echo(
        f"{verb} {outcome.values} values from {outcome.rows} rows; {outcome.already_there} were there already."
    )
    click.echo(
        f"New: {outcome.new_cases} cases, {outcome.new_series} external series,"
        f" {outcome.new_respondents} respondents."
    )
    if outcome.spread is not None:
        click.echo(f"Reference spread: {outcome.spread:.2f} points.")
    if outcome.kept_figures:
        click.echo(
            f"{outcome.kept_figures} series were there with another spread or reliability and keep it."
        )


def problem_line(problem: RowProblem) -> str:
    """Row, column, value and reason, those that there are."""
    parts = [f"row {problem.row}"]
    if problem.column:
        parts.append(f"column {problem.column}")
    if problem.value:
        parts.append(f"value {problem.value!r}")
    return ", ".join(parts) + f": {problem.reason}"
