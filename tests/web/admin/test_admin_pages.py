"""Units, staff, roles, case teams, handing over and the log, as their people use them."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import TeamMember, TeamPart
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.organisation import Unit
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient


@pytest.fixture
def adam(client: StaffClient, cast: Cast) -> StaffClient:
    return client.sign_in(cast.administrator)


def rows(session: Session, query: Any) -> list[Any]:
    """What stands in the database now; the test's own transaction is over afterwards, so that the pages can write."""
    found = list(session.scalars(query.execution_options(populate_existing=True)).unique())
    session.commit()
    return found


def acts(session: Session) -> list[Act]:
    return [row.act for row in rows(session, select(AuditLog).order_by(AuditLog.seq))]


def team(session: Session, case_id: object) -> set[tuple[object, TeamPart]]:
    query = select(TeamMember).where(TeamMember.case_id == case_id, TeamMember.until_on.is_(None))
    return {(row.staff_id, row.part) for row in rows(session, query)}


def test_a_unit_is_created_and_renamed(adam: StaffClient, session: Session) -> None:
    assert adam.send("/admin/units", {"name": "Bakkehuset", "kind": "provider"}).status_code == 303
    [unit] = rows(session, select(Unit).where(Unit.name == "Bakkehuset"))
    assert adam.send(f"/admin/units/{unit.id}", {"name": "Bakkegården"}).status_code == 303
    assert "Bakkegården" in adam.get("/admin/units").text
    assert sorted(acts(session)) == [Act.UNIT_CHANGED, Act.UNIT_CREATED]


def test_two_units_cannot_have_one_name_and_what_was_typed_stays(adam: StaffClient, session: Session) -> None:
    response = adam.send("/admin/units", {"name": "familiehuset", "kind": "provider"})
    assert response.status_code == 422
    assert 'value="familiehuset"' in response.text
    assert 'href="#name"' in response.text
    assert 'aria-describedby="name-error"' in response.text
    assert acts(session) == []


def new_staff(cast: Cast, **fields: object) -> dict[str, object]:
    return {
        "name": "Nora Ny",
        "email": "Nora@Example.org",
        "unit_id": str(cast.provider.id),
        "roles": ["practitioner"],
    } | fields


def test_without_a_mail_server_the_link_is_shown_once_and_its_owner_chooses_the_password(
    adam: StaffClient, cast: Cast, session: Session
) -> None:
    shown = adam.send("/admin/staff/new", new_staff(cast)).text
    link = re.search(r'class="secret">http://localhost(/choose-password/[^<]+)<', shown)
    assert link
    [nora] = rows(session, select(Staff).where(Staff.email == "nora@example.org"))
    assert nora.password is None
    assert link.group(1) not in adam.get(f"/admin/staff/{nora.id}").text
    adam.send("/logout", page="/account")
    chosen = {"new_password": "lygte mose kilde fjord", "new_password_again": "lygte mose kilde fjord"}
    assert adam.send(link.group(1), chosen).location == "/login"
    assert adam.send(
        "/login", {"email": "nora@example.org", "password": chosen["new_password"]}
    ).status_code in {
        302,
        303,
    }
    assert {Act.STAFF_CREATED, Act.ROLE_GRANTED, Act.INVITATION_MADE, Act.PASSWORD_CHOSEN} <= set(
        acts(session)
    )


def test_an_address_in_use_is_refused_beside_its_field(adam: StaffClient, cast: Cast) -> None:
    response = adam.send("/admin/staff/new", new_staff(cast, email="PAULA@example.org"))
    assert response.status_code == 422
    assert 'id="email-error"' in response.text


def changed(person: Staff, **fields: object) -> dict[str, object]:
    return {
        "name": person.name,
        "email": person.email,
        "unit_id": str(person.unit_id),
        "roles": [role.name for role in person.roles],
        "active": "y",
    } | fields


def test_roles_are_given_and_taken_with_a_log_row_each(
    adam: StaffClient, cast: Cast, session: Session
) -> None:
    page = f"/admin/staff/{cast.practitioner.id}"
    response = adam.send(page, changed(cast.practitioner, roles=["caseworker"]))
    assert response.status_code == 303
    assert sorted(acts(session)) == [Act.ROLE_GRANTED, Act.ROLE_TAKEN]


def test_nobody_gives_themselves_a_role(adam: StaffClient, cast: Cast, session: Session) -> None:
    page = f"/admin/staff/{cast.administrator.id}"
    response = adam.send(page, changed(cast.administrator, roles=["administrator", "caseworker"]))
    assert response.status_code == 422
    [adam_now] = rows(session, select(Staff).where(Staff.name == "Adam"))
    assert [role.name for role in adam_now.roles] == [Role.ADMINISTRATOR]
    assert acts(session) == []


