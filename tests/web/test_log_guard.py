"""Nobody reads a case without a row in the log, and every row says from where."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from uuid import UUID

import pytest
from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.log_control import LogName
from fitsvc.storage.base import Base
from fitsvc.storage.case_tables import case_tables, reads_case_data
from fitsvc.storage.cases import Case
from fitsvc.storage.goals import Goal
from fitsvc.storage.log_chain import LOGS
from fitsvc.storage.log_reading import Wanted, count_readings, list_readings
from fitsvc.storage.log_seals import LogSeal
from fitsvc.storage.logs import AccessLog, AuditLog, CaseReading, record_access, record_act
from fitsvc.storage.respondents import Person
from fitsvc.storage.secret import EncryptedBytes, EncryptedText
from fitsvc.web import current
from fitsvc.web.access_register import REGISTER, Gate
from fitsvc.web.database import forget_changes
from fitsvc.web.log_guard import EXEMPT
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW
from tests.web.respond.conftest import Phone, youth_form

ENCRYPTED_BUT_OF_NO_CASE = {
    "access_log",
    "audit_log",
    "log_controls",
    "log_control_items",
    "staff",
    "sign_ins",
}

Look = Callable[[], object]


def note() -> None:
    by = current.actor()
    record_access(
        current.session(), staff_id=by.staff_id, access=Access.CASE_READ, case_ids=[], at=current.now()
    )


def act_and_forget() -> None:
    record_act(current.session(), Act.CASE_CLOSED, at=current.now())
    forget_changes()


LOOKS: dict[str, tuple[Look, int]] = {
    "a case": (lambda: current.session().scalars(select(Case)).all(), 500),
    "one column": (lambda: current.session().scalars(select(Goal.text)).all(), 500),
    "a person": (lambda: current.session().scalars(select(Person.name)).all(), 500),
    "raw words": (lambda: current.session().execute(text("SELECT reference FROM cases")).all(), 500),
    "a connection of its own": (
        lambda: current.session().connection().execute(select(Case.__table__)).all(),
        500,
    ),
    "counts by case": (
        lambda: current.session().execute(select(func.count(), Goal.case_id).group_by(Goal.case_id)).all(),
        500,
    ),
    "how many": (lambda: current.session().scalar(select(func.count(Case.id))), 200),
    "nothing": (lambda: None, 200),
    "a case, noted": (lambda: (current.session().scalars(select(Case)).all(), note()), 200),
}


@pytest.fixture
def routes(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The service with a page for each way of looking."""
    own_app.testing = False  # an error is answered as anybody would see it
    for number, (look, _status) in enumerate(LOOKS.values()):
        add_route(own_app, monkeypatch, f"look{number}", look)
    return own_app


def add_route(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str, look: Look, *, onwards: bool = False
) -> None:
    def view() -> ResponseReturnValue:
        look()
        return redirect("/account") if onwards else "Ravn"

    monkeypatch.setitem(REGISTER, name, Gate.SIGNED_IN)
    app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])


