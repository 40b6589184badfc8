from datetime import date, timedelta

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.respondents import list_respondents
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


def test_a_mother_of_siblings_is_found_and_used_without_her_name_in_an_address(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    cast.mother.person.name = "Mette Opdigtet"
    sibling = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    build.session.commit()
    path = f"/cases/{sibling.id}/respondents/add"
    client.sign_in(cast.caseworker)
    found = client.send(path, {"find": "1", "name_part": "mette"})
    assert "Mette Opdigtet" in found.text
    person = str(cast.mother.person_id)
    assert "Mette Opdigtet" in client.send(path, {"use": "1", "person_id": person}).text
    fields = {"person_id": person, "role": "parent", "has_custody": "yes", "language": "da"}
    assert client.send(path, fields).status_code == 303
    (added,) = list_respondents(build.session, sibling.id)
    assert added.person_id == cast.mother.person_id


def test_a_person_of_a_case_out_of_scope_is_not_found(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    cast.mother.person.name = "Mette Opdigtet"
    foreign = build.case(team={cast.outsider: TeamPart.PRACTITIONER})
    build.episode(foreign, cast.external)
    build.session.commit()
    path = f"/cases/{foreign.id}/respondents/add"
    client.sign_in(cast.outsider)
    assert "Mette" not in client.send(path, {"find": "1", "name_part": "mette"}).text.replace('"mette"', "")
    person = str(cast.mother.person_id)
    fields = {"person_id": person, "role": "parent", "has_custody": "yes", "language": "da", "name": "x"}
    assert client.send(path, fields).status_code == 404


def test_a_basis_has_three_parts_or_none(client: StaffClient, cast: Cast) -> None:
    path = f"/cases/{cast.case.id}/respondents/{cast.teacher.id}/edit"
    fields = {"name": "L", "language": "da", "basis": "§ 32"}
    answer = client.sign_in(cast.caseworker).send(path, fields)
    assert answer.status_code == 422
    assert 'href="#sharing_scope"' in answer.text
    assert 'href="#decided_on"' in answer.text
    full = fields | {"sharing_scope": "svar", "decided_on": "1.3.2026", "family_told_on": "2.3.2026"}
    assert client.send(path, full).status_code == 303


def test_at_13_the_page_suggests_the_change_of_form_and_makes_it(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    cast.case.birth_month = date(2013, 3, 1)
    old = build.plan(cast.child, "wellbeing-child", purpose="Se om det hjælper", target_score=7)
    build.session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.child.id}/plan"
    client.sign_in(cast.practitioner)
    change = f"{path}?replace={old.id}&form=wellbeing-youth"
    assert change.replace("&", "&amp;") in client.get(path).text
    page = client.get(change).text
    assert "Se om det hjælper" in page
    assert 'value="wellbeing-youth"' in page
    fields = {
        "instrument_id": "wellbeing-youth",
        "rhythm": "weekly",
        "purpose": "Se om det hjælper",
        "starts_on": "16.03.2026",
        "replaces": str(old.id),
    }
    assert client.send(change, fields).status_code == 303
    build.session.refresh(old)
    assert old.ends_on == build.today


def test_under_six_no_form_is_suggested_and_the_page_says_why(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    cast.case.birth_month = date(2021, 3, 1)
    build.session.commit()
    path = f"/cases/{cast.case.id}/respondents/{cast.child.id}/plan"
    page = client.sign_in(cast.practitioner).get(path).text
    assert "under 6 år" in page
    fields = {
        "instrument_id": "wellbeing-young-child",
        "rhythm": "weekly",
        "purpose": "x",
        "starts_on": "16.03.2026",
    }
    assert client.send(path, fields).status_code == 422
    assert client.send(path, fields | {"against_age": "Barnet vil selv"}).status_code == 303


def test_the_child_stands_first_whoever_was_added_first(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    build.respondent(
        cast.case, RaterRole.TEACHER, setting="7.b", started_on=build.today - timedelta(days=900)
    )
    build.session.commit()
    client.sign_in(cast.practitioner)
    page = client.get(f"/cases/{cast.case.id}/respondents").text
    assert page.index(">Barn/ung") < page.index(">Forælder") < page.index(">Lærer (7.b)")
