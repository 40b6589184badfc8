"""The monthly control of who has looked: begun for a period, judged row by row, finished with a conclusion."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import holidays
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.log_chain import Head
from fitsvc.domain.log_control import (
    ChosenFor,
    ReadingFacts,
    Special,
    Verdict,
    draw,
    is_late,
    missing_months,
)
from fitsvc.services.case_access import note_reading
from fitsvc.services.clock import COPENHAGEN, local_day
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONG_TEXT, Invalid, checked_text
from fitsvc.services.log import LogRow, begins, case_ids, list_people_in_log, told
from fitsvc.services.log_sealing import list_heads
from fitsvc.storage.case_teams import list_references
from fitsvc.storage.log_controls import (
    count_items,
    find_control,
    find_first_reading_at,
    list_controls,
    list_emergencies_between,
    list_items,
    list_log_rows,
    list_protected,
    list_readings_between,
    lock_control,
)
from fitsvc.storage.log_seals import LogControl, LogControlItem
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once

USUAL_SAMPLE, LARGEST_SAMPLE = 20, 200
LONGEST_PERIOD = timedelta(days=366)
LISTS = frozenset(
    {
        Access.TODAY_LISTED,
        Access.CASELOAD_LISTED,
        Access.FIGURES_READ,
        Access.DEVIATIONS_LISTED,
        Access.NOTICES_READ,
    }
)
"""Pages that show many cases at once: they do not open one."""


@dataclass(frozen=True, slots=True)
class ControlItem:
    """One row under control; `row` is None when it was pruned from the log meanwhile."""

    id: UUID
    seq: int
    chosen_for: ChosenFor
    row: LogRow | None
    verdict: Verdict | None
    note: str


@dataclass(frozen=True, slots=True)
class ControlHead:
    id: UUID
    from_on: date
    until_on: date
    begun_by: str
    begun_at: datetime
    finished_at: datetime | None
    items: int
    judged: int


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """One control with its rows, and where the sealed logs end now."""

    head: ControlHead
    sample_size: int
    seed: int
    conclusion: str
    items: tuple[ControlItem, ...]
    seals: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What the front page warns of: `is_late`, and the months without a control."""

    is_late: bool
    last_on: date | None
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict | None
    note: str


def begin_control(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    key: UUID,
    from_on: date,
    until_on: date,
    sample_size: int,
    seed: int | None = None,
) -> UUID:
    """Draw the sample of a period of whole Danish days that are over. Sent twice it is begun once."""
    if until_on < from_on:
        raise Invalid("until_on", "too_early")
    if until_on >= by.today:
        raise Invalid("until_on", "day_to_come")
    if until_on - from_on > LONGEST_PERIOD:
        raise Invalid("from_on", "too_early")
    if not 1 <= sample_size <= LARGEST_SAMPLE:
        raise Invalid("sample_size", "out_of_range")
    drawn_from = secrets.randbits(31) if seed is None else seed
    control = LogControl(
        id=key,
        from_on=from_on,
        until_on=until_on,
        sample_size=sample_size,
        seed=drawn_from,
        begun_by_id=by.staff_id,
        begun_at=now,
    )
    chosen = draw(
        _readings(session, from_on, until_on),
        Special(list_protected(session), list_emergencies_between(session, from_on, until_on)),
        _free_days(from_on, until_on),
        sample_size=sample_size,
        seed=drawn_from,
    )
    if add_once(session, control):
        session.add_all(
            LogControlItem(control_id=key, access_seq=one.seq, chosen_for=one.chosen_for) for one in chosen
        )
        record_act(
            session,
            Act.LOG_CONTROL_BEGUN,
            at=now,
            staff_id=by.staff_id,
            control=str(key),
            from_on=from_on.isoformat(),
            until_on=until_on.isoformat(),
            rows=len(chosen),
        )
        session.flush()
    return key


def judge_items(
    session: Session, *, by: Actor, now: datetime, control_id: UUID, judgements: Mapping[UUID, Judgement]
) -> None:
    """Write verdicts and notes. What is the same is not written again. Refused once the control is finished."""
    control = _locked(session, control_id)
    for item in list_items(session, control.id):
        given = judgements.get(item.id)
        if given is None:
            continue
        note = checked_text(given.note, f"note-{item.id}", limit=LONG_TEXT, required=False)
        if given.verdict in {Verdict.ASKED, Verdict.NOT_IN_ORDER} and not note:
            raise Invalid(f"note-{item.id}", "missing")
        if (item.verdict, item.note) == (given.verdict, note):
            continue
        item.verdict, item.note = given.verdict, note
        item.judged_at, item.judged_by_id = (now, by.staff_id) if given.verdict else (None, None)
        record_act(
            session,
            Act.LOG_CONTROL_JUDGED,
            at=now,
            staff_id=by.staff_id,
            control=str(control.id),
            row=item.access_seq,
            verdict=given.verdict.value if given.verdict else None,
        )
    session.flush()