def test_a_page_that_read_a_case_and_left_no_row_is_not_shown(
    routes: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    browser = StaffClient(routes)
    browser.sign_in(cast.caseworker)
    wrong = []
    for number, (name, (_look, status)) in enumerate(LOOKS.items()):
        response = browser.open(f"/look{number}")
        if response.status_code != status or (status == 500 and "Ravn" in response.text):
            wrong.append(f"{name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert "look0 read case data and left no row in the log: nothing was shown" in caplog.text


def test_a_row_that_was_undone_counts_for_nothing_and_a_redirect_shows_nothing(
    own_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_app.testing = False
    own_app.config["WTF_CSRF_ENABLED"] = False

    def read() -> object:
        return current.session().scalars(select(Case)).all()

    add_route(own_app, monkeypatch, "undone", lambda: (read(), act_and_forget()))
    add_route(own_app, monkeypatch, "onwards", read, onwards=True)
    browser = StaffClient(own_app)
    browser.sign_in(cast.caseworker)
    assert browser.post("/undone").status_code == 500
    assert browser.open("/onwards").status_code == 302


def test_a_refused_change_leaves_that_its_page_was_read_and_once(
    own_app: Flask, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False
    add_route(own_app, monkeypatch, "refused", lambda: (note(), act_and_forget(), note()))
    browser = StaffClient(own_app).sign_in(cast.caseworker)
    acts = select(func.count()).where(AuditLog.act == Act.CASE_CLOSED)
    assert browser.post("/refused").status_code == 200
    session.rollback()
    assert (session.scalar(select(func.count(AccessLog.seq))), session.scalar(acts)) == (1, 0)


def test_every_table_that_leads_to_a_case_or_hides_its_words_is_watched() -> None:
    hidden = {
        name
        for name, table in Base.metadata.tables.items()
        if any(isinstance(column.type, EncryptedText | EncryptedBytes) for column in table.columns)
    }
    assert hidden - ENCRYPTED_BUT_OF_NO_CASE <= case_tables()
    assert {"cases", "ratings", "comments", "team_members", "links"} <= case_tables()
    assert not case_tables() & {"staff", "units", "access_log", "case_readings", "limit_counters"}
    assert not reads_case_data("UPDATE cases SET closed_on = NULL")


def test_what_is_exempt_is_a_page_and_says_why(app: Flask) -> None:
    assert set(EXEMPT) <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert all(EXEMPT.values())


# --- what a row says -------------------------------------------------------------------------------------------------


def test_a_row_says_from_where_and_of_a_respondent_no_address(
    app: Flask, cast: Cast, session: Session, build: Builder
) -> None:
    session.commit()
    phone = Phone(app, session, build, NOW)
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    address = {"X-Forwarded-For": "2001:db8::7"}
    phone.send(phone.link(cast.child), youth_form())
    StaffClient(app).sign_in(cast.caseworker).open(f"/cases/{cast.case.id}", headers=address)
    session.rollback()
    assert session.scalars(select(AccessLog.origin)).all() == ["2001:db8::7"]
    acts = session.execute(select(AuditLog.act, AuditLog.origin)).all()
    assert (Act.RATING_SUBMITTED, "link") in acts
    assert (Act.LINK_CREATED, "command") in acts  # the test itself, in no request


def test_two_hundred_cases_on_a_page_are_indexed_in_two_statements(engine: Engine, session: Session) -> None:
    ids = [UUID(int=number) for number in range(1, 201)]
    record_access(
        session, staff_id=ids[0], access=Access.CASELOAD_LISTED, case_ids=[*ids, ids[0]], at=NOW, why="x"
    )
    session.commit()
    assert session.scalar(select(func.count()).select_from(CaseReading)) == 200
    (row,) = list_readings(session, Wanted(case_id=ids[77]))
    assert (row.why, len(row.case_ids)) == ("x", 200)
    assert count_readings(session, Wanted(staff_id=ids[0], from_at=NOW, until_at=NOW + timedelta(1))) == 1
    assert count_readings(session, Wanted(staff_id=ids[0], until_at=NOW)) == 0
    source = LOGS[LogName.ACCESS]
    stored = session.scalar(select(source.c.why))
    assert stored != "x"


def test_the_service_seals_its_logs_itself_after_an_answer(app: Flask, cast: Cast, session: Session) -> None:
    browser = StaffClient(app).sign_in(cast.caseworker)
    due = app.extensions["fitsvc_sealing"]
    browser.get("/today").close()
    assert session.scalars(select(LogSeal)).all() == []
    session.rollback()
    due._next = monotonic() - 1
    browser.get("/today").close()
    assert session.scalar(select(func.sum(LogSeal.row_count))) == session.scalar(
        select(func.count(AccessLog.seq))
    ) + session.scalar(select(func.count(AuditLog.seq)))
    assert due._next > monotonic()


def test_nobody_waits_for_the_sealing_while_others_write(
    app: Flask, engine: Engine, session: Session
) -> None:
    record_act(session, Act.STANDARD_ADDED, at=NOW, standard="own-1")
    session.commit()
    record_act(session, Act.STANDARD_ADDED, at=NOW, standard="own-2")  # and does not commit
    due = app.extensions["fitsvc_sealing"]
    begun = monotonic()
    due.seal(NOW)
    assert monotonic() - begun < 2
    assert due._next < monotonic() + 20
    session.commit()
    due.seal(NOW)
    assert session.scalars(select(LogSeal.row_count)).all() == [2]