def test_nobody_shuts_their_own_account(adam: StaffClient, cast: Cast) -> None:
    fields = changed(cast.administrator)
    del fields["active"]
    assert adam.send(f"/admin/staff/{cast.administrator.id}", fields).status_code == 422


def test_closing_an_account_signs_it_out_and_keeps_its_row(
    app, adam: StaffClient, cast: Cast, session: Session
) -> None:
    paula = StaffClient(app).sign_in(cast.practitioner)
    assert paula.get("/account").status_code == 200
    fields = changed(cast.practitioner)
    del fields["active"]
    assert adam.send(f"/admin/staff/{cast.practitioner.id}", fields).status_code == 303
    assert paula.get("/account").status_code == 302
    assert rows(session, select(Staff.active).where(Staff.name == "Paula")) == [False]


def test_a_new_link_changes_nothing_until_it_is_used_and_then_signs_out_and_removes_the_pin(
    app, adam: StaffClient, cast: Cast, session: Session
) -> None:
    cast.practitioner.pin_hash = "something"
    session.commit()
    paula = StaffClient(app).sign_in(cast.practitioner)
    page = f"/admin/staff/{cast.practitioner.id}"
    shown = adam.send(f"{page}/invitation", page=page)
    link = re.search(r'class="secret">http://localhost(/choose-password/[^<]+)<', shown.text)
    assert link
    assert paula.get("/account").status_code == 200
    chosen = {"new_password": "lygte mose kilde fjord", "new_password_again": "lygte mose kilde fjord"}
    assert StaffClient(app).send(link.group(1), chosen).status_code == 303
    assert paula.get("/account").status_code == 302
    assert rows(session, select(Staff.pin_hash).where(Staff.name == "Paula")) == [None]


def test_an_administrator_ends_all_of_somebodys_sign_ins(app, adam: StaffClient, cast: Cast) -> None:
    paula = StaffClient(app).sign_in(cast.practitioner)
    assert paula.get("/account").status_code == 200
    page = f"/admin/staff/{cast.practitioner.id}"
    assert adam.send(f"{page}/sign-out", page=page).status_code == 303
    assert paula.get("/account").status_code == 302


def test_a_team_is_found_by_reference_and_shows_nothing_of_the_child(adam: StaffClient, cast: Cast) -> None:
    found = adam.send("/admin/teams", {"reference": " sag-1001 "})
    assert found.status_code == 303
    page = adam.get(found.location).text
    assert "SAG-1001" in page
    assert "Paula" in page
    for secret in (cast.case.display_name, "2012", cast.child.person.name):
        assert secret not in page


def test_somebody_joins_and_leaves_a_team(adam: StaffClient, cast: Cast, session: Session) -> None:
    page = f"/admin/teams/{cast.case.id}"
    joined = {"staff_id": str(cast.colleague.id), "part": "practitioner", "from_on": "16.03.2026"}
    assert adam.send(page, joined).status_code == 303
    assert (cast.colleague.id, TeamPart.PRACTITIONER) in team(session, cast.case.id)
    [member] = rows(session, select(TeamMember).where(TeamMember.staff_id == cast.colleague.id))
    for _twice in range(2):
        assert adam.send(f"{page}/members/{member.id}/remove", page=page).status_code == 303
    assert (cast.colleague.id, TeamPart.PRACTITIONER) not in team(session, cast.case.id)
    assert acts(session) == [Act.TEAM_CHANGED] * 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"part": "caseworker"}, "staff_id"),
        ({"from_on": "15.03.2026"}, "from_on"),
        ({"from_on": "31.02.2026"}, "from_on"),
        ({"staff_id": ""}, "staff_id"),
        ({"staff_id": "nobody"}, "staff_id"),
    ],
)
def test_a_member_who_does_not_fit_is_refused(
    adam: StaffClient, cast: Cast, session: Session, fields: dict[str, str], field: str
) -> None:
    sent = {"staff_id": str(cast.colleague.id), "part": "practitioner", "from_on": "2026-03-16"} | fields
    response = adam.send(f"/admin/teams/{cast.case.id}", sent)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert len(team(session, cast.case.id)) == 2


def hand_over(client: StaffClient, giver: Staff, receiver: Staff, **fields: object):
    sent = {"giver_id": str(giver.id), "receiver_id": str(receiver.id), "step": "preview"} | fields
    return client.send("/admin/hand-over", sent)


