"""The page on the method, rendered from `fitsvc/method`, in the reader's language."""

from functools import cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markdown_it import MarkdownIt
from markupsafe import Markup

from fitsvc.resources import PACKAGE

blueprint = Blueprint("method", __name__)


@blueprint.get("/method")
def show() -> ResponseReturnValue:
    return render_template("method/show.html", text=method_text(get_locale().language))


@cache
def method_text(language: str) -> Markup:
    """Rendered once for each language; Danish for one that has no text of its own. Raw HTML is not let through."""
    folder = PACKAGE / "method"
    file = folder / f"how_to_read_the_curve.{language}.md"
    if not file.is_file():
        file = folder / "how_to_read_the_curve.da.md"
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(reader.render(file.read_text(encoding="utf-8")))  # noqa: S704 (our own text, HTML off)
