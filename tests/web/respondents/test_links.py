import re

from sqlalchemy.orm import Session

from fitsvc.storage.respondents import SharingBasis
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

ADDRESS = re.compile(r"http://localhost/r/[\w-]+")


def test_a_link_is_shown_once_as_text_picture_and_message(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    build.plan(cast.mother, "wellbeing-adult")
    build.session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.mother.id}/links"
    client.sign_in(cast.practitioner)
    answer = client.send(path, {"instrument_id": "wellbeing-adult", "label": "R"}, follow_redirects=True)
    (url,) = set(ADDRESS.findall(answer.text))
    assert 'src="data:image/svg+xml' in answer.text
    message = answer.text.split('id="link-message"')[1]
    assert "Ravn" not in message.split("</textarea>")[0]
    assert not ADDRESS.search(client.get(path).text)
    assert StaffClient(client.application).get(url.removeprefix("http://localhost")).status_code == 200


def test_a_link_waiting_to_be_shown_is_never_shown_on_somebody_elses_page(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    build.plan(cast.child)
    build.session.commit()
    child, mother = (f"/cases/{cast.case.id}/respondents/{one.id}/links" for one in (cast.child, cast.mother))
    client.sign_in(cast.practitioner)
    assert client.send(child, {"instrument_id": "wellbeing-youth"}).status_code == 303
    assert not ADDRESS.search(client.get(mother).text)


def test_resend_and_cancel(client: StaffClient, cast: Cast, build: Builder) -> None:
    build.plan(cast.child)
    build.session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.child.id}/links"
    client.sign_in(cast.practitioner)
    first = client.send(path, {"instrument_id": "wellbeing-youth"}, follow_redirects=True)
    old = ADDRESS.search(first.text)
    asked = re.search(r"/links/([\w-]{36})/resend", first.text)
    assert old is not None
    assert asked is not None
    second = client.send(f"{path}/{asked[1]}/resend", page=path, follow_redirects=True)
    new = ADDRESS.search(second.text)
    assert new is not None
    assert new[0] != old[0]
    anyone = StaffClient(client.application)
    assert anyone.get(old[0].removeprefix("http://localhost")).status_code == 410
    client.send(f"{path}/{asked[1]}/cancel", page=path)
    assert anyone.get(new[0].removeprefix("http://localhost")).status_code == 410


def test_a_teacher_without_recorded_basis_gets_the_reason_instead_of_a_form(
    client: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    build.plan(cast.teacher, "wellbeing-professional")
    session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.teacher.id}/links"
    client.sign_in(cast.practitioner)
    assert "note-warning" in client.get(path).text
    answer = client.send(path, {"instrument_id": "wellbeing-professional", "label": "R"})
    assert answer.status_code == 422
    session.add(
        SharingBasis(
            respondent_id=cast.teacher.id,
            basis="§ 32",
            sharing_scope="svar",
            decided_on=build.today,
            family_told_on=build.today,
            recorded_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )
    session.commit()
    answer = client.send(path, {"instrument_id": "wellbeing-professional", "label": "R"})
    assert answer.status_code == 303


def test_a_goal_form_without_goals_is_not_sent(client: StaffClient, cast: Cast, build: Builder) -> None:
    build.plan(cast.child, "goal")
    build.session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.child.id}/links"
    answer = client.sign_in(cast.practitioner).send(path, {"instrument_id": "goal"})
    assert answer.status_code == 422
    assert "mål" in answer.text
