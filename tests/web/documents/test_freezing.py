"""Freezing a held meeting: what is stored, what is attached, and what is not in it.

Looked at with tools we did not write: qpdf (through pikepdf) and, where it is installed, poppler.
"""

import io
import json
import re
import shutil
import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import Minute
from fitsvc.storage.frozen import FrozenKind, FrozenReport, FrozenVoice
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.ratings import Comment
from fitsvc.web.documents import freezing
from fitsvc.web.documents.pdf import NoPdf
from tests.builders import Builder
from tests.cast import Cast
from tests.web.documents.held import freeze, frozen
from tests.web.report.cases import SESSION_WORDS, followed_up, full, held_meeting
from tests.web.report.pdf_text import read_text

UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|[0-9a-f]{12,}\.wellbeing")
KINDS = [kind.value for kind in FrozenKind]
DAY = timedelta(days=1)

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def stored(app: Flask, session: Session, build: Builder, cast: Cast):  # type: ignore[no-untyped-def]
    """The frozen paper of the ordinary case's meeting of today, one kind of it."""

    def made(kind: str = "report", **kw: object) -> FrozenReport:
        meeting = followed_up(build, cast)
        freeze(app, session, build, cast, meeting.id, **kw)  # type: ignore[arg-type]
        return frozen(session, cast, meeting.id, kind)

    return made


def opened(row: FrozenReport) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(row.pdf))


@one_database
@pytest.mark.parametrize("kind", KINDS)
def test_the_snapshot_is_attached_to_a_tagged_pdf_a_3a(stored, kind: str) -> None:  # type: ignore[no-untyped-def]
    row = stored(kind)
    pdf = opened(row)
    meta = pdf.open_metadata()
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.StructTreeRoot.K
    assert str(pdf.Root.Lang) == "da"
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert list(pdf.attachments) == ["snapshot.json"]
    attached = pdf.attachments["snapshot.json"]
    assert attached.get_file().read_bytes() == row.snapshot
    assert attached.get_file().mime_type == "application/json"
    assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Data"}
    assert all(one.get("/UF") or one.get("/F") for one in pdf.Root.AF)
    assert attached.get_file().obj.Params.ModDate
    assert pdf.check_pdf_syntax() == []


@one_database
@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_poppler_reads_it_too(stored, kind: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    row = stored(kind)
    file = tmp_path / "paper.pdf"
    file.write_bytes(row.pdf)
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True)
    assert "Tagged:          yes" in told.stdout
    assert "Encrypted:       no" in told.stdout
    assert not told.stderr
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(file)], check=True, capture_output=True)
    assert (tmp_path / "snapshot.json").read_bytes() == row.snapshot


@one_database
@pytest.mark.parametrize("kind", KINDS)
def test_hashes_are_those_of_the_bytes_and_the_foot_names_the_data(stored, kind: str) -> None:  # type: ignore[no-untyped-def]
    row = stored(kind)
    assert row.pdf_sha256 == sha256(row.pdf).hexdigest()
    assert row.snapshot_sha256 == sha256(row.snapshot).hexdigest()
    assert f"data {row.snapshot_sha256[:12]}" in read_text(opened(row))


