"""The database knows its keys: a wrong or missing one is told at start, and a new one takes over in steps."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.cli import main
from fitsvc.config import Config
from fitsvc.keyring import KEY_BYTES, Keyring, new_key
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services import data_keys
from fitsvc.services.data_keys import rotate
from fitsvc.storage.cases import Case
from fitsvc.storage.data_keys import CHECK
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.frozen import FrozenReport
from fitsvc.storage.installation import InstallationFact
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.keys import DATA_KEYS, KEYS

OTHER = bytes(KEY_BYTES)
WRONG, GONE = Keyring.of({"test": OTHER}), Keyring.of({"new": OTHER})
BOTH = Keyring.of({"new": OTHER, **KEYS.keys})


@contextmanager
def opened(engine: Engine, keys: Keyring) -> Iterator[Engine]:
    """The same database with other keys."""
    built = writing(build_engine(engine.url.render_as_string(hide_password=False), keys))
    try:
        yield built
    finally:
        built.dispose()


@pytest.mark.parametrize(
    ("keys", "told"), [(WRONG, "the key test is not the one"), (GONE, "the key test is missing")]
)
def test_a_wrong_or_missing_key_is_told_at_start_and_nothing_is_changed(
    engine: Engine, cast: Cast, keys: Keyring, told: str
) -> None:
    require_newest(engine)
    with opened(engine, keys) as wrong, pytest.raises(DatabaseNotReady, match=told) as refused:
        require_newest(wrong)
    assert OTHER.hex() not in str(refused.value)
    require_newest(engine)


@pytest.mark.parametrize("keys", [WRONG, GONE])
def test_a_database_that_knows_no_key_yet_is_read_first(engine: Engine, cast: Cast, keys: Keyring) -> None:
    with Session(writing(engine)) as session, session.begin():
        session.execute(delete(InstallationFact))
    with opened(engine, keys) as wrong, pytest.raises(DatabaseNotReady, match="written with another key"):
        require_newest(wrong)
    require_newest(engine)


def test_a_second_key_is_noted_before_it_writes(engine: Engine, cast: Cast) -> None:
    with opened(engine, BOTH) as both:
        require_newest(both)
    with pytest.raises(DatabaseNotReady, match="the key new is missing"):
        require_newest(engine)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "command", [["check"], ["migrate"], ["rotate-data-keys"], ["list-change", "absence"]]
)
def test_every_command_refuses_in_one_line(
    engine: Engine, cast: Cast, config: Config, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    require_newest(engine)
    for name, value in {
        "FITSVC_DATABASE_URL": config.database_url, "FITSVC_DATA_KEYS": f"test:{new_key()}",
        "FITSVC_SECRET_KEY": "k" * 40, "FITSVC_BASE_URL": "http://localhost",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    found = CliRunner().invoke(main, command)
    assert found.exit_code in {1, 2}
    assert "FITSVC_DATA_KEYS: the key test is not the one" in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_service_does_not_start_with_another_key(engine: Engine, cast: Cast, config: Config) -> None:
    require_newest(engine)
    with pytest.raises(DatabaseNotReady, match="is not the one"):
        create_app(replace(config, data_keys=WRONG))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_value_whose_key_is_gone_is_a_clear_page_and_no_garbage(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    stored = GONE.encrypt_text("Ravn")
    session.execute(text("UPDATE cases SET display_name = :value"), {"value": stored})
    session.commit()
    answer = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}")
    assert answer.status_code == 500
    assert "Noget på siden kan ikke læses" in answer.text
    assert stored not in answer.text
    assert "Traceback" not in answer.text


def test_a_new_key_is_printed_as_settings_want_it() -> None:
    for command in (["new-data-key"], ["new-data-key", "--id", "k2027"]):
        found = CliRunner().invoke(main, command)
        assert found.exit_code == 0
        assert Keyring.parse(found.output).writing_id.startswith("k20")
    assert CliRunner().invoke(main, ["new-data-key", "--id", "NOT SO"]).exit_code == 2


# --- rotation ---------------------------------------------------------------------------------------------------------


class Transactions:
    """Counts them, and breaks off after so many."""

    def __init__(self, engine: Engine, most: int = 10_000) -> None:
        self.engine, self.most, self.begun = engine, most, 0

    @contextmanager
    def _begin(self) -> Iterator[Session]:
        with Session(self.engine) as session, session.begin():
            yield session

    def __call__(self) -> AbstractContextManager[Session]:
        self.begun += 1
        if self.begun > self.most:
            raise KeyboardInterrupt
        return self._begin()


@pytest.fixture
def furnished(build: Builder, cast: Cast, session: Session) -> Cast:
    for number in range(7):
        build.case(display_name=f"Barn {number}")
    meeting = build.meeting(cast.episode, build.today)
    session.add(
        FrozenReport(
            case_id=cast.case.id, meeting_id=meeting.id, kind="report", language="da", names_hidden=False,
            pdf=b"%PDF", pdf_sha256="x", snapshot=b"{}", snapshot_sha256="x", summary="Ravn", software_version="1",
            rules_version="1", frozen_by_id=cast.caseworker.id, frozen_at=build.now,
        )
    )  # fmt: skip
    session.commit()
    return cast


def test_rotation_writes_everything_anew_and_lets_the_old_key_go(
    engine: Engine, furnished: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_keys, "AT_ONCE", 3)
    require_newest(engine)
    with opened(engine, BOTH) as both:
        require_newest(both)
        with pytest.raises(KeyboardInterrupt):
            rotate(Transactions(both, most=4), keys=BOTH)
        done = rotate(Transactions(both), keys=BOTH)
        assert [(one.id, one.needed_by) for one in done.old_keys] == [("test", {})]
        assert rotate(Transactions(both), keys=BOTH).rows_written == 0
    with opened(engine, GONE) as only_new:
        require_newest(only_new)
        with Session(only_new) as session:
            assert "Ravn" in set(session.scalars(select(Case.display_name)))
            report = session.scalars(select(FrozenReport)).one()
            assert session.scalar(select(FrozenReport.pdf)) == b"%PDF"
            assert session.scalar(select(FrozenReport.summary).where(FrozenReport.id == report.id)) == "Ravn"
            assert session.get(InstallationFact, CHECK + "test") is None
    with pytest.raises(DatabaseNotReady, match="the key new is missing"):
        require_newest(engine)


def test_rows_of_the_logs_are_left_and_the_key_they_need_is_named(
    engine: Engine, furnished: Cast, session: Session
) -> None:
    session.execute(
        text(
            "INSERT INTO access_log (at, staff_id, access, case_ids, origin, why)"
            " VALUES ('2026-03-16 09:00:00', :staff, 'case_read', '[]', 'x', :why)"
        ),
        {"staff": furnished.caseworker.id.hex, "why": KEYS.encrypt_text("Mor ringede")},
    )
    session.commit()
    require_newest(engine)
    with opened(engine, BOTH) as both:
        require_newest(both)
        done = rotate(Transactions(both), keys=BOTH)
    assert [(one.id, one.needed_by) for one in done.old_keys] == [("test", {"access_log": 1})]
    with opened(engine, GONE) as only_new, pytest.raises(DatabaseNotReady, match="the key test is missing"):
        require_newest(only_new)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_what_can_go(
    engine: Engine, furnished: Cast, config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    require_newest(engine)
    keys = tmp_path / "keys"
    keys.write_text(f"new:{new_key()}\n{DATA_KEYS}\n", encoding="utf-8")
    for name, value in {
        "FITSVC_DATABASE_URL": config.database_url, "FITSVC_DATA_KEYS_FILE": str(keys),
        "FITSVC_SECRET_KEY": "k" * 40, "FITSVC_BASE_URL": "http://localhost",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    found = CliRunner().invoke(main, ["rotate-data-keys"])
    assert found.exit_code == 0, found.output
    assert "rows were encrypted with the key new" in found.output
    assert "The key test: nothing needs it" in found.output
