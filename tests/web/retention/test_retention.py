"""The pages of what is kept: the rule, the list, a case's confirmation, and a withdrawal undone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.storage.cases import Case
from fitsvc.storage.deletions import Deletion, DeletionKind
from fitsvc.storage.logs import AccessLog
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.plain_forms import ABSURD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SETTINGS, LIST = "/admin/retention", "/retention"
DAY = timedelta(days=1)


def close(session: Session, build: Builder, case: Case, days_ago: int) -> str:
    case.opened_on, case.closed_on = build.today - (days_ago + 100) * DAY, build.today - days_ago * DAY
    session.commit()
    return f"/cases/{case.id}/retention"


def test_the_rule_is_set_listed_and_told(client: StaffClient, cast: Cast, session: Session) -> None:
    session.add(
        Deletion(
            kind=DeletionKind.CASE, case_id=cast.case.id, rule="months_after_closing", counts={"ratings": 7},
            deleted_at=cast.case.created_at,
        )
    )  # fmt: skip
    session.commit()
    client.sign_in(cast.administrator)
    assert 'value="6"' in client.get(SETTINGS).text
    assert client.send(SETTINGS, {"months": "3"}).status_code == 303
    page = client.get(SETTINGS).text
    assert 'value="3"' in page
    assert "7 rækker" in page
    assert str(cast.case.id) in page
    assert SETTINGS in client.get("/admin/").text


@pytest.mark.parametrize("months", ["0", "121", "", "halv", *(one for one in ABSURD if not one.isdigit())])
def test_a_rule_that_is_none_gets_a_clear_answer(client: StaffClient, cast: Cast, months: str) -> None:
    answer = client.sign_in(cast.administrator).send(SETTINGS, {"months": months})
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text


def test_a_closed_case_is_listed_confirmed_and_taken_back(
    client: StaffClient, cast: Cast, session: Session, build: Builder
) -> None:
    client.sign_in(cast.caseworker)
    assert "Ingen lukkede sager" in client.get(LIST).text
    path = close(session, build, cast.case, 20)
    page = client.get(LIST).text
    assert "Ravn" in page
    assert "Venter på bekræftelse" in page
    assert path in client.get(f"/cases/{cast.case.id}").text
    answer = client.send(f"{path}/confirm", {}, page=path)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert client.send(f"{path}/confirm", {"confirmed": "y"}, page=path).status_code == 303
    assert "Slettes, når dagen kommer" in client.get(LIST).text
    session.expire_all()
    assert session.get_one(Case, cast.case.id).journal_confirmed_by_id == cast.caseworker.id
    session.commit()
    assert client.send(f"{path}/take-back", page=path).status_code == 303
    assert "Venter på bekræftelse" in client.get(LIST).text
    read = session.scalars(select(AccessLog.case_ids).where(AccessLog.access == Access.RETENTION_LISTED))
    assert [str(cast.case.id)] in list(read)


def test_an_open_case_has_nothing_to_confirm(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.caseworker)
    answer = client.get(f"/cases/{cast.case.id}/retention")
    assert answer.status_code == 303
    assert "stadig åben" in client.get(answer.location).text


def test_the_list_holds_every_closed_case(
    client: StaffClient, cast: Cast, session: Session, build: Builder
) -> None:
    for _number in range(30):
        close(session, build, build.case(), 40)
    page = client.sign_in(cast.authority_leader).get(LIST).text
    assert len(re.findall(r"/cases/[-0-9a-f]+/retention", page)) == 30


def test_a_withdrawal_is_undone_on_its_page(
    client: StaffClient, cast: Cast, session: Session, build: Builder
) -> None:
    build.rating(cast.child, 3, build.today - 9 * DAY)
    session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.child.id}"
    client.sign_in(cast.caseworker)
    assert client.send(f"{path}/withdraw", {"confirmed": "y"}).status_code == 303
    people = client.get(f"/cases/{cast.case.id}/respondents").text
    assert re.search(r"Svarene slettes 30\.0?3\.2026|Svarene slettes 30\. mar", people)
    assert client.send(f"{path}/undo-withdrawal", page=f"{path}/withdraw").status_code == 303
    session.expire_all()
    assert session.get_one(type(cast.child), cast.child.id).withdrawn_at is None
