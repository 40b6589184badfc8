"""`fitsvc access-request`: one command, one file, one row in the log."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.cli import main
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.schema import migrate
from fitsvc.storage.engine import build_engine
from fitsvc.storage.logs import AuditLog
from tests.builders import Builder
from tests.cast import Cast, invite_cast
from tests.keys import DATA_KEYS, KEYS


@pytest.fixture
def cast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> Cast:
    """Ravn's case with a rating of the child and one of the teacher, who has taken it back."""
    url = f"sqlite:///{tmp_path / 'cli.sqlite'}"
    for name, value in {
        "FITSVC_DATABASE_URL": url,
        "FITSVC_DATA_KEYS": DATA_KEYS,
        "FITSVC_SECRET_KEY": "k" * 40,
        "FITSVC_BASE_URL": "http://localhost",
    }.items():
        monkeypatch.setenv(name, value)
    migrate(url, KEYS)
    engine = build_engine(url, KEYS)
    with Session(engine, expire_on_commit=False) as session:
        build = Builder(session, catalogue, datetime(2026, 3, 16, 9, 0, tzinfo=UTC))
        cast = invite_cast(build)
        build.rating(cast.child, 4, build.today)
        build.rating(cast.teacher, 7, build.today, instrument_id="wellbeing-professional")
        cast.teacher.withdrawn_at = build.now
        session.commit()
    engine.dispose()
    return cast


def test_one_command_writes_everything_about_a_child(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    told = CliRunner().invoke(main, ["access-request", "sag-1001", "--out", str(file)])
    assert told.exit_code == 0, told.output
    assert "Ravn" not in told.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with ZipFile(file) as archive:
        assert archive.read("aktindsigt.pdf").startswith(b"%PDF-1.7")
        page = archive.read("aktindsigt.html").decode()
        tables = json.loads(archive.read("aktindsigt.json"))["tables"]
    assert "Hvad tjenesten gemmer om dig og din sag" in page
    assert [row["respondent_id"] for row in tables["ratings"]] == [str(cast.child.id)]
    engine = build_engine(f"sqlite:///{tmp_path / 'cli.sqlite'}", KEYS)
    with Session(engine) as session:
        act = session.scalars(select(AuditLog).where(AuditLog.act == Act.ACCESS_GIVEN)).one()
    engine.dispose()
    assert (act.case_id, act.origin, act.staff_id) == (cast.case.id, "command", None)
    again = CliRunner().invoke(main, ["access-request", "SAG-1001", "--out", str(file)])
    assert again.exit_code == 1


def test_a_case_or_respondent_that_is_not_there_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    for arguments in (["SAG-0"], ["SAG-1001", "--without", str(uuid4())]):
        told = CliRunner().invoke(main, ["access-request", *arguments, "--out", str(file)])
        assert told.exit_code == 1
        assert not file.exists()


def test_a_folder_that_is_not_there_is_told_in_one_line_before_anything_is_read(
    cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "copy.zip"
    told = CliRunner().invoke(main, ["access-request", "SAG-1001", "--out", str(file)])
    assert (told.exit_code, told.output) == (1, "the folder is not there, or nothing can be written in it\n")
    engine = build_engine(f"sqlite:///{tmp_path / 'cli.sqlite'}", KEYS)
    with Session(engine) as session:
        assert session.scalars(select(AuditLog).where(AuditLog.act == Act.ACCESS_GIVEN)).all() == []
    engine.dispose()
