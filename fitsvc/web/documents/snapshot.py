"""A printed page as data: exactly what it shows, as canonical JSON (sorted keys, no blanks, UTF-8)."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from fitsvc import __version__
from fitsvc.charts.palette import LineStyle
from fitsvc.domain.meeting_report import RULES_VERSION
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.storage.frozen import FrozenKind

FORMAT = "fitsvc meeting page 1"


def snapshot_of(
    page: object, composed: ComposedReport, *, kind: FrozenKind, language: str, names_hidden: bool
) -> bytes:
    """The page's words and numbers, and what they were computed with. Drawings are in it as their numbers.

    No id of a person or a row is in it, and nothing that the page does not show.
    """
    report = composed.report
    is_report = kind is FrozenKind.REPORT
    content = {
        "format": FORMAT,
        "kind": kind.value,
        "language": language,
        "names_hidden": names_hidden,
        "made_on": report.made_on.isoformat(),
        "meeting_on": composed.meeting.on.isoformat() if composed.meeting else None,
        "software": {"name": "fitsvc", "version": __version__},
        "rules_version": RULES_VERSION,
        "instruments": [{"id": one, "version": version} for one, version in report.instruments if is_report],
        "curve_parameters": [_plain(one) for one in report.assumptions if is_report],
        "page": _plain(page),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """Records as objects, days as ISO; drawings and their looks are left out."""
    if is_dataclass(value):
        return {
            one.name: _plain(inner)
            for one in fields(value)
            if not isinstance(inner := getattr(value, one.name), Markup) and not _is_look(inner)
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"nothing a page shows: {type(value)}")


def _is_look(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, LineStyle) for one in value.values())
