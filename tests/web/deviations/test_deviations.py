"""Fewer follow-ups: a leader's own act, and what everybody else sees of it."""

from datetime import date

import pytest

from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.storage.deviations import Deviation
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(cast: Cast, build: Builder) -> Deviation:
    build.meeting(cast.episode, build.today, held_on=build.today)
    meeting = build.meeting(cast.episode, date(2026, 6, 30))
    deviation = Deviation(
        case_id=cast.case.id,
        episode_id=cast.episode.id,
        meeting_id=meeting.id,
        kind=DeviationKind.LATER,
        reason_code=DeviationReason.GOING_WELL,
        reason="Ro til eksamen",
        decided_by="Mor og Paula",
        by_cadence_on=date(2026, 6, 16),
        planned_on=date(2026, 6, 30),
        state=DeviationState.AWAITING,
        asked_by_id=cast.caseworker.id,
        asked_at=build.now,
    )
    build.session.add(deviation)
    build.session.commit()
    return deviation


def state(build: Builder, deviation: Deviation) -> DeviationState:
    build.session.refresh(deviation)
    build.session.commit()
    return deviation.state


def path_of(deviation: Deviation) -> str:
    return f"/cases/{deviation.case_id}/deviations/{deviation.id}"


def test_the_leader_sees_all_there_is_to_decide_on_and_approves(
    client: StaffClient, cast: Cast, build: Builder, asked: Deviation
) -> None:
    page = client.sign_in(cast.authority_leader).get("/deviations").text
    for words in ("tirsdag 16. juni 2026", "tirsdag 30. juni 2026", "Ro til eksamen", "Carl", "Mor og Paula"):
        assert words in page
    assert "/deviations" in client.get("/today").text
    for _twice in range(2):
        assert client.send(path_of(asked), {"wanted": "approve"}, page="/account").status_code == 303
    assert state(build, asked) is DeviationState.APPROVED
    assert "Ro til eksamen" not in client.get("/deviations").text
    refused = client.send(path_of(asked), {"wanted": "refuse", "answer": "Nej"}, page="/account")
    assert refused.status_code == 422
    assert "besvaret allerede" in refused.text


def test_refusing_needs_words_which_the_caseworker_reads(
    client: StaffClient, cast: Cast, build: Builder, asked: Deviation
) -> None:
    client.sign_in(cast.authority_leader)
    assert client.send(path_of(asked), {"wanted": "refuse", "answer": " "}).status_code == 422
    assert state(build, asked) is DeviationState.AWAITING
    sent = {"wanted": "refuse", "answer": "Hold kadencen til sommer"}
    assert client.send(path_of(asked), sent).status_code == 303
    for page in (f"/cases/{cast.case.id}", "/today"):
        seen = client.sign_in(cast.caseworker).get(page).text
        assert "Hold kadencen til sommer" in seen, page
        assert f"/meetings/{asked.meeting_id}/move" in seen, page


def test_until_it_is_answered_the_case_page_says_that_it_waits(
    client: StaffClient, cast: Cast, asked: Deviation
) -> None:
    page = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}").text
    assert "venter på" in page.lower() or "har svaret" in page
    assert path_of(asked) not in page  # only a leader answers
    assert path_of(asked) in client.sign_in(cast.authority_leader).get(f"/cases/{cast.case.id}").text


def test_nobody_answers_what_they_asked_for_themselves(
    client: StaffClient, cast: Cast, build: Builder, asked: Deviation
) -> None:
    asked.asked_by_id = cast.authority_leader.id
    build.session.commit()
    client.sign_in(cast.authority_leader)
    assert path_of(asked) not in client.get("/deviations").text
    assert client.send(path_of(asked), {"wanted": "approve"}, page="/account").status_code == 422
    assert state(build, asked) is DeviationState.AWAITING


@pytest.mark.parametrize("who", ["caseworker", "practitioner", "provider_leader", "administrator"])
def test_only_the_authoritys_leader_answers(
    client: StaffClient, cast: Cast, build: Builder, asked: Deviation, who: str
) -> None:
    client.sign_in(cast.staff[who])
    assert client.send(path_of(asked), {"wanted": "approve"}, page="/account").status_code == 403
    assert client.get("/deviations").status_code == 403
    assert state(build, asked) is DeviationState.AWAITING
