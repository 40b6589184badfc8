"""What README and docs/ name is there: links, pictures, commands, settings, files, screens, standards."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from fitsvc import kommune_settings
from fitsvc.cadences import load_standards
from fitsvc.cli import COMMANDS
from fitsvc.config import KNOWN, PREFIX, Config
from fitsvc.domain.cadence import Interval, Row
from fitsvc.domain.law import MeasureType

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:\w+/)+[\w.-]*)`")
COMMAND = re.compile(r"(?m)(?:^|[`(| ])(make|fitsvc) ([a-z][a-z-]+)(?=[`\s)…]|$)")
SHORTEST_ALT = 15  # characters: a picture is told, not named

MEASURES = {
    MeasureType.PREVENTIVE: "forebyggende",
    MeasureType.INTENSIVE_PREVENTIVE: "intensiv forebyggende",
    MeasureType.PLACEMENT_OWN_ROOM: "eget værelse",
    MeasureType.PLACEMENT_NETWORK: "netværksfamilie",
    MeasureType.PLACEMENT_FOSTER_FAMILY: "plejefamilie",
    MeasureType.PLACEMENT_INSTITUTION: "institution",
}
EVERY_TYPE = "alle typer undtagen tidlig hjælp"

READ_TOGETHER = ("KOMMUNE_PROVIDER", "MAIL_SERVER")
"""Settings made of variables with other names."""

FOR_TESTS = {PREFIX + "PICTURES", PREFIX + "CHROMIUM"}

of_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@of_each_page
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for picture, words, address in LINK.findall(text_of(page)):
        if address.startswith(("https://", "#")):
            continue
        assert (page.parent / address.split("#")[0]).exists(), address
        if picture:
            assert len(words) >= SHORTEST_ALT, f"{address}: say what there is to see"


@of_each_page
def test_every_file_named_is_there(page: Path) -> None:
    """From the root, or from the package, as README's map names them."""
    for name in NAMED_FILE.findall(text_of(page)):
        assert (ROOT / name).exists() or (ROOT / "fitsvc" / name).exists(), name


@of_each_page
def test_every_command_named_can_be_given(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    own = {"make": targets, "fitsvc": {one.name for one in COMMANDS}}
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text_of(page), re.DOTALL))
    assert not [f"{tool} {name}" for tool, name in COMMAND.findall(code) if name not in own[tool]]


def test_every_setting_is_told_with_its_default() -> None:
    text = text_of(ROOT / "docs" / "operations.md")
    told = dict(re.findall(rf"(?m)^\| `{PREFIX}(\w+)` \| [^|]+ \| (.*) \|$", text))
    of_provider = {name for name in kommune_settings.NAMES if not name.endswith("_FILE")}
    settings = {one.name.upper() for one in fields(Config)} - set(READ_TOGETHER) | of_provider | {"SMTP_URL"}
    assert set(told) == settings
    assert not [name for name in KNOWN - FOR_TESTS if name not in text]
    for one in fields(Config):
        if isinstance(one.default, int) and not isinstance(one.default, bool):
            assert f"default {one.default}" in told[one.name.upper()]


def test_the_map_names_every_part_of_the_package_and_every_screen() -> None:
    text = text_of(ROOT / "README.md")
    parts = {path.parent.name for path in (ROOT / "fitsvc").glob("*/__init__.py")} | {"translations"}
    screens = {path.parent.name for path in (ROOT / "fitsvc" / "web").glob("*/__init__.py")}
    assert not [one for one in parts if f"\n  {one}/" not in text and f" {one}/ " not in text]
    assert not [one for one in screens if f"`{one}`" not in text]


def test_the_table_of_standards_is_the_one_in_force() -> None:
    lines = text_of(ROOT / "docs" / "follow-up.md").splitlines()
    for standard in load_standards().values():
        told = [line for line in lines if line.startswith(f"| {standard.name} |")]
        for measure_type, row in standard.rows.items():
            meant = [line for line in told if names(line.split("|")[2], measure_type)]
            assert [line for line in meant if says(line, row)], f"{standard.id}: {measure_type}"
            assert len(meant) == 1


def names(cell: str, measure_type: MeasureType) -> bool:
    if EVERY_TYPE in cell:
        return True
    kinds = re.split(r"[;,:]", cell)
    return MEASURES.get(measure_type) in [kind.strip() for kind in kinds]


def says(line: str, row: Row) -> bool:
    first, then = line.split("|")[3:5]
    assert row.first is not None
    length = f"{row.first.weeks} uger" if row.first.weeks else f"{row.first.months} måneder"
    expected = every(row.then) if row.then else "kommunen vælger"
    if row.first_year:
        expected = f"{every(row.first_year)} det første år, så {expected}"
    return length in first and expected in then


def every(interval: Interval) -> str:
    return f"hver {interval.weeks}. uge" if interval.weeks else f"hver {interval.months}. måned"
