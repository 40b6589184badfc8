"""The closing page: what it says, what is written on it, and what is planned from it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.after_end import PlannedRating
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.report.cases import SESSION_WORDS, rate_session

DAY = timedelta(days=1)


@pytest.fixture
def path(cast: Cast, build: Builder) -> str:
    """A measure of twelve weeks that has ended: the child is better for sure, the mother's change may be chance."""
    for days, score in ((80, 3), (40, 5), (3, 7.5)):
        build.rating(cast.child, score, build.today - days * DAY)
    for days, score in ((80, 4), (3, 5)):
        build.rating(cast.mother, score, build.today - days * DAY, "wellbeing-adult")
    rate_session(build, cast)
    build.goal(cast.case, cast.episode, text="Skole hver dag", closed_on=build.today - DAY, reached=True)
    build.goal(cast.case, cast.episode, number=2, text="En makker")
    meeting = build.meeting(cast.episode, build.today - DAY, held_on=build.today - DAY)
    cast.episode.ended_on = build.today - DAY
    build.session.commit()
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/ending"


def test_each_voice_has_its_first_and_last_and_what_the_change_means(
    client: StaffClient, path: str, cast: Cast
) -> None:
    page = re.sub(r"\s+", " ", client.sign_in(cast.caseworker).get(path).text)
    assert "4,5 point højere end i starten. Det er mere end tilfældigt." in page
    assert "1 point højere end i starten. En forskel af den størrelse kan være tilfældig." in page
    assert "Nået: fra 2 (vi sigtede efter 7)" in page
    assert "På vej" in page
    assert "116 111" in page
    assert "12 34 56 78" in page


@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
def test_session_ratings_are_never_on_it(client: StaffClient, path: str, cast: Cast, who: str) -> None:
    page = client.sign_in(cast.staff[who]).get(path).text
    assert SESSION_WORDS not in page


def test_what_helped_is_written_and_nobody_overwrites_it_unseen(
    client: StaffClient, path: str, cast: Cast
) -> None:
    client.sign_in(cast.practitioner)
    first = {
        "helped": "At vi spiste sammen",
        "helped_version": "0",
        "if_harder": "",
        "if_harder_version": "0",
    }
    assert client.send(path, first).status_code == 303
    assert "At vi spiste sammen</p>" in client.get(path).text
    other = first | {"helped": "Farmor", "if_harder": "Ring til Paula"}
    refused = client.send(path, other)
    assert refused.status_code == 422
    assert "At vi spiste sammen" in refused.text
    assert "Farmor</textarea>" in refused.text
    assert "Ring til Paula</p>" not in client.get(path).text  # neither field was written
    version = re.search(r'name="helped_version"[^>]*value="(\d+)"', refused.text)
    assert version
    assert client.send(path, other | {"helped_version": version.group(1)}).status_code == 303
    page = client.get(path).text
    assert "Farmor</p>" in page
    assert "Ring til Paula</p>" in page


def test_ratings_afterwards_are_ticked_and_closing_the_case_says_it_cancels_them(
    client: StaffClient, path: str, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    close = f"/cases/{cast.case.id}/close"
    ticks = [f"{cast.child.id}:3", f"{cast.mother.id}:6", "nonsense", "x:3"]
    assert client.send(f"{path}/ratings", {"ask": ticks}, page=path).status_code == 303
    assert len(session.scalars(select(PlannedRating)).all()) == 2
    session.rollback()
    assert client.get(path).text.count(" checked") == 2
    assert "2 besvarelser er planlagt" in client.get(close).text


def test_while_the_measure_runs_the_page_says_so_and_plans_nothing(
    client: StaffClient, path: str, cast: Cast, session: Session
) -> None:
    cast.episode.ended_on = None
    session.commit()
    page = client.sign_in(cast.caseworker).get(path).text
    assert "stadig i gang" in page
    assert 'name="ask"' not in page
