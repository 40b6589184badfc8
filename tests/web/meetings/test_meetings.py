import re
from datetime import timedelta

from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


def test_the_proposed_date_stands_in_the_form_with_its_reason(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)
    build.session.commit()
    path = f"/cases/{cast.case.id}/meetings/plan"
    page = client.sign_in(cast.caseworker).get(path).text
    assert 'value="16.06.2026"' in page
    assert "tirsdag 16. juni 2026" in page
    assert "3 måneder efter mødet 16. mar. 2026 efter kadencen Hvidovre." in page
    assert client.send(path, {"planned_on": "16.06.2026"}).status_code == 303
    again = client.get(path).text
    assert 'value="16.06.2026"' not in again  # it is planned already


def test_early_help_asks_for_a_choice(client: StaffClient, cast: Cast, build: Builder) -> None:
    cast.episode.measure_type = "early_help_s30"
    build.session.commit()
    path = f"/cases/{cast.case.id}/meetings/plan"
    client.sign_in(cast.caseworker)
    assert "tidlig hjælp" in client.get(path).text
    assert client.send(path, {"planned_on": "20.04.2026"}).status_code == 422
    assert (
        client.send(
            path, {"planned_on": "20.04.2026", "meeting_reason": "Aftalt", "reason_code": "no_rule"}
        ).status_code
        == 303
    )


def test_a_held_meeting_cannot_be_cancelled(client: StaffClient, cast: Cast, build: Builder) -> None:
    held = build.today - timedelta(days=3)
    meeting = build.meeting(cast.episode, held, held_on=held)
    build.session.commit()
    case = f"/cases/{cast.case.id}"
    cancel = f"{case}/meetings/{meeting.id}/cancel"
    refused = client.sign_in(cast.practitioner).send(
        cancel, page=f"{case}/meetings/plan", follow_redirects=True
    )
    assert "Mødet er holdt." in refused.text


def test_without_a_running_measure_the_page_sends_back_to_the_case(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    cast.episode.ended_on = build.today - timedelta(days=1)
    build.session.commit()
    answer = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/meetings/plan")
    assert (answer.status_code, answer.location) == (303, f"/cases/{cast.case.id}")


def test_the_first_date_of_a_new_measure_can_be_looked_at_before_it_starts(
    client: StaffClient, cast: Cast
) -> None:
    fields = {
        "preview": "1",
        "measure_type": "preventive",
        "cadence_standard": "hvidovre",
        "started_on": "23.02.2026",
        "purpose": "Behold mig",
        "interval_unit": "weeks",
    }
    answer = client.sign_in(cast.caseworker).send(f"/cases/{cast.case.id}/episodes/start", fields)
    assert answer.status_code == 200
    assert "tirsdag 7. april 2026" in answer.text  # six weeks later is Easter Monday
    assert "næste hverdag" in answer.text
    assert "Behold mig" in answer.text
    assert not re.search("error-summary", answer.text)
