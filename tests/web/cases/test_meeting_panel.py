from collections.abc import Callable
from datetime import timedelta

import pytest

from fitsvc.storage.goals import GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
Panel = Callable[[str], str]


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    build.plan(cast.child)
    build.plan(cast.mother, "wellbeing-adult")
    build.rating(cast.child, 6, build.today - DAY)
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
    found = build.meeting(cast.episode, build.today + 7 * DAY)
    build.session.commit()
    return found


@pytest.fixture
def panel(client: StaffClient, build: Builder, cast: Cast) -> Panel:
    def shown(who: str = "caseworker") -> str:
        build.session.commit()
        page = client.sign_in(cast.staff[who]).get(f"/cases/{cast.case.id}").text
        return (
            page.split('id="next-meeting-title"')[1].split("</section>")[0]
            if "next-meeting-title" in page
            else ""
        )

    return shown


@pytest.mark.usefixtures("meeting")
def test_it_says_who_has_answered_who_has_not_and_since_when(panel: Panel) -> None:
    told = panel("caseworker")
    assert "23. marts 2026 (om 7 dage)" in told
    assert "Har svaret: Barn/ung (15. marts)" in told
    assert "Spurgt, intet svar endnu: Forælder (hjemme) (siden 14. marts)" in told


def test_the_goals_status_stands_there_with_who_wrote_it_or_with_how_late_it_is(
    build: Builder, cast: Cast, meeting: FollowUpMeeting, panel: Panel
) -> None:
    goal = build.goal(cast.case, cast.episode)
    assert "Skulle være skrevet 13. marts, for 3 dage siden" in panel("caseworker")
    build.session.add(
        GoalStatus(
            case_id=cast.case.id,
            meeting_id=meeting.id,
            goal_id=goal.id,
            text="Tre dage om ugen",
            written_by_id=cast.practitioner.id,
            written_at=build.now,
        )
    )
    told = panel("caseworker")
    assert "Tre dage om ugen" in told
    assert "Paula, 16. mar. 2026" in told
    assert "Skulle være skrevet" not in told


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(("who", "asks"), [("practitioner", True), ("authority_leader", False)])
def test_it_leads_only_where_the_reader_may_go(panel: Panel, who: str, asks: bool) -> None:
    assert ("/ask" in panel(who)) is asks


@pytest.mark.parametrize("change", ["held", "cancelled", "closed"])
def test_it_is_gone_with_its_meeting(
    build: Builder, cast: Cast, meeting: FollowUpMeeting, panel: Panel, change: str
) -> None:
    assert panel("caseworker")
    if change == "held":
        meeting.held_on = build.today
    elif change == "cancelled":
        meeting.cancelled_at = build.now
    else:
        cast.case.closed_on = build.today
    assert panel("caseworker") == ""


def test_of_a_meeting_gone_by_nobody_is_asked_any_more(
    build: Builder, meeting: FollowUpMeeting, panel: Panel
) -> None:
    meeting.planned_on = build.today - DAY
    assert "/ask" not in panel("caseworker")


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(("who", "knows"), [("practitioner", True), ("caseworker", False)])
def test_a_withheld_answer_is_the_practitioners_to_know(
    build: Builder, cast: Cast, panel: Panel, who: str, knows: bool
) -> None:
    build.rating(cast.mother, 2, build.today, "wellbeing-adult", withheld=True)
    assert ("ikke til mødet" in panel(who)) is knows
