"""The monthly control, from the warning on the front page to the file for the archive."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.log_control import ChosenFor
from fitsvc.services.log_controls import begin_control
from fitsvc.storage.log_seals import LogControl, LogControlItem
from fitsvc.storage.logs import AuditLog, record_access
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FEBRUARY = {"from_on": "01.02.2026", "until_on": "28.02.2026", "sample_size": "5"}


@pytest.fixture
def dora(client: StaffClient, cast: Cast, session: Session, build: Builder) -> StaffClient:
    """In February Carl read a case on nine working mornings, and one Sunday night."""
    for number in range(9):
        moment = build.now - timedelta(days=28) + timedelta(minutes=number)
        record_access(
            session, staff_id=cast.caseworker.id, access=Access.CASE_READ, case_ids=[cast.case.id], at=moment
        )
    night = build.now - timedelta(days=29, hours=-13)
    record_access(
        session, staff_id=cast.caseworker.id, access=Access.CASE_READ, case_ids=[cast.case.id], at=night
    )
    session.commit()
    return client.sign_in(cast.auditor)


def begin(dora: StaffClient, **fields: str) -> str:
    answer = dora.send("/log/controls", FEBRUARY | fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def items(dora: StaffClient, path: str) -> list[str]:
    return re.findall(r'<fieldset id="verdict-([0-9a-f-]+)"', dora.get(path).text)


def test_the_front_page_warns_until_a_control_is_finished(dora: StaffClient, session: Session) -> None:
    assert "Ikke kontrolleret:" in dora.get("/log").text
    path = begin(dora)
    sent = {f"verdict-{one}": "in_order" for one in items(dora, path)}
    dora.send(path, sent | {"finish": "1", "conclusion": "Alt er i orden."})
    assert session.scalars(select(LogControl)).one().finished_at
    session.commit()
    assert "note-warning" not in dora.get("/log").text


def test_the_sample_is_the_lot_and_everything_unusual(dora: StaffClient, session: Session) -> None:
    begin(dora)
    chosen = [one.chosen_for for one in session.scalars(select(LogControlItem))]
    assert sorted(chosen) == [*[ChosenFor.LOT] * 5, ChosenFor.OUT_OF_HOURS]


def test_the_same_seed_draws_the_same_rows(
    dora: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    path = begin(dora)
    first = session.scalars(select(LogControl)).one()
    again = begin_control(
        session,
        by=acting(cast.auditor, build.today),
        now=build.now,
        key=cast.case.id,
        from_on=first.from_on,
        until_on=first.until_on,
        sample_size=first.sample_size,
        seed=first.seed,
    )
    rows = {
        control: {
            (one.access_seq, one.chosen_for)
            for one in session.scalars(select(LogControlItem).where(LogControlItem.control_id == control))
        }
        for control in (first.id, again)
    }
    assert rows[first.id] == rows[again]
    assert str(first.id) in path


def test_nothing_is_finished_before_every_row_is_judged_and_a_conclusion_written(
    dora: StaffClient, session: Session
) -> None:
    path = begin(dora)
    rows = items(dora, path)
    assert len(rows) == 6
    some = {f"verdict-{one}": "in_order" for one in rows[1:]}
    answer = dora.send(path, some | {"finish": "1", "conclusion": "Alt er i orden."})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 5
    assert "Alt er i orden." in answer.text
    every = some | {f"verdict-{rows[0]}": "not_in_order"}
    assert dora.send(path, every | {"finish": "1", "conclusion": "x"}).status_code == 422, "no note"
    every |= {f"note-{rows[0]}": "Talt med lederen"}
    assert dora.send(path, every | {"finish": "1", "conclusion": ""}).status_code == 422
    assert dora.send(path, every).status_code == 303
    assert (
        dora.send(path, every | {"finish": "1", "conclusion": "Én læsning var ikke i orden."}).status_code
        == 303
    )
    acts = [one.act for one in session.scalars(select(AuditLog))]
    assert acts.count(Act.LOG_CONTROL_JUDGED) == 6
    assert acts.count(Act.LOG_CONTROL_FINISHED) == 1


def test_a_finished_control_does_not_change(dora: StaffClient, session: Session) -> None:
    path = begin(dora)
    rows = items(dora, path)
    dora.send(path, {f"verdict-{one}": "in_order" for one in rows} | {"finish": "1", "conclusion": "Godt."})
    late = dora.send(path, {f"verdict-{rows[0]}": "not_in_order", f"note-{rows[0]}": "Nej"})
    assert late.status_code == 422
    assert dora.send(path, {"finish": "1", "conclusion": "Andet"}).status_code == 422
    control = session.scalars(select(LogControl)).one()
    assert control.conclusion == "Godt."
    assert {one.verdict for one in session.scalars(select(LogControlItem))} == {"in_order"}


def test_a_control_is_taken_along_in_three_forms(dora: StaffClient, cast: Cast) -> None:
    path = begin(dora)
    told = json.loads(dora.get(f"{path}/file.json").text)
    assert (told["format"], told["sample_size"], len(told["rows"])) == ("fitsvc log control 1", 5, 6)
    assert "sealed_chain" in told
    assert told["rows"][0]["cases"] == ["SAG-1001"]
    assert dora.get(f"{path}/file.csv").data.decode("utf-8-sig").count("\r\n") == 7
    paper = dora.get(f"{path}/file.html").text
    assert "Stikprøvekontrol af loggen" in paper
    assert cast.case.display_name not in paper


@pytest.mark.parametrize(
    "wrong",
    [
        {"until_on": "16.03.2026"},  # today is not over
        {"from_on": "01.03.2026"},  # ends before it begins
        {"from_on": "01.01.2020"},
        {"sample_size": "0"},
        {"sample_size": "100000"},
        {"sample_size": "x"},
        {"from_on": ""},
    ],
)
def test_a_period_that_cannot_be_is_refused(
    dora: StaffClient, session: Session, wrong: dict[str, str]
) -> None:
    assert dora.send("/log/controls", FEBRUARY | wrong).status_code == 422
    assert session.scalars(select(LogControl)).all() == []


def test_begun_twice_is_begun_once(dora: StaffClient, session: Session) -> None:
    key = re.search(r'name="key"[^>]*value="([^"]+)"', dora.get("/log/controls").text)
    assert key
    for _time in range(2):
        begin(dora, key=key.group(1))
    assert len(session.scalars(select(LogControl)).all()) == 1
