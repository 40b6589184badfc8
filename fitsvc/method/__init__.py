"""The page "How to read the curve": one Markdown text per language, shown by the service too.

Only headings, paragraphs, lists, tables and inline code. A test holds its numbers against the rules it describes.
"""

from importlib.resources import files

FALLBACK_LANGUAGE = "da"


def method_page(language: str) -> str:
    """The page as Markdown in this language; in Danish where there is no such translation."""
    folder = files(__name__)
    wanted = folder / f"how_to_read_the_curve.{language}.md"
    fallback = folder / f"how_to_read_the_curve.{FALLBACK_LANGUAGE}.md"
    return (wanted if wanted.is_file() else fallback).read_text(encoding="utf-8")
