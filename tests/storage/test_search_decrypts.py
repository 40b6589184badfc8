"""Search decrypts within the actor's own scope and nothing else, in a fixed number of queries."""

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from fitsvc.keyring import Keyring
from fitsvc.storage.caseload import search_case_lines
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.respondents import search_persons
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.keys import KEYS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that was decrypted."""
    found: list[str] = []
    decrypt = Keyring.decrypt_text

    def note(self: Keyring, stored: str) -> str:
        found.append(decrypt(self, stored))
        return found[-1]

    monkeypatch.setattr(Keyring, "decrypt_text", note)
    return found


@pytest.fixture
def others(build: Builder, cast: Cast) -> None:
    """Cases the caseworker may not see, and one more they may."""
    for number in range(20):
        build.respondent(build.case(display_name=f"Ravn af en anden {number}"))
    build.respondent(build.case(display_name="Ravnhild", team={cast.caseworker: TeamPart.CASEWORKER}))
    build.session.commit()


def test_a_case_is_found_among_ones_own_and_no_other_name_is_decrypted(
    engine: Engine, cast: Cast, build: Builder, others: None, read: list[str]
) -> None:
    fresh = build_engine(engine.url.render_as_string(hide_password=False), KEYS)
    statements: list[str] = []
    event.listen(fresh, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with Session(writing(fresh)) as session:
        by = acting(cast.caseworker, build.today)
        found = search_case_lines(session, by, "ravn", shared_forms=["x"], limit=50)
    fresh.dispose()
    assert {one.display_name for one in found} == {"Ravn", "Ravnhild"}
    assert set(read) == {"Ravn", "Ravnhild"}
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


def test_a_person_is_found_among_ones_own_and_no_other_name_is_decrypted(
    engine: Engine, cast: Cast, build: Builder, others: None, read: list[str]
) -> None:
    fresh = build_engine(engine.url.render_as_string(hide_password=False), KEYS)
    with Session(writing(fresh)) as session:
        by = acting(cast.caseworker, build.today)
        found = search_persons(session, by, "person", not_in=cast.case.id)
    fresh.dispose()
    assert [case_name for _person, _role, case_name in found] == ["Ravnhild"]
    assert not [one for one in read if "anden" in one]
