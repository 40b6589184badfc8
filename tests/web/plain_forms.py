"""The addresses of the plain forms, what fills each one in, and what nobody should be able to break them with."""

from typing import Any
from uuid import UUID

from tests.cast import Cast

UNKNOWN = UUID(int=99)

ABSURD = (
    "",
    "   ",
    "x" * 10_000,
    "\x00",
    "0001-01-01",
    "31.12.9999",
    "-1",
    "NaN",
    "Infinity",
    "1e400",
    "１２",
    "9" * 5_000,
    "🙂" * 90,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%s%n{{7*7}}",
)

MEASURE = {
    "measure_type": "preventive",
    "legal_basis": "barnets lov § 32",
    "ladder_step": "",
    "purpose": "En roligere hverdag",
    "started_on": "16.03.2026",
    "expected_weeks": "26",
    "cadence_standard": "hvidovre",
    "interval_unit": "weeks",
    "investigation_ends_on": "",
}


def addresses(cast: Cast) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each form's address on the cast's case, and fields that fill it in well."""
    case = f"/cases/{cast.case.id}"
    child = f"{case}/respondents/{cast.child.id}"
    return {
        "open": ("/cases/open", {"reference": "SAG-7", "display_name": "Ravn", "birth_month": "02.2014"}),
        "start": (
            f"{case}/episodes/start",
            MEASURE | {"unit_id": str(cast.provider.id), "practitioner_ids": [str(cast.colleague.id)]},
        ),
        "end": (f"{case}/episodes/{cast.episode.id}/end", {"ended_on": "16.03.2026"}),
        "close": (f"{case}/close", {"closed_on": "16.03.2026"}),
        "add": (
            f"{case}/respondents/add",
            {"role": "foster_parent", "name": "Fie", "language": "da", "email": "fie@example.dk"},
        ),
        "edit": (f"{child}/edit", {"name": "Ravn", "language": "da"}),
        "plan": (
            f"{child}/plan",
            {
                "instrument_id": "wellbeing-youth",
                "rhythm": "weekly",
                "purpose": "Se om det hjælper",
                "starts_on": "16.03.2026",
                "target_score": "6,5",
            },
        ),
        "goals": (
            f"{case}/goals",
            {"text": "I skole hver dag", "start_value": "2", "target_value": "7,5", "due_on": "1/6-2026"},
        ),
        "series": (f"{case}/external/add", {"preset": "absence", "purpose": "Skolen er målet"}),
        "event": (
            f"{case}/events/add",
            {"happened_on": "2026-03-01", "kind": "school", "text": "Ny skole"},
        ),
        "meeting": (
            f"{case}/meetings/plan",
            {
                "planned_on": "20.03.2026",
                "reason_code": "participants",
                "meeting_reason": "Aftalt",
                "decided_by": "Lena",
            },
        ),
    }
