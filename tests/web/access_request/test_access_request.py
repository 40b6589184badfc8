"""The page and the file of an access request, as a caseworker uses them."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.meeting import Visibility
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Comment
from fitsvc.web.access_request.file import FILE_NAME
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient, check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = "Det her er kun for mig"


@pytest.fixture
def path(build: Builder, cast: Cast, session: Session) -> str:
    """A case with ratings of three people, one kept from the meeting, one of a session, and a note for oneself."""
    told = build.rating(cast.child, 4, build.today)
    session.add(Comment(rating_id=told.id, text="Skolen er svær", created_at=build.now))
    session.add(
        PointNote(
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            rating_id=told.id,
            text=SECRET,
            visibility=Visibility.ONLY_ME,
            created_at=build.now,
            changed_at=build.now,
        )
    )
    build.rating(cast.mother, 6, build.today, instrument_id="wellbeing-adult", withheld=True)
    build.rating(cast.teacher, 7, build.today, instrument_id="wellbeing-professional")
    build.rating(cast.child, 9, build.today, instrument_id="session-youth")
    session.commit()
    session.expunge_all()
    return f"/cases/{cast.case.id}/access-request"


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's test makes a real PDF; here its seconds are saved, and its words can be read."""
    monkeypatch.setattr("fitsvc.web.access_request.file.make_pdf", lambda html, **_options: html.encode())


def ask(client: StaffClient, path: str, cast: Cast, *left_out: object, **fields: str) -> TestResponse:
    included = [str(one.id) for one in (cast.child, cast.mother, cast.teacher) if one not in left_out]
    return client.send(f"{path}/file", {"recipient": "child", "included": included} | fields, page=path)


def opened(response: TestResponse) -> dict[str, str]:
    assert response.status_code == 200, response.text
    with ZipFile(BytesIO(response.data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_everything_about_a_child_is_one_file_in_danish_and_for_machines(
    client: StaffClient, cast: Cast, path: str, session: Session
) -> None:
    response = ask(client.sign_in(cast.caseworker), path, cast)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{FILE_NAME}"'
    files = opened(response)
    assert set(files) == {"aktindsigt.html", "aktindsigt.pdf", "aktindsigt.json"}
    page = files["aktindsigt.html"]
    check_page(page)
    for words in (
        "Ravn",
        "SAG-1001",
        "Skolen er svær",
        SECRET,
        "Hvordan går det med venner og fritid?",
        "Skulle ikke med",
    ):
        assert words in page
    told = json.loads(files["aktindsigt.json"])
    assert told["format"] == "fitsvc access request 1"
    assert len(told["tables"]["ratings"]) == 4
    assert not [name for name in ("token_hash", "digest", "import_key") if name in files["aktindsigt.json"]]
    act = session.scalars(select(AuditLog).where(AuditLog.act == Act.ACCESS_GIVEN)).one()
    assert (act.staff_id, act.case_id, act.details) == (
        cast.caseworker.id,
        cast.case.id,
        {"recipient": "child", "without": []},
    )
    assert session.scalars(select(AccessLog).where(AccessLog.access == Access.EVERYTHING_READ)).one()


def test_a_parents_copy_does_not_even_show_that_something_private_is_there(
    client: StaffClient, cast: Cast, path: str
) -> None:
    files = opened(ask(client.sign_in(cast.caseworker), path, cast, recipient="other"))
    told = json.loads(files["aktindsigt.json"])
    assert len(told["tables"]["ratings"]) == 2
    assert told["tables"]["point_notes"] == []
    for content in files.values():
        assert SECRET not in content
        assert "session-youth" not in content


def test_who_is_left_out_is_in_none_of_the_files_and_the_log_says_why(
    client: StaffClient, cast: Cast, path: str, session: Session
) -> None:
    carl = client.sign_in(cast.caseworker)
    answer = ask(carl, path, cast, cast.teacher)
    assert answer.status_code == 422
    assert "Hvorfor er nogen udeladt?" in answer.text
    assert "error-summary" in answer.text
    files = opened(ask(carl, path, cast, cast.teacher, why="Læreren er truet"))
    for content in files.values():
        assert str(cast.teacher.id) not in content
        assert "7.b" not in content
        assert "truet" not in content
    assert "kan være udeladt" in files["aktindsigt.html"]
    act = session.scalars(select(AuditLog).where(AuditLog.act == Act.ACCESS_GIVEN)).one()
    assert act.details["without"] == [str(cast.teacher.id)]
    assert act.why == "Læreren er truet"
    session.commit()
    later = opened(ask(carl, path, cast))
    assert "truet" not in later["aktindsigt.json"]


def test_the_page_looks_the_same_whether_something_private_is_there_or_not(
    client: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    session.commit()
    carl = client.sign_in(cast.caseworker)
    path = f"/cases/{cast.case.id}/access-request"
    before = CSRF.sub("", carl.get(path).text)
    build.rating(cast.mother, 6, build.today, instrument_id="wellbeing-adult", withheld=True)
    build.rating(cast.child, 9, build.today, instrument_id="session-youth")
    session.commit()
    assert CSRF.sub("", carl.get(path).text) == before


def test_somebody_elses_respondent_cannot_be_named(client: StaffClient, cast: Cast, path: str) -> None:
    carl = client.sign_in(cast.caseworker)
    answer = carl.send(f"{path}/file", {"recipient": "child", "included": [str(cast.case.id)]}, page=path)
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["practitioner", "provider_leader", "administrator", "auditor", "outsider"])
def test_only_the_authority_gives_access(client: StaffClient, cast: Cast, path: str, who: str) -> None:
    assert client.sign_in(cast.staff[who]).get(path).status_code == 403
