"""Signs no keyboard writes, in every field of every page: a clear answer, and never a failure."""

import re

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import CSRF, StaffClient

FIELD = re.compile(r'name="([a-z_]+)"')
LOOK_UPS = {
    "auditor": ("/log",),
    "administrator": ("/admin/teams", "/admin/units", "/admin/staff/new", "/admin/hand-over"),
    "caseworker": ("/cases/search", "/cases/open"),
}
ODD = {
    "a zero byte": "a%00b",
    "half a sign": "%F0%90%80",
    "a lone surrogate": "%ED%A0%80",
    "no UTF-8": "%ff%fe",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in LOOK_UPS.items() for path in paths])
def test_a_field_with_odd_signs_gets_an_ordinary_answer(
    client: StaffClient, cast: Cast, who: str, path: str, odd: str
) -> None:
    client.sign_in(cast.staff[who])
    page = client.get("/account" if path == "/cases/search" else path).text
    token = CSRF.search(page)
    assert token
    names = (set(FIELD.findall(page)) | {"reference", "search", "name_part"}) - {
        "csrf_token",
        "unit_id",
        "language",
    }
    body = "&".join([f"csrf_token={token.group(1)}", *(f"{name}={odd}" for name in sorted(names))])
    answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_signing_in_with_odd_signs_is_refused_as_any_other_mistake(
    client: StaffClient, cast: Cast, session: Session, odd: str
) -> None:
    session.commit()
    token = CSRF.search(client.get("/login").text)
    assert token
    body = f"csrf_token={token.group(1)}&email=paula@example.org{odd}&password={odd}"
    answer = client.post("/login", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert client.get("/account").status_code == 302
