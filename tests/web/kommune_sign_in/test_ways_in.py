"""Which ways in there are, with and without the kommune's provider and passwords of our own."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import Config, ConfigError
from fitsvc.domain.kommune_mapping_file import parse_kommune_mapping
from fitsvc.kommune_settings import KommuneProvider as Settings
from fitsvc.services.emergency_pass import make_pass
from fitsvc.services.errors import Refused
from fitsvc.services.kommune_accounts import move_to_kommune
from fitsvc.web.kommune_sign_in.ways_in import OF_PASSWORDS
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW
from tests.kommune_provider import KommuneProvider
from tests.web.kommune_sign_in.conftest import MAPPING, Clock, Walk, acts, find_staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_kommunes_way_stands_first_where_there_are_two(app: Flask) -> None:
    page = StaffClient(app).get("/login?next=/method").text
    assert 0 < page.index("Log ind med kommunen") < page.index('name="password"')
    assert "/sign-in/kommune?next=/method" in page


def test_without_passwords_of_ours_there_is_one_way_in_and_no_page_of_passwords(
    kommune_only: Flask, cast: Cast
) -> None:
    client = StaffClient(kommune_only)
    answer = client.get("/login?next=/method")
    assert (answer.status_code, answer.location) == (302, "/sign-in/?next=/method")
    page = client.get(answer.location).text
    assert "Log ind med kommunen" in page
    assert 'type="password"' not in page
    token = CSRF.search(page)
    sent = {"email": "paula@example.org", "password": "x", "csrf_token": token.group(1) if token else ""}
    assert client.post("/login", data=sent).status_code == 404
    admin = StaffClient(kommune_only).sign_in(cast.administrator)
    rules = [rule for rule in kommune_only.url_map.iter_rules() if rule.endpoint in OF_PASSWORDS]
    assert rules
    with kommune_only.test_request_context():
        adapter = kommune_only.url_map.bind("localhost")
        for rule in rules:
            values = dict.fromkeys(rule.arguments, cast.practitioner.id)
            for browser in (client, admin):
                assert browser.get(adapter.build(rule.endpoint, values)).status_code in {404, 405}, rule


def test_what_was_being_written_waits_beside_the_kommunes_sign_in(kommune_only: Flask) -> None:
    client = StaffClient(kommune_only)
    page = client.post("/account/pin", data={"note": "kept words"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    assert 'action="/sign-in/kommune/resume"' in page.text
    assert 'target="_blank"' in page.text


def test_a_mapping_that_leads_to_a_unit_nobody_made_stops_the_start(
    config: Config, settings: Settings, cast: Cast
) -> None:
    mapping = parse_kommune_mapping(MAPPING.replace("Myndighed", "No such unit"), file="mapping.toml")
    with pytest.raises(ConfigError, match="no unit of this service is called 'No such unit'"):
        create_app(replace(config, kommune_provider=replace(settings, mapping=mapping)))
    by_id = parse_kommune_mapping(MAPPING.replace("Myndighed", str(cast.authority.id)), file="mapping.toml")
    assert create_app(replace(config, kommune_provider=replace(settings, mapping=by_id)))


def make_link(session: Session, app: Flask, email: str) -> str:
    token = make_pass(session, email=email, secret=str(app.secret_key), now=NOW)
    session.commit()
    return f"/sign-in/let-in/{token}"


def test_a_command_lets_an_administrator_in_once_and_the_log_tells(
    kommune_only: Flask, session: Session, cast: Cast
) -> None:
    client = StaffClient(kommune_only)
    link = make_link(session, kommune_only, cast.administrator.email)
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # looking uses nothing up
    answer = client.send(link)
    assert answer.status_code == 303
    assert answer.location in {"/login/set-up", "/login/second-factor"}
    assert client.get("/admin/").status_code != 200  # the second factor comes first
    assert client.get(link).status_code == 404
    assert {"emergency_pass_made", "emergency_pass_used"} <= set(acts(session))


def test_the_emergency_link_is_for_administrators_and_for_a_quarter_of_an_hour(
    kommune_only: Flask, session: Session, cast: Cast, clock: Clock
) -> None:
    for email in (cast.practitioner.email, cast.auditor.email):
        with pytest.raises(Refused, match="not_administrator"):
            make_link(session, kommune_only, email)
    link = make_link(session, kommune_only, cast.administrator.email)
    client = StaffClient(kommune_only)
    assert client.get(link[:-3] + "abc").status_code == 404
    clock.go_on(minutes=16)
    assert client.get(link).status_code == 404


def test_where_there_is_no_provider_none_of_its_pages_exists(
    config: Config, cast: Cast, clock: Clock
) -> None:
    client: Any = StaffClient(create_app(config))
    for path in (
        "/sign-in/",
        "/sign-in/kommune",
        "/sign-in/kommune/callback?state=x",
        "/sign-in/kommune/again",
    ):
        assert client.get(path).status_code == 404
    assert client.post("/sign-in/kommune/back-channel").status_code == 404
    assert "kommunen" not in client.get("/login").text.partition("<main")[2].partition("</main>")[0]


def test_what_the_kommune_decides_is_not_changed_by_hand_here(
    walk: Walk, session: Session, cast: Cast, app: Flask
) -> None:
    walk.sign_in()
    staff = find_staff(session)
    assert staff is not None
    admin = StaffClient(app).sign_in(cast.administrator)
    authority = str(cast.authority.id)
    session.commit()
    page = f"/admin/staff/{staff.id}"
    assert "Personen logger ind med kommunen" in admin.get(page).text
    same = {"name": staff.name, "email": staff.email, "unit_id": str(staff.unit_id), "roles": "practitioner"}
    for changed in (
        {"name": "Another"},
        {"email": "another@example.org"},
        {"unit_id": authority},
        {"roles": "authority_leader"},
    ):
        answer = admin.send(page, same | {"active": "y"} | changed)
        assert answer.status_code == 422
        assert "bestemmes i kommunens eget login" in answer.text
    assert admin.send(page, same).status_code == 303  # closing is decided here
    assert walk.client.get("/method").status_code == 302
    assert walk.sign_in().status_code == 403


def test_whoever_comes_from_the_kommune_gets_a_pin_by_confirming_there_and_sees_no_password(
    walk: Walk, session: Session, clock: Clock
) -> None:
    walk.sign_in()
    page = walk.client.get("/account").text
    assert "/account/password" not in page
    assert "PIN" in page
    clock.go_on(minutes=15)
    asked = walk.client.get("/account/pin")
    assert asked.status_code == 302
    confirm = walk.client.get(asked.location).text
    assert "/sign-in/kommune/again?next=" in confirm
    assert walk.sign_in("/sign-in/kommune/again?next=/account/pin").location == "/account/pin"
    assert 'type="password"' in walk.client.get("/account/pin").text
    assert walk.client.send("/account/pin", {"pin": "470913", "pin_again": "470913"}).status_code == 302
    staff = find_staff(session)
    assert staff is not None
    assert staff.pin_hash


def test_a_local_account_that_is_moved_is_opened_by_the_kommune_alone(
    walk: Walk, session: Session, cast: Cast, app: Flask, provider: KommuneProvider
) -> None:
    browser = StaffClient(app).sign_in(cast.practitioner)
    assert browser.get("/method").status_code == 200
    email, staff_id = cast.practitioner.email, cast.practitioner.id
    for subject, code in (("010190-1234", "subject_unusable"), ("", "subject_unusable")):
        with pytest.raises(Refused, match=code):
            move_to_kommune(session, email=email, issuer=provider.issuer, subject=subject, now=NOW)
    move_to_kommune(session, email=email, issuer=provider.issuer, subject="u-1001", now=NOW)
    session.commit()
    assert browser.get("/method").status_code == 302
    provider.person["email"] = email
    assert walk.sign_in().status_code == 303
    moved = find_staff(session)
    assert moved is not None
    assert (moved.id, moved.password, moved.pin_hash) == (staff_id, None, None)
