import re
from datetime import timedelta

from sqlalchemy.orm import Session

from fitsvc.storage.minutes import Agreement
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


def test_an_agreement_is_checked_off_on_the_case(
    client: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    meeting = build.meeting(cast.episode, build.today, held_on=build.today)
    for what, days in (("Ingen dag", None), ("Senere", 20), ("Først", 4)):
        session.add(
            Agreement(
                case_id=cast.case.id, meeting_id=meeting.id, what=what, who="Far",
                by_on=build.today + timedelta(days=days) if days else None,
                created_by_id=cast.caseworker.id, created_at=build.now,
            )
        )  # fmt: skip
    session.commit()
    case = f"/cases/{cast.case.id}"
    page = client.sign_in(cast.practitioner).get(case).text
    assert page.index("Først") < page.index("Senere") < page.index("Ingen dag")
    act = re.search(r'action="(/cases/[^"]+/agreements/[^"]+)"', page)
    assert act
    answer = client.send(act.group(1), {"do": "done", "how_it_went": "Det lykkedes"}, page=case)
    assert answer.location == f"{case}#agreements"
    assert "Det lykkedes" in client.get(case).text
    leader = client.sign_in(cast.provider_leader).get(case).text
    assert "Først" in leader
    assert 'value="done"' not in leader
