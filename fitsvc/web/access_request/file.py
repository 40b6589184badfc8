"""The one file an access request gives: to read, to print, for machines, and the papers of meetings held."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import current_app, render_template
from flask_babel import force_locale

from fitsvc.resources import resource_folder
from fitsvc.services.access_request import WholeCase
from fitsvc.web.access_request.copy import Copy
from fitsvc.web.access_request.machine import as_json
from fitsvc.web.access_request.page import present
from fitsvc.web.documents.pdf import CAN_MAKE_PDF, make_pdf

FILE_NAME = "aktindsigt.zip"
"""Neither name nor reference: what is downloaded lies about on disks."""
LANGUAGE = "da"
LONGEST_PDF = 400
"""Lines on the server, where others wait for the worker; the page to print is there in any case."""
LONGEST_PDF_ALONE = 4000
"""Lines for the command, which may take a minute."""
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def pack(whole: WholeCase, kommune: str, *, longest_pdf: int = LONGEST_PDF) -> bytes:
    """Everything in one ZIP; the same data gives the same bytes but for the PDF."""
    with force_locale(LANGUAGE):
        copy = present(whole, kommune)
        contents = {"aktindsigt.html": render(copy, on_paper=False).encode()}
        if CAN_MAKE_PDF and count_lines(copy) <= longest_pdf:
            contents["aktindsigt.pdf"] = make_pdf(
                render(copy, on_paper=True), static_url_path=current_app.static_url_path or ""
            )
    contents["aktindsigt.json"] = as_json(whole)
    contents |= {one.name: one.pdf for one in whole.papers}
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            entry = ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def render(copy: Copy, *, on_paper: bool) -> str:
    """A page that stands alone: its stylesheet is in it, and it fetches nothing."""
    style = (resource_folder("static") / "css" / "access_request.css").read_text(encoding="utf-8")
    return render_template("access_request/copy.html", copy=copy, style=style, on_paper=on_paper)


def count_lines(copy: Copy) -> int:
    tables = (copy.team, copy.asked, copy.readings, copy.changes)
    entries = [entry for month in copy.months for entry in month.entries]
    return sum(len(one.rows) for one in tables) + sum(
        1 + len(one.lines) + len(one.answers) for one in entries
    )
