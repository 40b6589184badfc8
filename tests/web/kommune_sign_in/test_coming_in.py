"""Signing in through the kommune, against a real provider over HTTP that does what it should."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.storage.accounts import SignIn, SignInWay, Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.notices import Notice
from fitsvc.storage.organisation import Unit
from tests.cast import Cast
from tests.kommune_provider import KommuneProvider, elliptic_key, signed_with
from tests.web.kommune_sign_in.conftest import Walk, acts, find_staff, reasons

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@on_both
def test_the_first_sign_in_makes_an_account_with_unit_and_role_of_the_claims(
    walk: Walk, session: Session
) -> None:
    walk.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36"
    answer = walk.sign_in("/sign-in/kommune?next=/method")
    assert (answer.status_code, answer.location) == (303, "/method")
    assert walk.client.get("/method").status_code == 200
    staff = find_staff(session)
    assert staff is not None
    assert (staff.name, staff.email) == ("Kirsten Kommune", "kirsten@kommune.example.org")
    assert (staff.unit.name, [role.name for role in staff.roles]) == ("Familiehuset", ["practitioner"])
    assert staff.password is None
    row = session.scalars(select(SignIn).where(SignIn.staff_id == staff.id)).one()
    assert (row.way, row.oidc_sid) == (SignInWay.KOMMUNE, "s-1")
    assert (row.browser, row.origin) == ("Chrome, ChromeOS", "127.0.0.1")
    granted = session.scalars(select(AuditLog).where(AuditLog.act == Act.ROLE_GRANTED)).one()
    assert granted.details == {"staff": str(staff.id), "role": "practitioner", "by": "provider"}
    told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.ROLE_GRANTED)).one()
    assert (told.by_staff_id, told.about_staff_id) == (None, staff.id)


@on_both
def test_each_sign_in_brings_the_same_account_up_to_the_claims(
    walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    walk.sign_in()
    first = find_staff(session)
    provider.person |= {
        "name": "Kirsten Ny", "email": "ny@kommune.example.org", "roles": ["Leder"], "department": ["x", "1000"]
    }  # fmt: skip
    walk.sign_in()
    second = find_staff(session)
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert (second.name, second.email) == ("Kirsten Ny", "ny@kommune.example.org")
    assert (second.unit.name, [role.name for role in second.roles]) == ("Myndighed", ["provider_leader"])
    assert {"role_granted", "role_taken", "staff_changed"} <= set(acts(session))


@on_sqlite
def test_roles_the_mapping_does_not_know_are_passed_over_while_one_is_known(
    walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    provider.person["roles"] = ["Kantine", "Behandler", 7]
    assert walk.sign_in().status_code == 303
    staff = find_staff(session)
    assert staff is not None
    assert [role.name for role in staff.roles] == ["practitioner"]


@on_sqlite
def test_a_new_key_is_asked_for_when_the_provider_has_changed_it_and_only_once(
    walk: Walk, provider: KommuneProvider, session: Session
) -> None:
    assert walk.sign_in().status_code == 303
    provider.keys = [elliptic_key("second")]
    provider.wrong.sign = signed_with(provider.key, "ES256")
    assert walk.sign_in().status_code == 303
    asked = provider.asked.count("/keys")
    provider.wrong.header = {"kid": "invented"}
    for _ in range(3):
        assert walk.sign_in().status_code == 403
    assert provider.asked.count("/keys") == asked
    assert reasons(session) == ["token_key"] * 3


@on_sqlite
@pytest.mark.parametrize(
    ("claims", "is_taken"),
    [
        ({"iat": 50}, True),
        ({"iat": 90}, False),
        ({"nbf": 50}, True),
        ({"nbf": 90}, False),
        ({"exp": -50}, True),
        ({"exp": -90}, False),
    ],
)
def test_clocks_may_differ_by_a_minute_and_no_more(
    walk: Walk, provider: KommuneProvider, claims: dict[str, int], is_taken: bool
) -> None:
    provider.wrong.claims = {name: provider.clock() + seconds for name, seconds in claims.items()}
    assert walk.sign_in().status_code == (303 if is_taken else 403)


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "reason", "words"),
    [
        ({"roles": ["Kantine"]}, "unknown_role", "Du har ingen rolle her"),
        ({"roles": None}, "unknown_role", "Du har ingen rolle her"),
        ({"department": "9999"}, "unknown_unit", "Du har ingen rolle her"),
        ({"roles": ["Admin", "Behandler"]}, "roles_apart", "kan ikke"),
        ({"acr": "Low"}, "low_assurance", "mere sikkert"),
        ({"acr": None}, "low_assurance", "mere sikkert"),
        ({"email": None}, "claim_missing", "sagde ikke nok"),
        ({"email": "not an address"}, "claim_unusable", "sagde ikke nok"),
        ({"name": "x" * 200}, "claim_unusable", "sagde ikke nok"),
        ({"name": ["A", "B"]}, "claim_missing", "sagde ikke nok"),
        ({"sub": "010190-1234"}, "token_sub", "kunne ikke bekræftes"),
        ({"sub": "x" * 256}, "token_sub", "kunne ikke bekræftes"),
        ({"email": "paula@example.org"}, "email_taken", "allerede en konto"),
    ],
)
def test_whom_the_claims_do_not_admit_is_told_so_and_no_account_is_made(
    walk: Walk,
    session: Session,
    provider: KommuneProvider,
    changed: dict[str, object],
    reason: str,
    words: str,
) -> None:
    before = len(session.scalars(select(Staff.id)).all())
    session.commit()
    provider.person |= changed
    answer = walk.sign_in()
    assert answer.status_code == 403
    assert words in answer.text
    assert reasons(session) == [reason]
    assert len(session.scalars(select(Staff.id)).all()) == before
    session.commit()
    assert walk.client.get("/method").status_code == 302


@on_sqlite
def test_a_local_account_with_the_same_address_is_not_taken_over(
    walk: Walk, session: Session, provider: KommuneProvider, cast: Cast
) -> None:
    provider.person |= {"email": "Paula@Example.org", "email_verified": True}
    assert walk.sign_in().status_code == 403
    session.refresh(cast.practitioner)
    assert cast.practitioner.oidc_subject is None
    session.commit()


@on_both
@pytest.mark.parametrize("changed", [{"department": "9999"}, {"roles": []}])
def test_whose_unit_or_role_was_taken_away_is_out_everywhere(
    walk: Walk, session: Session, provider: KommuneProvider, changed: dict[str, object]
) -> None:
    walk.sign_in()
    elsewhere = Walk(type(walk.client)(walk.client.application))
    elsewhere.sign_in()
    assert walk.client.get("/method").status_code == 200
    provider.person |= changed
    assert elsewhere.sign_in().status_code == 403
    assert walk.client.get("/method").status_code == 302
    assert elsewhere.client.get("/method").status_code == 302
    staff = find_staff(session)
    assert staff is not None
    assert staff.roles == []
    assert (
        session.scalars(select(SignIn).where(SignIn.staff_id == staff.id, SignIn.ended_at.is_(None))).all()
        == []
    )
    session.commit()


@on_sqlite
def test_a_closed_account_stays_closed_whatever_the_provider_says(walk: Walk, session: Session) -> None:
    walk.sign_in()
    session.execute(update(Staff).where(Staff.oidc_subject == "u-1001").values(active=False))
    session.commit()
    answer = walk.sign_in()
    assert answer.status_code == 403
    assert "Din konto er lukket" in answer.text
    assert reasons(session) == ["account_closed"]


@on_sqlite
def test_a_unit_that_was_renamed_since_the_start_admits_nobody_and_changes_nothing(
    walk: Walk, session: Session, cast: Cast
) -> None:
    session.execute(update(Unit).where(Unit.id == cast.provider.id).values(name="Et nyt navn"))
    session.commit()
    assert walk.sign_in().status_code == 403
    assert reasons(session) == ["unit_not_here"]


@on_sqlite
def test_whoever_was_signed_in_on_the_browser_is_signed_out_first(
    walk: Walk, session: Session, cast: Cast
) -> None:
    walk.client.sign_in(cast.administrator)
    with walk.client.session_transaction() as cookie:
        cookie["something"] = "of the one before"
    assert walk.sign_in().status_code == 303
    with walk.client.session_transaction() as cookie:
        assert "something" not in cookie
    assert "Kirsten Kommune" in walk.client.get("/method").text
    assert "signed_out" in acts(session)


@on_sqlite
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/" + "x" * 900]
)
def test_the_way_on_stays_within_the_service(walk: Walk, wanted: str) -> None:
    answer = walk.sign_in("/sign-in/kommune?next=" + wanted)
    assert (answer.status_code, answer.location) == (303, "/")
