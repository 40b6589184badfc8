"""Pages of logs, notices, deletions and devices ask the database as often for many rows as for few."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.roles import Role
from fitsvc.services.log_controls import begin_control
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case
from fitsvc.storage.deletions import Deletion, DeletionKind
from fitsvc.storage.log_seals import LogControl, LogControlItem
from fitsvc.storage.logs import record_access, record_act
from fitsvc.storage.notices import Notice
from fitsvc.storage.special_access import EmergencyAccess
from fitsvc.web.database import db
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = timedelta(days=1)


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Every SELECT the service sends meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def add(build: Builder, cast: Cast, number: int) -> None:
    """As many more of everything, each with people and a case of its own."""
    session = build.session
    for place in range(number):
        reader = build.staff(Role.CASEWORKER, unit=build.unit())
        case = build.case()
        at = build.now - 28 * DAY + timedelta(minutes=place)
        for cases in ([case.id], [cast.case.id], [case.id, cast.case.id]):
            record_access(
                session, staff_id=reader.id, access=Access.CASE_READ, case_ids=cases, at=at, why="x"
            )
        record_act(session, Act.GOAL_SET, at=at, staff_id=reader.id, case_id=cast.case.id, goal="x")
        session.add(
            EmergencyAccess(
                case_id=case.id, staff_id=reader.id, on_day=at.date(), reason="Vold i nat", opened_at=at
            )
        )
        tell(session, reader, case)
        session.add(
            Deletion(
                kind=DeletionKind.CASE, case_id=case.id, rule="months_after_closing", counts={}, deleted_at=at
            )
        )  # fmt: skip
        build.case(opened_on=build.today - 200 * DAY, closed_on=build.today - 30 * DAY)
        build.sign_in(cast.auditor, f"device-{case.id}")
    session.commit()


def tell(session: Session, reader: Staff, case: Case) -> None:
    for kind, about_case, details in (
        (NoticeKind.EMERGENCY_ACCESS, case.id, {"day": "2026-02-16"}),
        (NoticeKind.CASE_PROTECTED, case.id, {}),
        (NoticeKind.ROLE_GRANTED, None, {"roles": ["caseworker"]}),
    ):
        session.add(
            Notice(
                kind=kind, about_staff_id=reader.id, by_staff_id=reader.id, case_id=about_case, details=details,
                created_at=case.created_at,
            )
        )  # fmt: skip


def control(build: Builder, cast: Cast) -> str:
    """A control of last month that takes every reading there is."""
    found = begin_control(
        build.session,
        by=acting(cast.auditor, build.today),
        now=build.now,
        key=build.case().id,
        from_on=build.today - 60 * DAY,
        until_on=build.today - DAY,
        sample_size=100,
    )
    build.session.commit()
    return f"/log/controls/{found}"


def test_pages_about_the_log_and_what_goes_ask_as_often_for_many_rows_as_for_few(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    clients = {
        staff.id: StaffClient(app).sign_in(staff)
        for staff in (cast.auditor, cast.authority_leader, cast.administrator)
    }
    pages = (
        (cast.auditor, "/log"),
        (cast.auditor, "/log?kind=acts"),
        (cast.auditor, f"/log?case={cast.case.id}"),
        (cast.auditor, f"/log/cases/{cast.case.id}/citizen-copy"),
        (cast.auditor, "/log/rows.csv"),
        (cast.auditor, "/log/controls"),
        (cast.auditor, "CONTROL"),
        (cast.auditor, "CONTROL/file.json"),
        (cast.auditor, "/account/devices"),
        (cast.authority_leader, "/notices"),
        (cast.authority_leader, "/retention"),
        (cast.administrator, "/admin/retention"),
    )
    counts: list[dict[str, int]] = []
    sizes: list[dict[str, int]] = []
    for more in (2, 8):
        add(build, cast, more)
        path = control(build, cast)
        counts.append({})
        sizes.append({})
        for staff, page in pages:
            address = page.replace("CONTROL", path)
            clients[staff.id].get(address)  # whatever is kept of the first look is kept
            with counting(app) as statements:
                answer = clients[staff.id].get(address)
            assert answer.status_code == 200, page
            counts[-1][page], sizes[-1][page] = len(statements), len(answer.data)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) < 25, counts[1]
    assert not [page for page, size in sizes[0].items() if sizes[1][page] <= size], "no page shows the others"
    items = [
        len(session.scalars(select(LogControlItem).where(LogControlItem.control_id == one)).all())
        for one in session.scalars(select(LogControl.id).order_by(LogControl.begun_at, LogControl.id))
    ]
    assert max(items) > 2 * min(items)
