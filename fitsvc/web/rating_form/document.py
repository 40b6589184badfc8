"""A respondent's page as one response: style and script inlined, allowed by their hashes, and nothing else."""

import base64
import re
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup

from fitsvc.resources import resource_folder
from fitsvc.web.rating_form.page import direction_of, ui_language


@lru_cache
def style() -> Markup:
    """The page's style sheet, tightened."""
    static = resource_folder("static")
    text = "".join((static / "css" / name).read_text("utf-8") for name in ("respond.css", "scale.css"))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text).replace(": ", ":").strip()
    return Markup(text)  # noqa: S704  our own file


@lru_cache
def script() -> Markup:
    text = (resource_folder("static") / "js" / "respond.js").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return Markup("\n".join(line for line in lines if not line.startswith("//")))  # noqa: S704  our own file


@lru_cache
def content_security_policy() -> str:
    """Our one style and one script by their hashes, sending to ourselves, and nothing else from anywhere."""
    return (
        f"default-src 'none'; style-src {_hash(style())}; script-src {_hash(script())}; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def render_document(template: str, language: str, **values: Any) -> str:
    """One of the `respond/` templates in this language.

    The environment is asked directly: Flask's context processors would look for a signed-in person and a session
    cookie, and a respondent's page has neither.
    """
    words = ui_language(language)
    with force_locale(words):
        return current_app.jinja_env.get_template(template).render(
            ui_language=words, direction=direction_of(language), style=style(), script=script(), **values
        )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
