"""Builds the demo kommune: every row of it, made for one day."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from fitsvc.demo.cases import CASES
from fitsvc.demo.follow_up import (
    add_agreements,
    add_free_item,
    add_minutes,
    add_point_notes,
    add_statuses,
    add_wishes,
    ask_for_meeting,
)
from fitsvc.demo.frame import add_episodes, add_log, add_meetings, add_sessions, open_case
from fitsvc.demo.people import STAFF, UNITS, Secrets, draw_secrets
from fitsvc.demo.plots import Plot
from fitsvc.demo.respondents import add_person
from fitsvc.demo.rows import Rows, at, key
from fitsvc.demo.special import add_special_access
from fitsvc.demo.stage import Told
from fitsvc.demo.stories import add_absence, add_events, add_expectations, add_goals, answer_signals
from fitsvc.demo.voices import tell
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Role
from fitsvc.services.links import TOKEN_BYTES, hash_token
from fitsvc.services.passwords import hash_secret
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.storage.administrations import Administration, Link
from fitsvc.storage.cases import Case
from fitsvc.storage.organisation import Unit

LINK_DAYS = 21
_SINCE = timedelta(weeks=80)


@dataclass(frozen=True, slots=True)
class DemoLink:
    rater_role: RaterRole
    instrument: str
    token: str
    case: str


@dataclass(frozen=True, slots=True)
class DemoCase:
    id: UUID
    reference: str
    pattern: str


@dataclass(slots=True)
class Demo:
    """A whole demo: its rows, and what whoever looks at it must be told once."""

    rows: Rows
    staff: dict[str, Secrets] = field(default_factory=dict)
    links: list[DemoLink] = field(default_factory=list)
    cases: list[DemoCase] = field(default_factory=list)


def build_demo(today: date, catalogue: Catalogue) -> Demo:
    """Everything but the storing. The same for the same day, passwords and links aside."""
    demo = Demo(Rows(today, catalogue))
    _add_staff(demo)
    known: set[UUID] = set()
    cases = {plot.nick: _add_case(demo, plot, number, known) for number, plot in enumerate(CASES, start=1)}
    add_special_access(demo.rows, cases)
    return demo


def _add_staff(demo: Demo) -> None:
    rows = demo.rows
    since = at(rows.today - _SINCE, 9)
    for unit, (name, kind) in UNITS.items():
        rows.add(Unit(id=key("unit", unit), name=name, kind=kind, created_at=since))
    roles = {role: rows.add(StaffRole(id=key("role", role), name=role.value)) for role in Role}
    for part in STAFF:
        drawn = demo.staff[part.key] = draw_secrets(part)
        rows.add(
            Staff(
                id=key("staff", part.key),
                email=part.email,
                name=part.name,
                password=hash_secret(drawn.password),
                pin_hash=hash_secret(drawn.pin) if drawn.pin else None,
                unit_id=key("unit", part.unit),
                roles=[roles[part.role]],
                created_at=since,
            )
        )


def _add_case(demo: Demo, plot: Plot, number: int, known: set[UUID]) -> Case:
    rows = demo.rows
    stage = open_case(rows, plot, number)
    episodes = add_episodes(rows, stage)
    add_sessions(rows, stage, episodes)
    voices = []
    for place, voice in enumerate(plot.voices):
        person = add_person(rows, stage, voice, place)
        if person.id not in known:
            known.add(rows.add(person).id)
        voices.append(tell(rows, stage, place))
    current = episodes[-1]
    meetings = add_meetings(rows, stage, episodes)
    add_goals(rows, plot, current)
    add_events(rows, plot, stage.case.id, stage.recorded_by_id)
    add_absence(rows, plot, stage.case.id, stage.recorded_by_id)
    add_expectations(rows, stage, voices, meetings)
    answer_signals(rows, stage, voices, current.started_on)
    add_minutes(rows, stage, meetings)
    add_agreements(rows, stage, meetings)
    add_statuses(rows, stage, meetings)
    add_wishes(rows, stage, voices, meetings)
    add_free_item(rows, stage, meetings)
    add_point_notes(rows, stage, voices)
    ask_for_meeting(rows, voices, meetings)
    add_log(rows, stage, current)
    for told in voices:
        demo.links += [_add_link(rows, stage.case, told, administration) for administration in told.open]
    demo.cases.append(DemoCase(stage.case.id, stage.case.reference, plot.pattern.value))
    return stage.case


def _add_link(rows: Rows, case: Case, told: Told, administration: Administration) -> DemoLink:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    rows.add(
        Link(
            id=key("link", administration.id),
            administration_id=administration.id,
            token_hash=hash_token(token),
            label=told.respondent.label,
            created_at=administration.created_at,
            created_by_id=administration.created_by_id,
            expires_at=at(rows.today + timedelta(days=LINK_DAYS), 23, 59),
        )
    )
    return DemoLink(told.voice.role, administration.instrument_id, token, case.reference)
