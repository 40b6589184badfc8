"""Before what cannot be taken back, the person shows again that it is them; nothing that was filled in is lost."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.organisation import Unit
from fitsvc.web.access_register import FRESH, REGISTER
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW
from tests.signed_in import signed_in

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
AGO = NOW - timedelta(minutes=11)


@pytest.fixture
def database_url(empty_sqlite: str) -> str:
    return empty_sqlite


@pytest.fixture
def adam(client: StaffClient, cast: Cast, session: Session) -> StaffClient:
    """An administrator who has been signed in for eleven minutes."""
    cast.administrator.password = CHEAP_HASH
    session.commit()
    with client.session_transaction() as cookie:
        cookie.update(signed_in(cast.administrator, confirmed_at=AGO))
    return client


def fields_of(page: str) -> dict[str, str]:
    form = page[page.index("<h1>") :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def new_person(cast: Cast) -> dict[str, str]:
    return {
        "name": "Nora Ny",
        "email": "nora@example.org",
        "unit_id": str(cast.provider.id),
        "roles": "practitioner",
    }


def token(client: StaffClient) -> str:
    found = CSRF.search(client.get("/account/pin").text)
    return found.group(1) if found else ""


def find(session: Session, email: str) -> Staff | None:
    session.rollback()
    found = session.scalars(select(Staff).where(Staff.email == email)).unique().one_or_none()
    session.rollback()
    return found


def test_every_name_of_the_list_is_a_route() -> None:
    assert REGISTER.keys() >= FRESH


def test_an_address_is_gone_on_to_after_the_password(adam: StaffClient) -> None:
    asked = adam.get("/admin/staff/new?from=menu")
    assert (asked.status_code, asked.location) == (302, "/confirm?next=/admin/staff/new?from%3Dmenu")
    assert adam.get(asked.location).status_code == 200
    answer = adam.send(asked.location, {"confirm_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/admin/staff/new?from=menu")
    assert adam.get("/admin/staff/new").status_code == 200


def test_a_form_is_kept_and_sent_on_with_the_password(
    adam: StaffClient, cast: Cast, session: Session
) -> None:
    person = new_person(cast)
    asked = adam.post("/admin/staff/new", data=person | {"csrf_token": token(adam)})
    assert asked.status_code == 401
    assert find(session, "nora@example.org") is None
    kept = fields_of(asked.text)
    assert kept | person == kept
    wrong = adam.post("/admin/staff/new", data=kept | {"confirm_password": "not it"})
    assert wrong.status_code == 422
    assert fields_of(wrong.text) | person == fields_of(wrong.text)
    assert find(session, "nora@example.org") is None
    done = adam.post("/admin/staff/new", data=fields_of(wrong.text) | {"confirm_password": PASSWORD})
    assert done.status_code in {200, 303}
    assert find(session, "nora@example.org") is not None
    acts = set(session.scalars(select(AuditLog.act)))
    assert {Act.CONFIRMATION_REFUSED, Act.STAFF_CREATED} <= acts


def test_a_file_is_fetched_from_a_page_of_its_own(client: StaffClient, cast: Cast, session: Session) -> None:
    for who in (cast.caseworker, cast.provider_leader):
        who.password = CHEAP_HASH
    session.commit()

    def stale(who: Staff) -> None:
        with client.session_transaction() as cookie:
            cookie.update(signed_in(who, confirmed_at=AGO))

    stale(cast.caseworker)
    address = f"/cases/{cast.case.id}/access-request"
    form = {"recipient": "child", "why": "Kun rammen", "csrf_token": token(client)}
    assert client.post(f"{address}/file", data=form).status_code == 401
    page = client.post(f"{address}/file", data=form | {"confirm_password": PASSWORD})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    kept = fields_of(page.text)
    assert kept["recipient"] == "child"
    assert "confirm_password" not in kept
    fetched = client.post(f"{address}/file", data=kept)
    assert fetched.mimetype == "application/zip"
    fetched.close()
    stale(cast.provider_leader)
    asked = client.get("/figures.csv?from_on=2026-01-01")
    page = client.send(asked.location, {"confirm_password": PASSWORD})
    assert page.status_code == 200
    assert 'href="/figures.csv?from_on=2026-01-01"' in page.text
    assert client.get("/figures.csv?from_on=2026-01-01").mimetype == "text/csv"


def test_five_wrong_passwords_sign_this_browser_out_and_lose_nothing(
    adam: StaffClient, cast: Cast, session: Session
) -> None:
    sent = new_person(cast) | {"csrf_token": token(adam), "confirm_password": "not it"}
    for _ in range(4):
        assert adam.post("/admin/staff/new", data=sent).status_code == 422
    last = adam.post("/admin/staff/new", data=sent)
    assert "<h1>Log ind</h1>" in last.text
    assert 'name="kept"' in last.text
    assert adam.get("/account/pin").status_code == 302


def test_confirming_leads_to_no_other_site(adam: StaffClient) -> None:
    for target in ("https://evil.example/", "//evil.example", "/%5Cevil.example", "javascript:x"):
        with adam.session_transaction() as cookie:
            cookie["confirmed_at"] = AGO.isoformat()
        answer = adam.send(f"/confirm?next={target}", {"confirm_password": PASSWORD})
        assert (answer.status_code, answer.location) == (303, "/"), target


def test_within_ten_minutes_nothing_is_asked(client: StaffClient, cast: Cast, session: Session) -> None:
    with client.session_transaction() as cookie:
        cookie.update(signed_in(cast.administrator, confirmed_at=NOW - timedelta(minutes=9)))
    assert client.get("/admin/staff/new").status_code == 200


def test_a_time_to_come_or_none_is_not_fresh(client: StaffClient, cast: Cast) -> None:
    for said in ((NOW + timedelta(hours=1)).isoformat(), "", "nonsense"):
        with client.session_transaction() as cookie:
            cookie.update(signed_in(cast.administrator) | {"confirmed_at": said})
        assert (client.get("/admin/staff/new").location or "").startswith("/confirm")


def test_who_may_not_open_a_page_is_not_asked_for_the_password(client: StaffClient, cast: Cast) -> None:
    with client.session_transaction() as cookie:
        cookie.update(signed_in(cast.practitioner, confirmed_at=AGO))
    assert client.get("/admin/staff/new").status_code == 403


def test_nothing_fresh_happens_without_the_question(adam: StaffClient, cast: Cast, session: Session) -> None:
    unit: Unit = cast.provider
    path = f"/admin/staff/{cast.practitioner.id}"
    before = (cast.practitioner.fs_uniquifier, unit.id)
    for act in ("", "/second-factor/remove"):
        assert adam.post(path + act, data={"csrf_token": token(adam)}).status_code == 401
    now_stored = find(session, cast.practitioner.email)
    assert now_stored is not None
    assert (now_stored.fs_uniquifier, now_stored.unit_id) == before
