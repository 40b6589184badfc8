import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from fitsvc import create_app
from fitsvc.app import create_app as create_app_with
from fitsvc.checkup import find_problems
from fitsvc.cli import COMMANDS, main
from fitsvc.config import read_config
from fitsvc.schema import migrate
from fitsvc.services.instruments import InstrumentsChanged
from fitsvc.services.passwords import matches
from fitsvc.storage.accounts import find_staff_by_email
from fitsvc.storage.engine import build_engine
from fitsvc.web.database import db
from tests.keys import DATA_KEYS, KEYS


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    settings = {
        "FITSVC_DATABASE_URL": f"sqlite:///{tmp_path / 'cli.sqlite'}",
        "FITSVC_DATA_KEYS": DATA_KEYS,
        "FITSVC_SECRET_KEY": "k" * 40,
        "FITSVC_BASE_URL": "http://localhost",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def test_migrate_makes_a_database_the_check_is_content_with(environment: dict[str, str]) -> None:
    before = CliRunner().invoke(main, ["check"])
    assert before.exit_code == 1
    assert "fitsvc migrate" in before.output
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    after = CliRunner().invoke(main, ["check"])
    assert after.exit_code == 0, after.output


def test_check_names_every_kind_of_problem() -> None:
    problems = find_problems({}, find=lambda _name: None)
    text = "\n".join(problems)
    for expected in ("FITSVC_DATABASE_URL", "FITSVC_SECRET_KEY", "FITSVC_BASE_URL", "libpango-1.0-0"):
        assert expected in text


def test_check_names_an_instrument_pack_that_cannot_be_used(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "broken.toml").write_text("id = ", encoding="utf-8")
    problems = find_problems(environment | {"FITSVC_INSTRUMENT_PACKS": str(tmp_path / "packs")})
    assert any("broken.toml" in problem for problem in problems)


def test_without_settings_every_command_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FITSVC_DATABASE_URL", "FITSVC_SECRET_KEY", "FITSVC_BASE_URL", "FITSVC_DEMO"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, ["migrate"])
    assert result.exit_code == 2
    assert "FITSVC_SECRET_KEY: missing" in result.output


def test_the_service_does_not_start_on_a_database_without_its_schema(environment: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match="fitsvc migrate"):
        create_app()


MOONBEAM = Path(__file__).parent / "packs" / "moonbeam" / "moonbeam.toml"


def start(environment: dict[str, str], packs: Path, pack: str) -> None:
    """Start the service with this one pack, and let go of its database."""
    (packs / "moonbeam.toml").write_text(pack, encoding="utf-8")
    app = create_app_with(read_config(environment | {"FITSVC_INSTRUMENT_PACKS": str(packs)}))
    with app.app_context():
        db.engine.dispose()


def test_the_service_does_not_start_on_an_instrument_changed_under_its_old_version(
    environment: dict[str, str], tmp_path: Path
) -> None:
    migrate(environment["FITSVC_DATABASE_URL"], KEYS)
    packs = tmp_path / "packs"
    packs.mkdir()
    pack = MOONBEAM.read_text(encoding="utf-8")
    changed = pack.replace("min_answered = 4", "min_answered = 3")
    start(environment, packs, pack)
    start(environment, packs, pack)
    with pytest.raises(InstrumentsChanged, match=r"moonbeam 2\.1"):
        start(environment, packs, changed)
    start(environment, packs, changed.replace('version = "2.1"', 'version = "2.2"'))


def test_a_draft_may_be_written_on_between_starts_until_it_can_be_given_out(
    environment: dict[str, str], tmp_path: Path
) -> None:
    migrate(environment["FITSVC_DATABASE_URL"], KEYS)
    packs = tmp_path / "packs"
    packs.mkdir()
    pack = MOONBEAM.read_text(encoding="utf-8")
    draft = pack.replace("[validated]", "structure_only = true\n[validated]", 1)
    start(environment, packs, draft)
    start(environment, packs, draft.replace("min_answered = 4", "min_answered = 3"))
    start(environment, packs, pack)
    with pytest.raises(InstrumentsChanged, match=r"moonbeam 2\.1"):
        start(environment, packs, draft)


def test_flask_offers_every_command_of_fitsvc() -> None:
    offered = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    entry_points = offered["project"]["entry-points"]["flask.commands"]
    assert set(entry_points) == {command.name for command in COMMANDS}


def test_create_admin_makes_an_account_that_can_sign_in(environment: dict[str, str]) -> None:
    runner = CliRunner()
    runner.invoke(main, ["migrate"])
    arguments = ["create-admin", "--email", "Ada@Kommune.dk", "--name", "Ada", "--unit", "IT"]
    made = runner.invoke(main, [*arguments, "--password", "a long enough password"])
    assert made.exit_code == 0, made.output
    engine = build_engine(environment["FITSVC_DATABASE_URL"], KEYS)
    with Session(engine) as session:
        staff = find_staff_by_email(session, "ada@kommune.dk")
        assert staff is not None
        assert [role.name for role in staff.roles] == ["administrator"]
        assert matches("a long enough password", staff.password or "")
    engine.dispose()
    again = runner.invoke(main, [*arguments, "--password", "a long enough password"])
    assert again.exit_code == 1
    assert "already an account" in again.output


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--email", "no-address", "--password", "a long enough password"], "@-sign"),
        (["--email", "b@kommune.dk", "--password", "short"], "at least 12"),
    ],
)
def test_create_admin_refuses_what_cannot_work(
    environment: dict[str, str], arguments: list[str], complaint: str
) -> None:
    CliRunner().invoke(main, ["migrate"])
    result = CliRunner().invoke(main, ["create-admin", "--name", "B", "--unit", "IT", *arguments])
    assert result.exit_code != 0
    assert complaint in result.output