@one_database
def test_the_snapshot_says_what_is_printed_and_with_what_it_was_computed(stored) -> None:  # type: ignore[no-untyped-def]
    row = stored()
    data = json.loads(row.snapshot)
    assert (
        row.snapshot == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    assert data["instruments"][0] == {"id": "wellbeing-youth", "version": "1.0"}
    assert data["curve_parameters"][0]["target"] == 7
    assert (data["rules_version"], data["software"]) == ("2", {"name": "fitsvc", "version": "0.1.0"})
    assert (data["language"], data["meeting_on"]) == ("da", "2026-03-16")
    child = data["page"]["curves"]["first"]["drawn"]["lines"][0]
    assert [point["value"] for point in child["points"]] == [3, 3.4, 4, 4.6, 5]
    text = read_text(opened(row))
    headings = [part["heading"] for page in data["page"]["later_pages"] for part in page]
    assert len(headings) >= 5
    for printed in headings:
        assert printed in text


@one_database
def test_the_report_says_what_the_meeting_decided_and_how_the_last_one_went(stored) -> None:  # type: ignore[no-untyped-def]
    text = " ".join(read_text(opened(stored())).split())
    for printed in (
        "Mødet besluttede 16. marts 2026",
        "Det går bedre om morgenen",
        "var med til mødet",
        "Laver en pauseplan",
        "Cyklen er købt.",
        "Status: Ravn har været i skole 18 af 20 dage.",
        "Så har du prøvet den nye pauseplan i seks uger.",
        "Forventet 6,5 den 16. marts; den seneste er 5",
        "fra 4 til 6,5 den 25. apr. (fælles)",
        "Side 2 af 2",
    ):
        assert printed in text, printed


@one_database
def test_the_childs_page_says_what_was_agreed_when_we_meet_and_whom_to_call(stored) -> None:  # type: ignore[no-untyped-def]
    pdf = opened(stored("child"))
    text = " ".join(read_text(pdf).split())
    assert len(pdf.pages) == 1
    for printed in (
        "Din side, Ravn",
        "Vi bliver ved. Vi laver det lidt om.",
        "Laver en pauseplan",
        "mandag 27. april 2026",
        "Så har du prøvet den nye pauseplan i seks uger.",
        "116 111",
        "12 34 56 78",
        "112",
    ):
        assert printed in text, printed


@one_database
def test_the_same_meeting_makes_the_same_bytes(
    app: Flask, session: Session, build: Builder, cast: Cast
) -> None:
    meeting = followed_up(build, cast)
    made = []
    for _time in range(2):
        freeze(app, session, build, cast, meeting.id)
        made.append({kind: (frozen(session, cast, meeting.id, kind).pdf_sha256) for kind in KINDS})
        for kind in KINDS:
            session.delete(frozen(session, cast, meeting.id, kind))
        session.flush()
    assert made[0] == made[1]


def test_a_meeting_is_frozen_once(app: Flask, session: Session, build: Builder, cast: Cast) -> None:
    meeting = followed_up(build, cast)
    freeze(app, session, build, cast, meeting.id)
    before = frozen(session, cast, meeting.id).pdf_sha256
    build.rating(cast.child, 9.0, build.today)
    freeze(app, session, build, cast, meeting.id, language="en")
    rows = session.scalars(select(FrozenReport)).all()
    assert sorted(row.kind for row in rows) == sorted(FrozenKind)
    assert frozen(session, cast, meeting.id).pdf_sha256 == before
    acts = session.scalar(select(func.count()).where(AuditLog.act == Act.REPORT_FROZEN))
    assert acts == 2
    assert set(session.scalars(select(FrozenVoice.respondent_id))) == {
        cast.child.id,
        cast.mother.id,
        cast.teacher.id,
    }


@one_database
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_in_it_that_the_page_does_not_show(
    app: Flask, session: Session, build: Builder, cast: Cast, kind: str
) -> None:
    """A rating kept from the meeting, session ratings, comments, ids: neither in the PDF nor in its data."""
    meeting = followed_up(build, cast)
    kept = build.rating(cast.mother, 9.7, build.today - 2 * DAY, "wellbeing-adult", withheld=True)
    session.add(Comment(rating_id=kept.id, text="kun til dig", created_at=build.now))
    freeze(app, session, build, cast, meeting.id, by=cast.practitioner)
    row = frozen(session, cast, meeting.id, kind)
    for content in (read_text(opened(row)), row.snapshot.decode(), row.summary):
        assert "9,7" not in content
        assert "9.7" not in content
        assert "kun til dig" not in content
        assert SESSION_WORDS not in content
        assert "session-" not in content
        assert not UUID_LIKE.search(content)
        for who in (cast.child, cast.mother, cast.teacher):
            assert who.person.name not in content
            assert who.id.hex[:12] not in content


@one_database
@pytest.mark.parametrize("kind", KINDS)
def test_hidden_names_are_in_no_part_of_it(stored, kind: str, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    row = stored(kind, names_hidden=True)
    assert row.names_hidden
    pdf = opened(row)
    for content in (read_text(pdf), row.snapshot.decode(), row.summary, str(pdf.open_metadata())):
        for name in ("Ravn", "SAG-1001", "Carl", "Paula", "7.b", "hjemme", "Familiehuset"):
            assert name not in content, name
    if kind == "report":
        assert "den unge" in read_text(pdf)


@one_database
def test_a_full_meeting_has_its_decision_on_a_page_of_its_own(
    app: Flask, session: Session, build: Builder, cast: Cast
) -> None:
    full(build, cast)
    long = "Vi har talt længe om overgangsplanlægningen og undervisningsdifferentieringen. " * 12
    texts = {field: long for field in Minute if field not in {Minute.NEXT_ON}}
    meeting = held_meeting(
        build, cast, build.today, texts | {Minute.DECISION: "continue", Minute.CHILD_HEARD: "not"}
    )
    freeze(app, session, build, cast, meeting.id)
    pdf = opened(frozen(session, cast, meeting.id))
    assert len(pdf.pages) == 3
    assert "Side 3 af 3" in read_text(pdf)
    assert len(opened(frozen(session, cast, meeting.id, "child")).pages) == 1
    assert " ".join(long.split()) in " ".join(frozen(session, cast, meeting.id).summary.split())


@one_database
def test_the_summary_is_plain_text_of_eighty_columns_with_everything_in_it(stored) -> None:  # type: ignore[no-untyped-def]
    summary = stored(language="en").summary
    assert max(map(len, summary.splitlines())) <= 80
    assert "\t" not in summary
    text = " ".join(summary.split())
    for said in (
        "Opfølgning: Ravn",
        "sag SAG-1001",
        "Mødet besluttede 16. marts 2026",
        "Deltagere: Ravn, mor, Carl, Paula og klasselæreren",
        "Den unge var med til mødet.",
        "Jeg kommer i skole hver dag. Start 2, mål 7, nu 5",
        "Barn/ung: 3 ved start, 5 nu",
        "Vi mødes igen mandag 27. april 2026.",
    ):
        assert said in text, said


@one_database
def test_without_pango_nothing_is_stored(
    app: Flask, session: Session, build: Builder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = followed_up(build, cast)
    monkeypatch.setattr(freezing, "CAN_MAKE_PDF", False)
    with pytest.raises(NoPdf):
        freeze(app, session, build, cast, meeting.id)
    assert not list(session.scalars(select(FrozenReport.id)))
