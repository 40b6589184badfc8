"""HTML to a tagged PDF/A-3a with WeasyPrint, which may read our own static files and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import woff2

from fitsvc.resources import resource_folder

# WeasyPrint loads Pango when it is imported. A server without Pango serves everything but the PDF.
try:
    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError:
    CAN_MAKE_PDF = False
else:
    CAN_MAKE_PDF = True

BASE_URL = "http://report.invalid"
"""Where the page's own addresses seem to lead; no such host can exist (RFC 2606)."""
MIME_TYPES = {".css": "text/css", ".woff2": "font/woff2"}


SNAPSHOT_NAME = "snapshot.json"


class NoPdf(Exception):
    """This server cannot make a PDF, and what was asked for needs one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is attached to a PDF: the very data its pages show, and when it was made."""

    content: bytes
    description: str
    made_at: datetime


def make_pdf(html: str, *, static_url_path: str, snapshot: Snapshot | None = None) -> bytes:
    """The page as PDF/A-3a: tagged, fonts embedded, curves as vectors. Only where `CAN_MAKE_PDF`.

    The same page with the same snapshot gives the same bytes.
    """
    document = HTML(string=html, base_url=f"{BASE_URL}/", url_fetcher=_fetcher(static_url_path))
    attachments = [] if snapshot is None else [_attachment(snapshot)]
    pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True, attachments=attachments)
    return pdf


def _attachment(snapshot: Snapshot) -> "Attachment":
    return Attachment(
        string=snapshot.content,
        name=SNAPSHOT_NAME,
        description=snapshot.description,
        created=snapshot.made_at,
        modified=snapshot.made_at,
        relationship="Data",
    )


def find_static_file(url: str, static_url_path: str) -> Path:
    """The file in the static folder behind an address on our own page; ValueError for everything else."""
    parts = urlsplit(url)
    folder = resource_folder("static").resolve()
    prefix = f"{static_url_path}/"
    file = (folder / unquote(parts.path).removeprefix(prefix)).resolve()
    is_own = f"{parts.scheme}://{parts.netloc}" == BASE_URL and parts.path.startswith(prefix)
    if not is_own or not file.is_relative_to(folder) or file.suffix not in MIME_TYPES:
        raise ValueError(f"not one of the report's own files: {parts.path}")
    return file


@cache
def _unpack_font(file: Path) -> bytes:
    """A font unpacked once for all PDFs, which is a third of the time of one. fontTools comes with WeasyPrint."""
    unpacked = BytesIO()
    woff2.decompress(BytesIO(file.read_bytes()), unpacked)
    return unpacked.getvalue()


def _fetcher(static_url_path: str) -> "URLFetcher":
    class StaticFiles(URLFetcher):
        """Serves stylesheets and fonts from the static folder; never opens a connection."""

        def fetch(self, url: str, headers: object = None) -> "URLFetcherResponse":
            file = find_static_file(url, static_url_path)
            body = _unpack_font(file) if file.suffix == ".woff2" else file.read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": MIME_TYPES[file.suffix]})

    return StaticFiles()
