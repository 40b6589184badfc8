"""The log as the data protection officer searches it, takes it along, and copies it for a citizen."""

import csv
import io
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.services.log import Asked, LogKind, read_log
from fitsvc.storage.cases import TeamMember, TeamPart
from fitsvc.storage.logs import AccessLog, record_access, record_act
from fitsvc.storage.special_access import EmergencyAccess
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def read(
    session: Session,
    staff_id: UUID,
    case_id: UUID,
    at: datetime,
    access: Access = Access.CASE_READ,
    why: str = "",
) -> None:
    record_access(session, staff_id=staff_id, access=access, case_ids=[case_id], at=at, why=why)


@pytest.fixture
def dora(client: StaffClient, cast: Cast, session: Session, build: Builder) -> StaffClient:
    """Carl read two cases, Paula one three days before; somebody set a goal."""
    other = build.case(reference="SAG-77")
    read(session, cast.practitioner.id, cast.case.id, build.now - timedelta(days=3), Access.REPORT_READ)
    read(session, cast.caseworker.id, cast.case.id, build.now, why="=cmd|' /C calc'!A0")
    read(session, cast.caseworker.id, other.id, build.now)
    record_act(
        session, Act.GOAL_SET, at=build.now, staff_id=cast.practitioner.id, case_id=cast.case.id, goal="x"
    )
    session.commit()
    return client.sign_in(cast.auditor)


def rows_of(page: str) -> int:
    return page.count("<tr>") - 1


def test_what_is_sent_shows_those_rows(dora: StaffClient, cast: Cast) -> None:
    page = dora.get(dora.send("/log", {"reference": "sag-1001", "event": "report_read"}).location).text
    assert rows_of(page) == 1
    assert "Paula" in page
    assert dora.send("/log", {"reference": "SAG-0"}).status_code == 422


def test_no_reference_and_no_name_stands_in_an_address(dora: StaffClient, cast: Cast) -> None:
    sent = {"reference": "SAG-1001", "person": str(cast.caseworker.id), "from_on": "01.03.2026"}
    answer = dora.send("/log", sent)
    assert f"case={cast.case.id}" in answer.location
    assert not [word for word in ("SAG", "Carl", "Ravn") if word in answer.location]
    page = dora.get(answer.location).text
    assert not [word for word in ("SAG", "Carl", "Ravn") if f"={word}" in page]


@pytest.mark.parametrize(
    "query",
    [
        "?case=x",
        "?person=1",
        "?from=31.02.2026",
        "?until=9999-99-99",
        "?from=0001-01-01",
        "?event=nothing",
        "?page=-4",
    ],
)
def test_an_address_that_means_nothing_shows_the_log(dora: StaffClient, query: str) -> None:
    assert dora.get(f"/log{query}").status_code == 200


def test_each_filter_keeps_what_it_says(
    dora: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    actor = acting(cast.auditor, build.today)
    day = timedelta(days=1)
    for asked, number in (
        (Asked(), 3),
        (Asked(case_id=cast.case.id), 2),
        (Asked(staff_id=cast.caseworker.id), 2),
        (Asked(case_id=cast.case.id, staff_id=cast.caseworker.id), 1),
        (Asked(from_on=build.today), 2),
        (Asked(until_on=build.today - day), 1),
        (Asked(until_on=build.today), 3),
        (Asked(event=Access.REPORT_READ), 1),
        (Asked(LogKind.ACTS), 1),
        (Asked(LogKind.ACTS, event=Act.CASE_OPENED), 0),
    ):
        assert read_log(session, by=actor, now=build.now, asked=asked, page=1).count == number
        session.rollback()


def test_the_file_has_what_the_page_has_and_no_formula(
    dora: StaffClient, cast: Cast, session: Session
) -> None:
    answer = dora.get(f"/log/rows.csv?case={cast.case.id}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["Carl", "Paula"]
    assert rows[1][-1].startswith("'=cmd")
    assert session.scalars(select(AccessLog).where(AccessLog.access == Access.LOG_EXPORTED)).one()


def test_the_citizens_copy_names_everybody_who_looked_as_what_and_why(
    dora: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    lena, petra = cast.authority_leader, cast.colleague
    session.add(
        TeamMember(
            case_id=cast.case.id,
            staff_id=petra.id,
            part=TeamPart.PRACTITIONER,
            from_on=build.today,
            until_on=build.today + timedelta(days=7),
            substitute_for_id=cast.practitioner.id,
        )
    )
    session.add(
        EmergencyAccess(
            case_id=cast.case.id,
            staff_id=lena.id,
            on_day=build.today,
            reason="Skolen ringede om vold i nat",
            opened_at=build.now,
        )
    )
    read(session, petra.id, cast.case.id, build.now)
    read(session, lena.id, cast.case.id, build.now)
    session.commit()
    page = dora.get(f"/log/cases/{cast.case.id}/citizen-copy").text
    for words in (
        "Socialrådgiver, Myndighed",
        "afløser for Paula",
        "Åbnet akut: Skolen ringede om vold i nat",
        "Læste en sag",
        "4 læsninger i alt",
    ):
        assert words in page
    assert "SAG-77" not in page
    assert cast.case.display_name not in page
    noted = session.scalars(select(AccessLog).where(AccessLog.access == Access.CITIZEN_COPY_MADE)).all()
    assert [row.case_ids for row in noted] == [[str(cast.case.id)]]


def test_the_citizens_copy_of_a_protected_case_can_be_made(
    dora: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    """Where it matters most: a colleague's own child."""
    cast.case.protected_at = build.now
    session.commit()
    answer = dora.get(f"/log/cases/{cast.case.id}/citizen-copy")
    assert answer.status_code == 200
    assert "2 læsninger i alt" in answer.text


def test_a_long_copy_is_printed_and_keeps_no_worker_busy_with_a_pdf(
    dora: StaffClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitsvc.web.log_pages.views.LONGEST_PDF", 1)
    address = f"/log/cases/{cast.case.id}/citizen-copy"
    dora.get(address)
    answer = dora.get(f"{address}?as=pdf")
    assert answer.mimetype == "text/html"
    assert "as=pdf" not in answer.text
    assert "Den er for lang til at blive lavet som PDF her" in answer.text


@pytest.mark.parametrize("who", ["administrator", "authority_leader", "caseworker"])
def test_only_the_auditor_makes_the_citizens_copy(
    client: StaffClient, cast: Cast, session: Session, who: str
) -> None:
    session.commit()
    assert client.sign_in(cast.staff[who]).get(f"/log/cases/{cast.case.id}/citizen-copy").status_code == 403
