"""`fitsvc list-change`: who changed reliably in an external series, with the figures they were judged by."""

import csv
import io
import json
import sys
from typing import Any

import click
from sqlalchemy.orm import Session

from fitsvc.domain.instrument import Direction
from fitsvc.domain.measure import DEFAULT_Z
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.series_change import CaseChange, SeriesChange, change_in_series
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine
from fitsvc.web.csv_guard import guarded

COLUMNS = ("reference", "first_on", "first", "last_on", "last", "change", "class")
DIRECTIONS = {Direction.HIGHER_IS_BETTER: "higher is better", Direction.LOWER_IS_BETTER: "lower is better"}


@click.command("list-change")
@click.argument("series_key")
@click.option("--json", "form", flag_value="json", help="One JSON object and nothing else.")
@click.option("--csv", "form", flag_value="csv", help="The cases as CSV, one a line.")
def list_change(series_key: str, form: str | None) -> None:
    """List each case's first and last value in the external series SERIES_KEY, and whether it changed reliably."""
    config = load_config()
    engine = build_engine(config.database_url, config.data_keys)
    try:
        require_newest(engine)
        with Session(engine) as session:
            found = change_in_series(session, series_key=series_key)
    except DatabaseNotReady as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    finally:
        engine.dispose()
    if found is None:
        click.echo(f"no case has values in a series {series_key!r}", err=True)
        sys.exit(1)
    shown = {"json": _as_json, "csv": _as_csv}.get(form or "", _as_text)
    click.echo(shown(found))


def _row(case: CaseChange) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "first_on": case.first_on.isoformat(),
        "first": case.first,
        "last_on": case.last_on.isoformat() if case.last_on else None,
        "last": case.last,
        "change": case.change,
        "class": case.change_class.value,
    }


def _as_json(found: SeriesChange) -> str:
    series = found.series
    content = {
        "series": series.series_key,
        "name": series.name,
        "minimum": series.minimum,
        "maximum": series.maximum,
        "direction": series.direction.value,
        "figures": [
            {"reference_spread": sd, "reliability": reliability, "z": DEFAULT_Z, "rci_points": rci}
            for sd, reliability, rci in found.figures
        ],
        "n": len(found.cases),
        "counts": {one.value: number for one, number in found.counts.items()},
        "cases": [_row(case) for case in found.cases],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _as_csv(found: SeriesChange) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for case in found.cases:
        row = _row(case)
        writer.writerow(
            {name: guarded(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        )
    return text.getvalue().rstrip("\n")


def _as_text(found: SeriesChange) -> str:
    series = found.series
    scale = f"{series.minimum:g} to {series.maximum:g}, {DIRECTIONS[series.direction]}"
    lines = [f"{series.name} ({series.series_key}), {scale}"]
    for sd, reliability, rci in found.figures:
        if sd is None or reliability is None or rci is None:
            lines.append("No reference spread and reliability: change cannot be judged.")
        else:
            lines.append(
                f"Reference spread {sd:.2f}, reliability {reliability:g}:"
                f" a change of more than {rci:.2f} points is reliable (z = {DEFAULT_Z})."
            )
    lines += ["", f"{'case':<16} {'first':>17} {'last':>17} {'change':>8}  class"]
    for case in found.cases:
        last = f"{case.last_on} {case.last:>6g}" if case.last_on and case.last is not None else ""
        change = f"{case.change:+g}" if case.change is not None else ""
        first = f"{case.first_on} {case.first:>6g}"
        lines.append(f"{case.reference:<16} {first:>17} {last:>17} {change:>8}  {_words(case.change_class)}")
    counts = ", ".join(f"{number} {_words(one)}" for one, number in found.counts.items())
    return "\n".join([*lines, "", f"n = {len(found.cases)}: {counts}"])


def _words(code: str) -> str:
    return str(code).replace("_", " ")
