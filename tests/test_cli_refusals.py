"""Every command says in one line what is wrong, and ends with another code than 0."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fitsvc.cli import main
from fitsvc.schema import migrate
from tests.keys import DATA_KEYS, KEYS

ADMIN = ["create-admin", "--email", "a@example.org", "--name", "Ask", "--unit", "Stab", "--password"]
GOOD_PASSWORD = "Kq7-vXz2-pLm9"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'cli.sqlite'}"
    settings = {"DATABASE_URL": url, "DEMO": "1", "BASE_URL": "http://127.0.0.1:8000", "DATA_KEYS": DATA_KEYS}
    for name, value in settings.items():
        monkeypatch.setenv(f"FITSVC_{name}", value)
    return url


def refused(*arguments: str) -> str:
    """The one line a command ends with."""
    result: Result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code not in {0, None}
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    lines = [one for one in result.output.splitlines() if one and not one.startswith(("Usage:", "Try "))]
    assert len(lines) == 1, result.output
    return lines[0]


COMMANDS = (["migrate"], ["demo"], ["serve"], ["check"], [*ADMIN, GOOD_PASSWORD], ["list-change", "absence"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
@pytest.mark.parametrize("kind", ["nobody answers", "no database", "a folder"])
def test_a_database_that_does_not_answer_is_told_in_one_line(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], kind: str
) -> None:
    (tmp_path / "garbage.sqlite").write_text("this is no database at all")
    url = {
        "nobody answers": "postgresql://somebody:hidden@127.0.0.1:1/none",
        "no database": f"sqlite:///{tmp_path / 'garbage.sqlite'}",
        "a folder": f"sqlite:///{tmp_path}",
    }[kind]
    monkeypatch.setenv("FITSVC_DATABASE_URL", url)
    line = refused(*command)
    assert "does not answer" in line
    assert "hidden" not in line


def test_a_demo_in_a_folder_that_cannot_be_made_is_refused(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FITSVC_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'demo.sqlite'}")
    assert "cannot be made" in refused("demo")


@pytest.mark.parametrize("day", ["nonsense", "0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_demo_lives_on_a_day_people_live_on(database: str, day: str) -> None:
    assert "--today" in refused("demo", "--today", day)


@pytest.mark.parametrize("command", [["serve"], ["demo"]], ids=lambda one: one[0])
def test_an_instrument_pack_that_cannot_be_read_is_named(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    if command == ["serve"]:
        migrate(database, KEYS)
    packs = tmp_path / "packs"
    packs.mkdir()
    (packs / "broken.toml").write_text("id = ", encoding="utf-8")
    monkeypatch.setenv("FITSVC_INSTRUMENT_PACKS", str(packs))
    assert "broken.toml" in refused(*command)


def test_a_port_in_use_is_named(database: str) -> None:
    migrate(database, KEYS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert str(taken.getsockname()[1]) in refused("serve", "--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"--name": " "}, "name:"),
        ({"--name": "x" * 81}, "name:"),
        ({"--name": "010101-1234"}, "CPR"),
        ({"--unit": ""}, "unit:"),
        ({"--email": "nonsense"}, "--email"),
        ({"--password": "short"}, "12 characters"),
        ({"--password": "passwordpassword"}, "first that somebody would try"),
    ],
)
def test_an_administrator_is_held_to_what_the_pages_hold_others_to(
    database: str, changed: dict[str, str], told: str
) -> None:
    migrate(database, KEYS)
    arguments = [*ADMIN, GOOD_PASSWORD]
    for option, value in changed.items():
        arguments[arguments.index(option) + 1] = value
    assert told in refused(*arguments)
