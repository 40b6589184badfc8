"""A handed-over device in other hands: nothing of the staff's is seen or done, whatever is sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.services.handovers import MOST_FAILED_UNLOCKS
from fitsvc.services.passwords import hash_secret
from fitsvc.storage.accounts import DeviceHandover
from fitsvc.storage.goals import Goal
from fitsvc.storage.logs import AccessLog
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.web.test_session_walk import PIN, hand_over, start


@pytest.fixture
def token(client: StaffClient, cast: Cast, build: Builder, session: Session) -> str:
    """Paula's browser, handed over, and a good token from a page she had open before."""
    cast.practitioner.pin_hash = hash_secret(PIN)
    build.plan(cast.child, "wellbeing-youth")
    build.plan(cast.child, "session-youth")
    session.commit()
    client.sign_in(cast.practitioner)
    found = CSRF.search(client.get("/account").text)
    assert found
    hand_over(client, session, start(client, cast), "wellbeing-youth")
    return found.group(1)


def acts(cast: Cast) -> list[str]:
    case = f"/cases/{cast.case.id}"
    return [
        f"{case}/goals", f"{case}/meetings/plan", f"{case}/respondents/{cast.child.id}/links", "/account/pin",
        "/account/password", "/language", "/login", "/logout", "/no-such-page",
    ]  # fmt: skip


@pytest.mark.parametrize("with_token", [True, False])
def test_a_post_to_a_staff_page_shows_the_form_and_does_nothing(
    client: StaffClient, cast: Cast, session: Session, token: str, with_token: bool
) -> None:
    fields = {"text": "Mit mål", "start_value": "2", "target_value": "7"}
    for path in acts(cast):
        sent = fields | ({"csrf_token": token} if with_token else {})
        answer = client.post(path, data=sent)
        assert (answer.status_code, answer.location) == (302, "/handed-over"), path
    assert client.get("/handed-over").status_code == 200
    assert session.scalars(select(Goal)).all() == []


@pytest.mark.parametrize("path", ["/handed-over", "/handed-over/unlock"])
@pytest.mark.parametrize(("sent", "status"), [({}, 400), ({"comment": "x" * 1_100_000}, 413)])
def test_a_mistake_on_a_handed_over_device_shows_nothing_of_the_staffs(
    client: StaffClient, cast: Cast, token: str, path: str, sent: dict[str, str], status: int
) -> None:
    answer = client.post(path, data=sent)
    assert answer.status_code in {400, status}
    for private in (cast.practitioner.name, cast.case.display_name, "/logout", "/today"):
        assert private not in answer.text
    assert client.get("/today").location == "/handed-over"


def test_pages_shown_before_are_not_kept_for_the_back_button(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.practitioner)
    for path in ("/today", "/cases", f"/cases/{cast.case.id}", f"/cases/{cast.case.id}/report", "/account"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_codes_tried_at_the_same_time_are_each_counted(
    client: StaffClient, cast: Cast, session: Session, token: str
) -> None:
    page = client.get("/handed-over/back").text
    found = CSRF.search(page)
    assert found
    cookie = client.get_cookie("fitsvc")
    assert cookie

    def guess(secret: str) -> int:
        other = StaffClient(client.application)
        other.set_cookie("fitsvc", cookie.value)
        return other.post(
            "/handed-over/unlock", data={"secret": secret, "csrf_token": found.group(1)}
        ).status_code

    wrong = [str(1000 + n) for n in range(3 * MOST_FAILED_UNLOCKS)]
    with ThreadPoolExecutor(6) as hands:
        answers = list(hands.map(guess, wrong))
    assert answers.count(422) <= MOST_FAILED_UNLOCKS - 1
    [handover] = session.scalars(select(DeviceHandover)).all()
    assert handover.ended_at is not None
    assert handover.failed_unlocks == MOST_FAILED_UNLOCKS


def test_the_respondents_forms_leave_no_row_in_the_access_log(
    client: StaffClient, session: Session, token: str
) -> None:
    before = len(session.scalars(select(AccessLog)).all())
    session.commit()
    client.get("/handed-over")
    client.get("/cases")
    assert len(session.scalars(select(AccessLog)).all()) == before
