"""A session on the practitioner's device: hand over, rate, hand back locked, then the curve."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.rating import Mode
from fitsvc.services.passwords import hash_secret
from fitsvc.storage.accounts import DeviceHandover
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.ratings import Rating
from fitsvc.storage.sessions import CareSession
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

PIN = "2468"


@pytest.fixture
def paula(client: StaffClient, cast: Cast, build: Builder, session: Session) -> StaffClient:
    """Paula signed in, with a PIN; the child's two forms and the mother's are planned."""
    cast.practitioner.pin_hash = hash_secret(PIN)
    build.plan(cast.child, "wellbeing-youth")
    build.plan(cast.child, "session-youth")
    build.plan(cast.mother, "wellbeing-adult")
    session.commit()
    return client.sign_in(cast.practitioner)


def start(paula: StaffClient, cast: Cast, *choices: str) -> str:
    path = f"/cases/{cast.case.id}/sessions/start"
    chosen = choices or (f"{cast.child.id}:wellbeing-youth", f"{cast.child.id}:session-youth")
    response = paula.send(path, {"forms": list(chosen), "key": str(uuid4())})
    assert response.status_code == 303
    return str(response.location)


def hand_over(paula: StaffClient, session: Session, page: str, instrument: str) -> None:
    administration = session.scalars(
        select(Administration).where(
            Administration.instrument_id == instrument, Administration.state == AdministrationState.OPEN
        )
    ).one()
    session.commit()  # gives the write lock back before the service wants it
    response = paula.send(f"{page}/forms/{administration.id}/hand-over", page=page)
    assert response.location == "/handed-over"


def fill_in(paula: StaffClient, catalogue, instrument: str, value: str = "7"):  # type: ignore[no-untyped-def]
    data = {f"q-{item.id}": value for item in catalogue.get(instrument).items}
    return paula.send("/handed-over", data)


def test_the_start_page_offers_the_planned_forms_with_session_forms_last(
    paula: StaffClient, cast: Cast
) -> None:
    page = paula.get(f"/cases/{cast.case.id}/sessions/start").text
    places = [page.index(name) for name in ("wellbeing-youth", "wellbeing-adult", "session-youth")]
    assert places == sorted(places)


def test_a_locked_device_shows_the_form_whatever_address_is_typed(
    paula: StaffClient, cast: Cast, session: Session
) -> None:
    page = start(paula, cast)
    hand_over(paula, session, page, "wellbeing-youth")
    for address in ("/", f"/cases/{cast.case.id}", page, "/account", "/login", "/no-such-page"):
        response = paula.get(address)
        assert (response.status_code, response.location) == (302, "/handed-over"), address
    form = paula.get("/handed-over")
    assert form.status_code == 200
    assert cast.case.display_name not in form.text
    assert cast.practitioner.name not in form.text


def test_the_rating_is_stored_as_given_on_a_handed_over_device(
    paula: StaffClient, cast: Cast, session: Session, catalogue
) -> None:  # type: ignore[no-untyped-def]
    hand_over(paula, session, start(paula, cast), "wellbeing-youth")
    assert fill_in(paula, catalogue, "wellbeing-youth").status_code == 303
    rating = session.scalars(select(Rating)).one()
    assert (rating.mode, rating.score, rating.respondent_id) == (Mode.HANDED_OVER, 7.0, cast.child.id)
    page = paula.get("/handed-over").text
    assert 'name="secret"' in page
    assert 'type="radio"' not in page


def test_blanks_are_pointed_out_once_and_stored_as_blank_the_second_time(
    paula: StaffClient, cast: Cast, session: Session, catalogue
) -> None:  # type: ignore[no-untyped-def]
    hand_over(paula, session, start(paula, cast), "wellbeing-youth")
    first = catalogue.get("wellbeing-youth").items[0].id
    once = paula.send("/handed-over", {f"q-{first}": "5"})
    assert once.status_code == 422
    assert session.scalars(select(Rating)).all() == []
    session.commit()  # gives the write lock back
    assert paula.send("/handed-over", {f"q-{first}": "5", "blanks_seen": "1"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Rating)).one().score is None


def test_only_the_pin_or_password_opens_the_device_and_then_the_curve_is_shown(
    paula: StaffClient, cast: Cast, session: Session, catalogue
) -> None:  # type: ignore[no-untyped-def]
    hand_over(paula, session, start(paula, cast), "wellbeing-youth")
    fill_in(paula, catalogue, "wellbeing-youth")
    wrong = paula.send("/handed-over/unlock", {"secret": "1111"}, page="/handed-over")
    assert wrong.status_code == 422
    assert paula.get("/").location == "/handed-over"
    right = paula.send("/handed-over/unlock", {"secret": PIN}, page="/handed-over")
    assert right.status_code == 303
    assert right.location == f"/cases/{cast.case.id}"
    assert paula.get("/account").status_code == 200


def test_while_a_session_runs_the_curve_leads_back_to_its_forms(paula: StaffClient, cast: Cast) -> None:
    curve = f"/cases/{cast.case.id}"
    forms = start(paula, cast)
    assert f'href="{forms}"' in paula.get(curve).text
    paula.send(f"{forms}/end", page=forms)
    assert f'href="{forms}"' not in paula.get(curve).text


def test_five_wrong_codes_sign_the_device_out(paula: StaffClient, cast: Cast, session: Session) -> None:
    hand_over(paula, session, start(paula, cast), "wellbeing-youth")
    for _attempt in range(5):
        last = paula.send("/handed-over/unlock", {"secret": "0000"}, page="/handed-over/back")
    assert last.location == "/login"
    assert paula.get("/account").status_code == 302
    assert session.scalars(select(DeviceHandover)).one().ended_at is not None


def test_the_next_form_of_the_same_part_follows_but_the_session_form_waits(
    paula: StaffClient, cast: Cast, session: Session, catalogue, build: Builder
) -> None:  # type: ignore[no-untyped-def]
    build.plan(cast.child, "safety")
    session.commit()
    child = cast.child.id
    page = start(paula, cast, f"{child}:wellbeing-youth", f"{child}:safety", f"{child}:session-youth")
    hand_over(paula, session, page, "wellbeing-youth")
    fill_in(paula, catalogue, "wellbeing-youth")
    assert fill_in(paula, catalogue, "safety").status_code == 303
    assert 'name="secret"' in paula.get("/handed-over").text


def test_a_second_tap_is_no_answer_to_the_next_form(
    paula: StaffClient, cast: Cast, session: Session, build: Builder, catalogue
) -> None:  # type: ignore[no-untyped-def]
    build.plan(cast.child, "safety")
    session.commit()
    child = cast.child.id
    page = start(paula, cast, f"{child}:wellbeing-youth", f"{child}:safety")
    hand_over(paula, session, page, "wellbeing-youth")
    form = paula.get("/handed-over").text
    action = form.split('action="', 1)[1].split('"', 1)[0]
    fields = {f"q-{item.id}": "7" for item in catalogue.get("wellbeing-youth").items}
    taps = [paula.send(action, fields, page="/handed-over") for _ in range(2)]
    assert [(tap.status_code, tap.location) for tap in taps] == [(303, "/handed-over")] * 2
    assert len(session.scalars(select(Rating)).all()) == 1


def test_ending_a_session_stops_waiting_for_its_forms(
    paula: StaffClient, cast: Cast, session: Session
) -> None:
    page = start(paula, cast)
    assert paula.send(f"{page}/end", page=page).status_code == 303
    states = set(session.scalars(select(Administration.state)))
    assert states == {AdministrationState.CANCELLED}


def test_the_start_form_sent_twice_starts_one_session(
    paula: StaffClient, cast: Cast, session: Session
) -> None:
    key, path = str(uuid4()), f"/cases/{cast.case.id}/sessions/start"
    data = {"forms": [f"{cast.child.id}:wellbeing-youth"], "key": key}
    assert paula.send(path, data).location == paula.send(path, data).location
    assert len(session.scalars(select(CareSession)).all()) == 1


def test_a_session_without_forms_or_with_foreign_forms_is_refused(
    paula: StaffClient, cast: Cast, session: Session
) -> None:
    path = f"/cases/{cast.case.id}/sessions/start"
    for forms in ([], [f"{cast.teacher.id}:wellbeing-professional"], ["nonsense"]):
        assert paula.send(path, {"forms": forms, "key": str(uuid4())}).status_code == 422
    assert session.scalars(select(CareSession)).all() == []


def test_another_signed_in_device_of_the_same_person_stays_open(
    paula: StaffClient, cast: Cast, session: Session, build: Builder, app
) -> None:  # type: ignore[no-untyped-def]
    hand_over(paula, session, start(paula, cast), "wellbeing-youth")
    other = StaffClient(app).sign_in(cast.practitioner)
    build.sign_in(cast.practitioner, "another-device")
    session.commit()
    with other.session_transaction() as cookie:
        cookie["login_key"] = "another-device"
    assert other.get("/account").status_code == 200


def test_without_a_handed_over_device_there_is_nothing_there(paula: StaffClient, client: StaffClient) -> None:
    assert paula.get("/handed-over").status_code == 404


def test_only_the_cases_practitioner_runs_a_session(client: StaffClient, cast: Cast) -> None:
    path = f"/cases/{cast.case.id}/sessions/start"
    assert client.sign_in(cast.colleague).get(path).status_code == 404
    assert client.sign_in(cast.caseworker).get(path).status_code == 403
