"""The next steps taken on signals: the case's own history of what was tried, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.web.agenda_words import thought_lines
from fitsvc.web.curves import Voice
from fitsvc.web.templates import day


@dataclass(frozen=True, slots=True)
class StepRow:
    """`thoughts` are the lines of the next-step aid; `on_agenda`: brought to the meeting."""

    day: str
    rater: str
    next_step: str
    thoughts: tuple[str, ...]
    on_agenda: bool


def step_rows(seen: CaseTrajectories, named: Mapping[UUID, Voice]) -> list[StepRow]:
    """Newest first."""
    return [
        StepRow(
            day(one.taken_on),
            named[one.respondent_id].name,
            one.next_step,
            thought_lines(one.thoughts),
            one.on_agenda,
        )
        for one in sorted(seen.next_steps, key=lambda one: one.taken_on, reverse=True)
    ]
