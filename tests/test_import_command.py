"""`fitsvc import-ratings` and `fitsvc list-change` as they are typed, and the documented walk with real data."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.cli import main
from fitsvc.config import Config
from fitsvc.import_command import _progress as progress_bar
from fitsvc.storage.cases import Case
from fitsvc.storage.external import ExternalValue
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.cohort.files import SERIES, write
from tests.keys import DATA_KEYS

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
BTHEB, MAPPING = str(DATA / "btheb.csv"), str(DATA / "btheb.toml")
WALK = ROOT / "docs" / "walk-beat-the-blues.md"
SCORES = ("bdi_pre", "bdi_2m", "bdi_4m", "bdi_6m", "bdi_8m")


@pytest.fixture(autouse=True)
def environment(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FITSVC_DATABASE_URL", config.database_url)
    monkeypatch.setenv("FITSVC_SECRET_KEY", config.secret_key)
    monkeypatch.setenv("FITSVC_DATA_KEYS", DATA_KEYS)
    monkeypatch.setenv("FITSVC_BASE_URL", config.base_url)
    monkeypatch.setenv("FITSVC_KOMMUNE_PHONE", config.kommune_phone)
    return


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def judged_by_hand() -> tuple[float, dict[str, int]]:
    """The change classes of the patients, from the file alone: no function of the service takes part."""
    with open(BTHEB, newline="") as file:
        patients = [[float(row[name]) for name in SCORES if row[name]] for row in csv.DictReader(file)]
    before = [scores[0] for scores in patients]
    mean = sum(before) / len(before)
    spread = (sum((score - mean) ** 2 for score in before) / (len(before) - 1)) ** 0.5
    limit = 1.96 * (2 * spread**2 * (1 - 0.80)) ** 0.5
    counts = {"improved": 0, "unchanged": 0, "deteriorated": 0, "cannot_be_judged": 0}
    for scores in patients:
        fall = scores[0] - scores[-1]
        if len(scores) < 2:
            counts["cannot_be_judged"] += 1
        elif fall > limit:
            counts["improved"] += 1
        else:
            counts["deteriorated" if fall < -limit else "unchanged"] += 1
    return limit, counts


def test_the_documented_walk_gives_the_documented_numbers() -> None:
    imported = run("import-ratings", BTHEB, "--mapping", MAPPING)
    assert imported.exit_code == 0, imported.output
    assert "Imported 380 values from 100 rows; 0 were there already." in imported.stdout
    found = json.loads(run("list-change", "bdi", "--json").stdout)
    limit, counts = judged_by_hand()
    assert found["counts"] == counts
    assert found["n"] == sum(counts.values()) == 100
    [figures] = found["figures"]
    assert (figures["reliability"], figures["z"]) == (0.8, 1.96)
    assert figures["rci_points"] == pytest.approx(limit)
    walk = WALK.read_text()
    told = dict(re.findall(r"^\| (\w+) \((?:[^)]+)\) \| \**(\d+)\** \|$", walk, re.MULTILINE))
    assert told == {
        "Forbedret": str(counts["improved"]),
        "Uændret": str(counts["unchanged"]),
        "Forværret": str(counts["deteriorated"]),
        "Ubedømt": str(counts["cannot_be_judged"]),
    }
    assert f"{limit:.2f}".replace(".", ",") in walk
    assert f"{figures['reference_spread']:.2f}".replace(".", ",") in walk


def test_the_listing_shows_what_the_walk_shows() -> None:
    run("import-ratings", BTHEB, "--mapping", MAPPING)
    lines = run("list-change", "bdi").stdout.splitlines()
    shown = [line for line in WALK.read_text().splitlines() if line.startswith(("BTB-", "n = "))]
    assert len(shown) > 3
    assert [line for line in shown if line not in lines] == []
    rows = list(csv.DictReader(run("list-change", "bdi", "--csv").stdout.splitlines()))
    assert len(rows) == 100
    assert rows[99] == {
        "reference": "BTB-100",
        "first_on": "2025-01-06",
        "first": "43.0",
        "last_on": "",
        "last": "",
        "change": "",
        "class": "cannot_be_judged",
    }


def test_the_walks_patients_have_a_page_with_their_numbers(
    app: Flask, client: StaffClient, cast: Cast, session: Session
) -> None:
    assert run("import-ratings", BTHEB, "--mapping", MAPPING).exit_code == 0
    client.sign_in(cast.authority_leader)
    told = {
        "BTB-29": ("36 point", "2 point", "Ændring -34 point: sikker fremgang."),
        "BTB-14": ("30 point", "22 point", "Ændring -8 point"),
        "BTB-64": ("8 point", "26 point", "Ændring +18 point: sikker tilbagegang."),
    }
    found = session.execute(select(Case.reference, Case.id).where(Case.reference.in_(told)))
    addresses = {reference: f"/cases/{case_id}" for reference, case_id in found}
    session.rollback()
    for reference, (first, last, verdict) in told.items():
        page = client.get(addresses[reference])
        assert page.status_code == 200
        assert reference in page.text
        assert f'<td class="number">{first}</td>' in page.text
        assert f'<td class="number">{last}</td>' in page.text
        assert verdict in page.text.replace("\N{MINUS SIGN}", "-")


def test_imported_twice_the_second_time_stores_nothing(session: Session) -> None:
    run("import-ratings", BTHEB, "--mapping", MAPPING)
    again = run("import-ratings", BTHEB, "--mapping", MAPPING)
    assert "Imported 0 values from 100 rows; 380 were there already." in again.stdout
    assert session.scalar(select(func.count()).select_from(ExternalValue)) == 380


def test_a_dry_run_says_what_would_come_and_stores_nothing(session: Session) -> None:
    tried = run("import-ratings", BTHEB, "--mapping", MAPPING, "--dry-run")
    assert tried.exit_code == 0
    assert tried.stdout.splitlines() == [
        "Would import 380 values from 100 rows; 0 were there already.",
        "New: 100 cases, 100 external series, 0 respondents.",
        "Reference spread: 10.84 points.",
    ]
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_every_bad_row_is_a_line_on_standard_error(tmp_path: Path, build: Builder) -> None:
    build.case(reference="S1")
    build.session.commit()
    file = write(tmp_path, "sag;fravær;dato\nS1;101;02-03-2026\nS1;x;03-03-2026\nS2;5;02-03-2026\nS1;5\n")
    mapping = write(tmp_path, SERIES, "m.toml")
    result = run("import-ratings", str(file), "--mapping", str(mapping))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "row 2, column fravær, value '101': not on the scale 0 to 100",
        "row 3, column fravær, value 'x': not a number",
        "row 4, column sag, value 'S2': there is no case with this reference (case.create is not set)",
        "row 5: 2 fields where the header has 3",
        "4 problems in 4 rows: nothing was imported.",
    ]


@pytest.mark.parametrize(
    ("content", "mapping", "said"),
    [
        ("", SERIES, "f.csv: the file is empty"),
        ("sag;x\n1;2\n", SERIES, "f.csv: no column named fravær, dato; there are: sag, x"),
        ("sag;fravær;dato\n", SERIES.replace("teacher", "aunt"), "m.toml: rater.role: expected one of child"),
        ("sag;fravær;dato\n", "[", "m.toml: expected valid TOML"),
    ],
)
def test_a_file_or_mapping_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, content: str, mapping: str, said: str
) -> None:
    file, toml = write(tmp_path, content), write(tmp_path, mapping, "m.toml")
    result = run("import-ratings", str(file), "--mapping", str(toml))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


def test_change_in_a_series_nobody_has_is_said(session: Session) -> None:
    result = run("list-change", "unheard-of")
    assert result.exit_code == 1
    assert result.stderr == "no case has values in a series 'unheard-of'\n"


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", seen := Terminal())
    with progress_bar(4) as advance:
        for _row in range(4):
            advance(1)
    assert "Checking and staging rows" in seen.getvalue()
    assert "100%" in seen.getvalue()


def test_without_a_terminal_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", seen := io.StringIO())
    with progress_bar(4) as advance:
        advance(4)
    assert seen.getvalue() == ""
