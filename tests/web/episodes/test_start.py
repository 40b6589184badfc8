"""Starting a measure: its rhythm, no rhythm, and the measure it takes over from."""

import pytest

from fitsvc.storage.episodes import list_episodes
from fitsvc.storage.meetings import list_meetings
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.plain_forms import UNKNOWN, addresses

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BECAUSE = {"reason_code": "going_well", "meeting_reason": "Ro til skolestart"}


def test_early_help_may_start_without_a_fixed_follow_up(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    path, fields = addresses(cast)["start"]
    client.sign_in(cast.caseworker)
    fields = fields | {"cadence_standard": "none"}
    assert "Ingen fast opfølgning" in client.get(path).text
    refused = client.send(path, fields)
    assert refused.status_code == 422
    assert 'href="#cadence_standard"' in refused.text
    answer = client.send(path, fields | {"measure_type": "early_help_s30"}, follow_redirects=True)
    assert "uden fast opfølgning" in answer.text
    assert list_meetings(build.session, cast.case.id) == []
    build.session.commit()
    assert "ingen fast opfølgning" in client.get(f"/cases/{cast.case.id}").text


def test_a_slower_rhythm_is_shown_as_waiting_for_the_leader(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    path, fields = addresses(cast)["start"]
    fields = fields | {"interval_number": "8", "interval_unit": "weeks"}
    client.sign_in(cast.caseworker)
    preview = client.send(path, fields | {"preview": "1"}).text
    assert "mandag 27. april 2026" in preview
    assert "færre opfølgninger" in preview
    assert client.send(path, fields).status_code == 422  # the reason is missing
    assert "leder" in client.send(path, fields | BECAUSE, follow_redirects=True).text
    case = client.get(f"/cases/{cast.case.id}").text
    assert "8 ugers mellemrum" in case
    build.session.commit()


def test_the_end_of_an_investigation_is_shown_as_the_reason_for_the_date(
    client: StaffClient, cast: Cast
) -> None:
    path, fields = addresses(cast)["start"]
    client.sign_in(cast.caseworker)
    preview = client.send(path, fields | {"investigation_ends_on": "15.04.2026", "preview": "1"}).text
    assert "onsdag 15. april 2026" in preview
    assert "Når undersøgelsen slutter" in preview
    after = client.send(path, fields | {"investigation_ends_on": "01.06.2026", "preview": "1"}).text
    assert "mandag 27. april 2026" in after
    assert "Når undersøgelsen slutter" not in after
    early = client.send(path, fields | {"investigation_ends_on": "15.03.2026"})
    assert early.status_code == 422
    assert 'href="#investigation_ends_on"' in early.text
    assert 'value="15.03.2026"' in early.text
    assert client.send(path, fields | {"investigation_ends_on": "15.04.2026"}).status_code == 303


def test_a_new_measure_shows_and_ends_the_one_it_takes_over_from(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    path, fields = addresses(cast)["start"]
    opened = f"{path}?closes={cast.episode.id}"
    page = client.sign_in(cast.caseworker).get(opened).text
    assert "afløser" in page
    assert f'value="{cast.episode.id}"' in page
    answer = client.send(path, fields | {"closes": str(cast.episode.id)})
    assert answer.status_code == 303
    old, new = list_episodes(build.session, cast.case.id)
    build.session.refresh(old)
    assert (old.id, str(old.ended_on), str(new.started_on)) == (cast.episode.id, "2026-03-15", "2026-03-16")
    build.session.commit()


@pytest.mark.parametrize("closes", ["not-a-key", str(UNKNOWN)])
def test_a_measure_that_is_not_this_cases_is_not_taken_over_from(
    client: StaffClient, cast: Cast, closes: str
) -> None:
    path, fields = addresses(cast)["start"]
    assert client.sign_in(cast.caseworker).get(f"{path}?closes={closes}").status_code == 404
    assert client.send(path, fields | {"closes": closes}).status_code == 404
