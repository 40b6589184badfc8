"""The copy for machines: one JSON object. Its shape stands in docs/privacy.md.

`tables` holds every row under its table's name, every column under its own; days and times are ISO 8601, times in UTC.
"""

import json
from dataclasses import asdict
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from fitsvc import __version__
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.meeting_report import RULES_VERSION
from fitsvc.services.access_request import FORMAT, WholeCase


def as_json(whole: WholeCase) -> bytes:
    content = {
        "format": FORMAT,
        "made_at": whole.made_at,
        "software": {"name": "fitsvc", "version": __version__, "rules_version": RULES_VERSION},
        "recipient": whole.choice.recipient,
        "tables": {table: [dict(row) for row in some] for table, some in whole.rows.items()},
        "staff": {str(key): {"name": name, "unit": unit} for key, (name, unit) in whole.staff.items()},
        "units": {str(key): name for key, name in whole.units.items()},
        "instruments": [_instrument(*key, found) for key, found in whole.instruments.items()],
        "files": {str(one.report_id): one.name for one in whole.papers},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _instrument(instrument_id: str, version: str, found: Instrument | None) -> dict[str, Any]:
    if found is None:
        return {"id": instrument_id, "version": version, "known": False}
    text = found.text("da")
    return {
        "id": instrument_id,
        "version": version,
        "known": True,
        "checksum": found.checksum,
        "title": text.title,
        "intro": text.intro,
        "source": found.source,
        "licence": found.licence,
        "direction": found.direction,
        "scale": list(found.scale.values),
        "steps": list(text.steps),
        "scoring": asdict(found.scoring),
        "assumptions": asdict(found.assumptions) if found.assumptions else None,
        "questions": {
            one.id: {"prompt": words.prompt, "low": words.low, "high": words.high, "area": one.area}
            for one in found.items
            for words in (found.item_text(one.id, "da"),)
        },
    }


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"no plain form of {type(value).__name__}")
