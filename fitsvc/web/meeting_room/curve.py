"""The curve in the room."""

from collections.abc import Sequence
from dataclasses import dataclass

from fitsvc.services.case_facts import CaseTrajectories


@dataclass(frozen=True, slots=True)
class RoomCurve:
    """The curve section."""


def voice_order(seen: CaseTrajectories) -> Sequence[str]:
    return [series.respondent_id.hex[:12] for series in seen.totals]
