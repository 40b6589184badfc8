"""Signing in through the kommune, against a real provider over HTTP that does what it should."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.storage.accounts import SignIn, SignInWay
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.notices import Notice
from tests.client import StaffClient
from tests.kommune_provider import KommuneProvider, elliptic_key, signed_with
from tests.web.kommune_sign_in.conftest import Walk, acts, find_staff, reasons


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_the_first_sign_in_makes_an_account_with_unit_and_role_of_the_claims(
    walk: Walk, session: Session
) -> None:
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
    granted = session.scalars(select(AuditLog).where(AuditLog.act == Act.ROLE_GRANTED)).one()
    assert granted.details == {"staff": str(staff.id), "role": "practitioner", "by": "provider"}
    assert session.scalars(select(Notice).where(Notice.kind == NoticeKind.ROLE_GRANTED)).one().by_staff_id is None


