"""100,000 rows through `fitsvc import-ratings`: how long it takes and how much memory it needs.

    make performance PYTEST_ARGS="tests/performance/test_import.py"

The numbers stand in docs/import.md. Each import is a process of its own; the memory is its peak (resident).
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.keys import DATA_KEYS

ROWS = 100_000
CASES = 5_000
MEMORY_LIMIT_MB = 400
COMMAND = "from fitsvc.cli import main; main()"
MAPPING = """
[case]
column = "sag"
create = true
unit = "Familiehuset"
create_unit = true
birth_month = "2012-05"
measure_type = "preventive"
legal_basis = "barnets lov § 32"
purpose = "Measured"

[rater]
role = "teacher"

[series]
key = "absence"
name = "Fravær"
unit = "%"
minimum = 0
maximum = 100
direction = "lower_is_better"
reference_spread = 12
reliability = 0.8
reliability_source = "Assumption"

[[values]]
column = "fravær"
date_column = "dato"
"""


def numbers() -> list[tuple[str, date, int]]:
    """20 weeks of every case, week by week."""
    monday = date(2025, 1, 6)
    return [
        (f"SAG-{number % CASES:05}", monday + timedelta(weeks=number // CASES), number * 7919 % 101)
        for number in range(ROWS)
    ]


def write_csv(path: Path) -> None:
    lines = [f"{case};{day};{value}" for case, day, value in numbers()]
    path.write_text("\n".join(["sag;dato;fravær", *lines]) + "\n")


def write_xlsx(path: Path) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["sag", "dato", "fravær"])
    for row in numbers():
        sheet.append(row)
    workbook.save(path)


def run(environment: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one `fitsvc` command, which must succeed."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, usage.ru_maxrss / 1024


@pytest.mark.parametrize(("suffix", "write"), [("csv", write_csv), ("xlsx", write_xlsx)])
def test_one_hundred_thousand_rows(tmp_path: Path, suffix: str, write: Callable[[Path], None]) -> None:
    file, mapping = tmp_path / f"absence.{suffix}", tmp_path / "absence.toml"
    write(file)
    mapping.write_text(MAPPING)
    environment = os.environ | {
        "FITSVC_DATABASE_URL": f"sqlite:///{tmp_path / 'measured.sqlite'}",
        "FITSVC_DATA_KEYS": DATA_KEYS,
        "FITSVC_SECRET_KEY": "a-secret-key-for-measuring-only-0123456789",
        "FITSVC_BASE_URL": "http://localhost",
        "FITSVC_KOMMUNE_PHONE": "12 34 56 78",
    }
    run(environment, "migrate")
    command = ("import-ratings", str(file), "--mapping", str(mapping))
    print(f"\n{suffix}: {ROWS:,} rows, {CASES:,} cases, {file.stat().st_size / 1e6:.1f} MB")
    for name, arguments in (("dry run", (*command, "--dry-run")), ("import", command), ("again", command)):
        seconds, megabytes = run(environment, *arguments)
        print(f"  {name:<8} {seconds:6.1f} s  {megabytes:6.0f} MB")
        assert megabytes < MEMORY_LIMIT_MB
    with sqlite3.connect(tmp_path / "measured.sqlite") as database:
        assert database.execute("SELECT count(*) FROM external_values").fetchone() == (ROWS,)
        assert database.execute("SELECT count(*) FROM staged_values").fetchone() == (0,)
