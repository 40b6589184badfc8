"""Frozen reports on the screen: listed, opened byte for byte, packed, locked."""

import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Minute
from fitsvc.services.freezing import lock_for_respondent
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.storage.cases import Case
from fitsvc.storage.frozen import FrozenReport, FrozenVoice
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.documents.held import actor_of, freeze, frozen
from tests.web.report.cases import followed_up

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def meeting_id(app: Flask, session: Session, build: Builder, cast: Cast) -> UUID:
    meeting = followed_up(build, cast)
    found: UUID = meeting.id
    freeze(app, session, build, cast, found)
    session.commit()
    return found


def address(cast: Cast, meeting_id: UUID, end: str) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting_id}/{end}"


def lock(session: Session, build: Builder, cast: Cast, respondent: Respondent) -> int:
    locked = lock_for_respondent(
        session, by=actor_of(cast.practitioner, build), now=build.now, respondent_id=respondent.id
    )
    session.commit()
    return locked


def test_it_opens_byte_for_byte_whatever_has_changed_since(
    app: Flask,
    client: StaffClient,
    build: Builder,
    cast: Cast,
    session: Session,
    meeting_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = {kind: frozen(session, cast, meeting_id, kind).pdf for kind in ("report", "child")}
    build.rating(cast.child, 9.0, build.today)
    session.commit()
    monkeypatch.setattr("fitsvc.domain.meeting_report.RULES_VERSION", "99")
    monkeypatch.setattr("fitsvc.web.documents.page.RULES_VERSION", "99")
    monkeypatch.setattr("fitsvc.__version__", "99.0")
    app.extensions["fitsvc_catalogue"] = Catalogue(
        [replace(one, version="9.0") for one in app.extensions["fitsvc_catalogue"]]
    )
    client.sign_in(cast.caseworker)
    for kind, content in stored.items():
        response = client.get(address(cast, meeting_id, f"frozen/{kind}.pdf"))
        assert response.data == content
        assert response.headers["X-Content-SHA256"] == sha256(content).hexdigest()
        assert response.headers["ETag"] == f'"{sha256(content).hexdigest()}"'
        assert response.mimetype == "application/pdf"


@one_database
def test_who_has_it_already_is_told_so(client: StaffClient, cast: Cast, meeting_id: UUID) -> None:
    client.sign_in(cast.caseworker)
    first = client.get(address(cast, meeting_id, "frozen/report.pdf"))
    again = client.get(
        address(cast, meeting_id, "frozen/report.pdf"), headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data


@one_database
def test_damaged_bytes_are_not_shown(
    client: StaffClient, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    frozen(session, cast, meeting_id).pdf = b"%PDF-1.7 something else"
    session.commit()
    response = client.sign_in(cast.caseworker).get(address(cast, meeting_id, "frozen/report.pdf"))
    assert response.status_code == 500
    assert b"something else" not in response.data


@one_database
def test_the_list_links_to_both_papers_and_holds_the_text_to_paste(
    client: StaffClient, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    page = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/frozen").text
    assert "Mødet den 16. marts 2026" in page
    for end in ("frozen/report.pdf", "frozen/child.pdf", "export.zip"):
        assert address(cast, meeting_id, end) in page
    assert "Mødet besluttede 16. marts 2026" in page
    assert f"data {frozen(session, cast, meeting_id).snapshot_sha256[:12]}" in page


@one_database
def test_a_case_without_a_held_meeting_says_what_will_come(client: StaffClient, cast: Cast) -> None:
    page = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/frozen").text
    assert "Der er ikke gemt noget møde endnu" in page


@one_database
def test_the_export_holds_pdfs_summary_and_a_manifest_and_names_nobody(
    client: StaffClient, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    client.sign_in(cast.caseworker)
    response = client.get(address(cast, meeting_id, "export.zip"))
    again = client.get(address(cast, meeting_id, "export.zip"))
    assert response.data == again.data
    assert response.headers["Content-Disposition"] == 'attachment; filename="opfoelgning-2026-03-16.zip"'
    archive = zipfile.ZipFile(io.BytesIO(response.data))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "opfoelgning-2026-03-16.pdf",
        "barnets-side-2026-03-16.pdf",
        "resume-2026-03-16.txt",
        "manifest.json",
    ]
    manifest = json.loads(archive.read("manifest.json"))
    for file in manifest["files"]:
        content = archive.read(file["name"])
        assert (file["size"], file["sha256"]) == (len(content), sha256(content).hexdigest())
    report = frozen(session, cast, meeting_id)
    assert archive.read("opfoelgning-2026-03-16.pdf") == report.pdf
    assert archive.read("resume-2026-03-16.txt").decode().replace("\r\n", "\n") == report.summary
    assert manifest["rules_version"] == report.rules_version
    assert "Ravn" not in archive.read("manifest.json").decode()


def test_a_withdrawal_locks_every_paper_the_answers_are_on(
    client: StaffClient, build: Builder, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    assert lock(session, build, cast, cast.mother) == 1
    assert lock(session, build, cast, cast.mother) == 0
    for staff in (cast.caseworker, cast.practitioner, cast.authority_leader, cast.provider_leader):
        client.sign_in(staff)
        for end in ("frozen/report.pdf", "export.zip"):
            response = client.get(address(cast, meeting_id, end))
            assert response.status_code == 410
            assert "Siden er låst" in response.text
    assert client.get(address(cast, meeting_id, "frozen/child.pdf")).status_code == 200
    page = client.get(f"/cases/{cast.case.id}/frozen").text
    assert "låst, fordi nogen har trukket sine svar tilbage" in page
    assert "Mødet besluttede" not in page
    assert "export.zip" not in page


@one_database
def test_the_childs_withdrawal_locks_both(
    client: StaffClient, build: Builder, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    assert lock(session, build, cast, cast.child) == 2
    client.sign_in(cast.practitioner)
    assert client.get(address(cast, meeting_id, "frozen/child.pdf")).status_code == 410
    acts = session.scalars(select(AuditLog.act).where(AuditLog.act == Act.REPORT_LOCKED)).all()
    assert len(acts) == 2


def test_frozen_reports_go_with_the_case(cast: Cast, session: Session, meeting_id: UUID) -> None:
    session.delete(session.get(Case, cast.case.id))
    session.commit()
    assert not session.scalars(select(FrozenReport.id)).all()
    assert not session.scalars(select(FrozenVoice.frozen_report_id)).all()


@one_database
def test_each_way_of_reading_leaves_its_row(
    client: StaffClient, cast: Cast, session: Session, meeting_id: UUID
) -> None:
    client.sign_in(cast.caseworker)
    expected = []
    for path, access in (
        (f"/cases/{cast.case.id}/frozen", Access.FROZEN_REPORT_READ),
        (address(cast, meeting_id, "frozen/report.pdf"), Access.FROZEN_REPORT_READ),
        (address(cast, meeting_id, "export.zip"), Access.EXPORT_TAKEN),
    ):
        client.get(path)
        expected.append(access)
    rows = session.scalars(select(AccessLog).where(AccessLog.access != Access.REPORT_PRINTED)).all()
    assert sorted(row.access for row in rows) == sorted(expected)
    assert all(row.case_ids == [str(cast.case.id)] for row in rows)


@one_database
@pytest.mark.parametrize("end", ["frozen/report.pdf", "frozen/child.pdf", "export.zip"])
def test_out_of_scope_and_never_frozen_are_not_found(
    client: StaffClient, build: Builder, cast: Cast, session: Session, meeting_id: UUID, end: str
) -> None:
    other = build.meeting(cast.episode, build.today)
    session.commit()
    assert client.sign_in(cast.outsider).get(address(cast, meeting_id, end)).status_code == 404
    assert client.sign_in(cast.caseworker).get(address(cast, other.id, end)).status_code == 404
    assert client.sign_in(cast.auditor).get(address(cast, meeting_id, end)).status_code == 403


@one_database
def test_without_pango_the_meeting_is_not_held_and_nothing_written_is_lost(
    client: StaffClient, build: Builder, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, meeting_id = cast.case.id, build.meeting(cast.episode, build.today).id
    session.commit()
    monkeypatch.setattr("fitsvc.web.documents.freezing.CAN_MAKE_PDF", False)
    fields = {
        "held_on": "16.03.2026",
        "decision": "continue",
        "decision_reason": "Det går fremad",
        "child_heard": "present",
        "child_heard_how": "Var med hele tiden",
        "next_on": "16.06.2026",
        "next_reason": "Efter sommeren begynder et nyt skoleår",
    }
    path = f"/cases/{case_id}/meetings/{meeting_id}/hold"
    answer = client.sign_in(cast.caseworker).send(path, fields)
    assert answer.status_code == 503
    assert "Intet er gået tabt" in answer.text
    assert "Pango" in answer.text
    session.rollback()
    assert session.get_one(FollowUpMeeting, meeting_id).held_on is None
    written = read_meeting_book(session, case_id=case_id).minutes[meeting_id]
    assert written[Minute.DECISION_REASON].text == "Det går fremad"
    session.rollback()
    monkeypatch.setattr("fitsvc.web.documents.freezing.CAN_MAKE_PDF", True)
    held = client.send(path, {"held_on": "16.03.2026"})
    assert held.status_code == 303
    assert client.get(path.replace("hold", "frozen/report.pdf")).status_code == 200
