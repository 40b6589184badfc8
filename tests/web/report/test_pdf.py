"""The page for the meeting as PDF: one page, PDF/A-3a, nothing but vectors and embedded fonts."""

import io
import re

import pikepdf
import pytest
from sqlalchemy.orm import Session

from fitsvc.web.documents import pdf as report_pdf
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.report.cases import CASES, SESSION_WORDS
from tests.web.report.pdf_text import read_text

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def open_pdf(client: StaffClient, build: Builder, cast: Cast, session: Session):  # type: ignore[no-untyped-def]
    def opened(case: str, language: str = "da") -> pikepdf.Pdf:
        CASES[case](build, cast)
        cast.caseworker.language = language
        session.commit()
        response = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/report.pdf")
        assert response.status_code == 200
        assert response.mimetype == "application/pdf"
        return pikepdf.open(io.BytesIO(response.data))

    return opened


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_report_is_one_page_and_a_second_only_when_it_has_something_to_hold(  # type: ignore[no-untyped-def]
    open_pdf, case: str, language: str
) -> None:
    pdf = open_pdf(case, language)
    assert len(pdf.pages) == (1 if case in {"empty", "one score"} else 2)
    width, height = (float(size) for size in pdf.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((595.28, 841.89), abs=0.5)
    assert str(pdf.Root.Lang) == language


@pytest.mark.parametrize("language", ["da", "en"])
def test_even_the_full_page_does_not_run_into_its_foot(
    client: StaffClient, build: Builder, cast: Cast, session: Session, language: str
) -> None:
    """With the foot put under the text instead of at the sheet's end, everything still fits."""
    CASES["full"](build, cast)
    cast.caseworker.language = language
    session.commit()
    html = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/report").text
    flowing = ".tools{display:none} .sheet{height:auto;padding-bottom:7mm} .foot{position:static}"
    html = html.replace("</head>", f"<style>{flowing}</style></head>")
    assert len(pikepdf.open(io.BytesIO(report_pdf.make_pdf(html, static_url_path="/static"))).pages) == 2


def test_it_is_a_tagged_pdf_a_3a(open_pdf) -> None:  # type: ignore[no-untyped-def]
    pdf = open_pdf("ordinary")
    meta = pdf.open_metadata()
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    tags = list(structure(pdf.Root.StructTreeRoot))
    names = {str(tag.S) for tag in tags}
    assert {"/H1", "/H2", "/Table", "/TH", "/L", "/LI", "/Figure"} <= names
    figures = [tag for tag in tags if tag.S == "/Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_fonts_are_embedded_and_the_curves_are_vectors(open_pdf) -> None:  # type: ignore[no-untyped-def]
    pdf = open_pdf("full")
    fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/FontFamily")]
    assert {str(one.FontFamily) for one in fonts} == {"IBM Plex Sans"}
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)
    images = [
        one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
    ]
    assert not images


def test_its_title_names_nobody(open_pdf) -> None:  # type: ignore[no-untyped-def]
    pdf = open_pdf("ordinary")
    assert str(pdf.docinfo["/Title"]) == "Opfølgning"
    assert "Ravn" not in str(pdf.open_metadata())


def test_the_full_pages_say_what_is_left_out_and_where_expectations_come_from(open_pdf) -> None:  # type: ignore[no-untyped-def]
    text = read_text(open_pdf("full"))
    assert len(re.findall(r"\+\d mere", text)) >= 3
    assert "antaget kurve, ikke en norm" in text
    assert "aftalt på mødet den 14. mar. 2026" in text
    assert "egen forventning" in text
    assert "kan være tilfældige" in text
    assert "Side 1 af 2" in text
    assert "Side 2 af 2" in text


@pytest.mark.parametrize("case", CASES)
def test_the_childs_page_is_one_page_however_much_there_is(
    client: StaffClient, build: Builder, cast: Cast, session: Session, case: str
) -> None:
    CASES[case](build, cast)
    session.commit()
    response = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/report/child.pdf")
    pdf = pikepdf.open(io.BytesIO(response.data))
    assert len(pdf.pages) == 1
    assert (pdf.open_metadata()["pdfaid:part"], pdf.open_metadata()["pdfaid:conformance"]) == ("3", "A")
    assert response.headers["Content-Disposition"] == 'inline; filename="min-side.pdf"'
    text = read_text(pdf)
    assert "116 111" in text
    assert "SAG-1001" not in text


def test_session_ratings_are_not_in_it_not_even_for_the_practitioner(  # type: ignore[no-untyped-def]
    client: StaffClient, build: Builder, cast: Cast, session: Session
) -> None:
    CASES["full"](build, cast)
    session.commit()
    response = client.sign_in(cast.practitioner).get(f"/cases/{cast.case.id}/report.pdf")
    text = read_text(pikepdf.open(io.BytesIO(response.data)))
    assert "session-youth" not in text
    assert SESSION_WORDS not in text
    title = build.catalogue.get("session-youth").text("da").title
    assert title not in text


def test_without_pango_it_says_how_to_print_instead(
    client: StaffClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitsvc.web.report.views.CAN_MAKE_PDF", False)
    response = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/report.pdf")
    assert response.status_code == 503
    assert f"/cases/{cast.case.id}/report" in response.text
    assert "Udskriv" in response.text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/static/css/report.css",
        "http://report.invalid/static/../fitsvc/config.py",
        "http://report.invalid/static/%2e%2e/templates/base.html",
        "http://report.invalid/cases",
        "http://report.invalid/static/js/staff.js",
        "file:///etc/passwd",
    ],
)
def test_making_it_opens_nothing_but_our_own_stylesheets_and_fonts(url: str, database_url: str) -> None:
    with pytest.raises(ValueError, match="own files"):
        report_pdf.find_static_file(url, "/static")
    assert report_pdf.find_static_file("http://report.invalid/static/css/report.css", "/static").is_file()


def structure(node: pikepdf.Object):  # type: ignore[no-untyped-def]
    """Every structure element under a node."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from structure(kid)