def test_a_whole_caseload_is_shown_and_then_handed_over_in_one_act(
    adam: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    second = build.case(reference="SAG-2", team={cast.practitioner: TeamPart.PRACTITIONER})
    closed = build.case(
        reference="SAG-3", team={cast.practitioner: TeamPart.PRACTITIONER}, closed_on=build.today
    )
    session.commit()
    preview = hand_over(adam, cast.practitioner, cast.colleague)
    assert preview.status_code == 200
    assert "SAG-1001" in preview.text
    assert "SAG-3" not in preview.text
    assert team(session, second.id) == {(cast.practitioner.id, TeamPart.PRACTITIONER)}
    assert hand_over(adam, cast.practitioner, cast.colleague, step="do", expected="2").status_code == 303
    for case in (cast.case, second):
        assert (cast.colleague.id, TeamPart.PRACTITIONER) in team(session, case.id)
        assert (cast.practitioner.id, TeamPart.PRACTITIONER) not in team(session, case.id)
    assert team(session, closed.id) == {(cast.practitioner.id, TeamPart.PRACTITIONER)}
    handed_over = rows(session, select(AuditLog).where(AuditLog.act == Act.CASES_HANDED_OVER))
    assert {row.case_id for row in handed_over} == {cast.case.id, second.id}


def test_one_case_is_handed_over_by_its_reference(
    adam: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    second = build.case(reference="SAG-2", team={cast.practitioner: TeamPart.PRACTITIONER})
    session.commit()
    done = hand_over(adam, cast.practitioner, cast.colleague, reference="SAG-2", step="do", expected="1")
    assert done.status_code == 303
    assert team(session, second.id) == {(cast.colleague.id, TeamPart.PRACTITIONER)}
    assert (cast.practitioner.id, TeamPart.PRACTITIONER) in team(session, cast.case.id)


@pytest.mark.parametrize("expected", ["2", "", "all", "-1"])
def test_another_number_than_the_one_shown_moves_nothing(
    adam: StaffClient, cast: Cast, session: Session, expected: str
) -> None:
    response = hand_over(adam, cast.practitioner, cast.colleague, step="do", expected=expected)
    assert response.status_code == 422
    assert (cast.practitioner.id, TeamPart.PRACTITIONER) in team(session, cast.case.id)
    assert acts(session) == []


def test_all_or_none_when_the_receiver_lacks_a_role(
    adam: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    both = build.staff(Role.PRACTITIONER, Role.CASEWORKER, unit=cast.provider, name="Bo")
    build.case(team={both: TeamPart.CASEWORKER})
    build.case(team={both: TeamPart.PRACTITIONER})
    session.commit()
    response = hand_over(adam, both, cast.colleague, step="do", expected="2")
    assert response.status_code == 422
    assert 'id="receiver_id-error"' in response.text
    assert rows(session, select(TeamMember).where(TeamMember.staff_id == cast.colleague.id)) == []


def test_a_provider_leader_reaches_the_own_unit_only(
    client: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    elsewhere = build.case(reference="SAG-9", team={cast.practitioner: TeamPart.PRACTITIONER})
    build.episode(elsewhere, cast.external)
    session.commit()
    pia = client.sign_in(cast.provider_leader)
    page = pia.get("/admin/hand-over").text
    assert "Paula" in page
    assert "Xenia" not in page
    assert "Carl" not in page
    preview = hand_over(pia, cast.practitioner, cast.colleague).text
    assert "SAG-1001" in preview
    assert "SAG-9" not in preview
    assert hand_over(pia, cast.outsider, cast.colleague).status_code == 422
    assert hand_over(pia, cast.practitioner, cast.outsider).status_code == 422


def test_the_two_tables_are_shown_as_they_stand_in_the_code(adam: StaffClient) -> None:
    page = adam.get("/admin/roles").text
    assert page.count("<tr>") == 2 + len(Role) + len(Permission)


def test_the_log_is_read_by_case_and_tells_nothing_of_the_child(
    client: StaffClient, cast: Cast, session: Session, build: Builder
) -> None:
    other = build.case(reference="SAG-77")
    for case in (cast.case, other):
        session.add(
            AccessLog(
                at=build.now, staff_id=cast.caseworker.id, access=Access.CASE_READ, case_ids=[str(case.id)]
            )
        )
    session.commit()
    dora = client.sign_in(cast.auditor)
    everything = dora.get("/log").text
    assert "SAG-77" in everything
    found = dora.send("/log", {"reference": "SAG-1001"})
    assert found.status_code == 303
    assert "SAG" not in found.location
    page = dora.get(found.location).text
    assert "Carl" in page
    assert "SAG-77" not in page
    assert cast.case.display_name not in page
    assert dora.get("/log?kind=acts&page=99").status_code == 200
    assert dora.send("/log", {"reference": "SAG-0"}).status_code == 422


def test_pages_of_the_log_are_turned(
    client: StaffClient, cast: Cast, session: Session, build: Builder
) -> None:
    for _row in range(120):
        session.add(
            AccessLog(at=build.now, staff_id=cast.caseworker.id, access=Access.CASE_READ, case_ids=[])
        )
    session.commit()
    dora = client.sign_in(cast.auditor)
    assert dora.get("/log").text.count("<tr>") == 1 + 50
    assert dora.get("/log?page=3").text.count("<tr>") == 1 + 21  # that the log was read is in it too
    assert dora.get("/log?page=x&case=y&kind=z").status_code == 200