def finish_control(session: Session, *, by: Actor, now: datetime, control_id: UUID, conclusion: str) -> None:
    """Close it for ever: every row is judged, and a conclusion is written."""
    control = _locked(session, control_id)
    written = checked_text(conclusion, "conclusion", limit=LONG_TEXT)
    if any(item.verdict is None for item in list_items(session, control.id)):
        raise Refused("rows_not_judged")
    control.conclusion, control.finished_at = written, now
    record_act(session, Act.LOG_CONTROL_FINISHED, at=now, staff_id=by.staff_id, control=str(control.id))
    session.flush()


def list_all_controls(session: Session) -> list[ControlHead]:
    """Newest first: three queries however many."""
    counts = count_items(session)
    names = {one.id: one.name for one in list_people_in_log(session)}
    return [_head(one, counts.get(one.id, (0, 0)), names) for one in list_controls(session)]


def read_control(
    session: Session, *, by: Actor, now: datetime, control_id: UUID, access: Access = Access.LOG_READ
) -> ControlFacts:
    """One control with its rows. Reading it is reading the log, and noted as such; so is taking it along."""
    control = _get(session, control_id)
    items = list_items(session, control.id)
    people = {one.id: one for one in list_people_in_log(session)}
    rows = list_log_rows(session, [item.access_seq for item in items])
    references = list_references(session, (one for row in rows.values() for one in case_ids(row)))
    note_reading(session, by=by, access=access, case_ids=[], now=now)
    return ControlFacts(
        head=_head(
            control,
            (len(items), sum(item.verdict is not None for item in items)),
            {one.id: one.name for one in people.values()},
        ),
        sample_size=control.sample_size,
        seed=control.seed,
        conclusion=control.conclusion,
        items=tuple(
            ControlItem(
                item.id,
                item.access_seq,
                item.chosen_for,
                told(rows[item.access_seq], people, references) if item.access_seq in rows else None,
                item.verdict,
                item.note,
            )
            for item in items
        ),
        seals=tuple(list_heads(session)),
    )


def what_is_due(session: Session, *, today: date) -> Due | None:
    """What to warn of on the front page; None when all is well, or nothing has been read yet."""
    first = find_first_reading_at(session)
    if first is None:
        return None
    finished = [one for one in list_controls(session) if one.finished_at is not None]
    last = max((local_day(one.finished_at) for one in finished if one.finished_at), default=None)
    missing = missing_months(((one.from_on, one.until_on) for one in finished), local_day(first), today)
    late = is_late(last, local_day(first), today)
    return Due(late, last, tuple(missing)) if late or missing else None


def _readings(session: Session, from_on: date, until_on: date) -> list[ReadingFacts]:
    rows = list_readings_between(session, begins(from_on), begins(until_on + timedelta(days=1)))
    return [
        ReadingFacts(
            row.seq,
            row.at.astimezone(COPENHAGEN),
            row.staff_id,
            frozenset(UUID(one) for one in row.case_ids),
            row.access not in LISTS,
        )
        for row in rows
    ]


def _free_days(from_on: date, until_on: date) -> set[date]:
    """Danish public holidays of these years."""
    return set(holidays.country_holidays("DK", years=range(from_on.year, until_on.year + 1)))


def _get(session: Session, control_id: UUID) -> LogControl:
    control = find_control(session, control_id)
    if control is None:
        raise NotFound(control_id)
    return control


def _locked(session: Session, control_id: UUID) -> LogControl:
    control = _get(session, control_id)
    lock_control(session, control)
    if control.finished_at is not None:
        raise Refused("control_finished")
    return control


def _head(control: LogControl, counts: tuple[int, int], names: Mapping[UUID, str]) -> ControlHead:
    return ControlHead(
        id=control.id,
        from_on=control.from_on,
        until_on=control.until_on,
        begun_by=names.get(control.begun_by_id, ""),
        begun_at=control.begun_at,
        finished_at=control.finished_at,
        items=counts[0],
        judged=counts[1],
    )
