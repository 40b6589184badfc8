"""Asking: one form given to one respondent on one occasion, and the form as that respondent meets it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Item, ItemText, Kind
from fitsvc.domain.own_choice import SHARED_KINDS
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.retention import Rule, months_for
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.retention import parse_rules
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.after_end import take_planned
from fitsvc.storage.asked import find_asked
from fitsvc.storage.goals import list_open_goals
from fitsvc.storage.respondents import Respondent

PLANNED_AHEAD = timedelta(days=14)
"""So near to its day, an asking is the one that was planned for after the episode."""
GOAL_PLACE = "{goal}"
"""Where the goal's own words stand in the texts of a goal form."""


class Gone(StrEnum):
    """Why a form can no longer be answered."""

    ANSWERED = "answered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """One administration as its respondent meets it: plain facts, no database objects.

    `language` is the person's; `informed` whether they have been told before who asks and who sees the answers;
    `label` tells somebody who rates another person which child it is about ("" on a child's own form);
    `items` are those to be shown, goals with their words filled in; `gone` is None while it may be answered.
    `asks_wish`: what to talk about at the meeting `meeting_id` is asked for too. `shows_own_curve`: on this form, and
    switched on by the practitioner; `open_link_id` is the link that still works, answered or not. `may_withhold`: the
    case has a practitioner today, who alone would see an answer kept from the meeting.
    """

    administration_id: UUID
    case_id: UUID
    respondent_id: UUID
    person_id: UUID
    rater_role: RaterRole
    language: str
    informed: bool
    label: str
    instrument: Instrument
    items: tuple[Item, ...]
    gone: Gone | None
    asks_wish: bool = False
    meeting_id: UUID | None = None
    shows_own_curve: bool = False
    open_link_id: UUID | None = None
    may_withhold: bool = False
    retention_rules: tuple[Rule, ...] = ()
    case_opened_on: date = date.min

    def months_kept(self, today: date, *, default: int) -> int:
        """How long answers are kept after closing, by the rule they will be deleted by."""
        return months_for(self.case_opened_on, today, self.retention_rules, default=default)


def create_administration(
    session: Session,
    *,
    by: Actor | None,
    respondent: Respondent,
    instrument: Instrument,
    due_on: date,
    now: datetime,
    care_session_id: UUID | None = None,
    administration_id: UUID | None = None,
) -> Administration:
    """Ask a respondent for one rating. `administration_id`: a key the caller chose, so that a repeat is recognised.

    Raises Refused when the form has no texts yet or the respondent has ended.
    """
    if not instrument.may_be_given:
        raise Refused("structure_only")
    if respondent.ended_on is not None and due_on > respondent.ended_on:
        raise Refused("respondent_ended")
    administration = Administration(
        id=administration_id or uuid4(),
        case_id=respondent.case_id,
        respondent_id=respondent.id,
        care_session_id=care_session_id,
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        due_on=due_on,
        state=AdministrationState.OPEN,
        created_by_id=by.staff_id if by else None,
        created_at=now,
    )
    session.add(administration)
    session.flush()
    take_planned(
        session,
        respondent_id=respondent.id,
        instrument_id=instrument.id,
        until=due_on + PLANNED_AHEAD,
        administration_id=administration.id,
    )
    return administration


def open_form(
    session: Session, *, administration_id: UUID, catalogue: Catalogue, now: datetime
) -> OpenedForm:
    """The form for a handed-over device or for paper; raises NotFound. Whoever calls has checked the scope."""
    asked = find_asked(session, administration_id)
    if asked is None:
        raise NotFound(administration_id)
    gone = gone_without_link(asked, local_day(now))
    return opened(session, asked, catalogue, label=asked.respondent_label, gone=gone)


def offered_items(session: Session, *, case_id: UUID, instrument: Instrument) -> tuple[Item, ...]:
    """The items to show: all, or on the goal form one for each open goal of the case, in the family's words."""
    if instrument.kind is not Kind.GOAL:
        return instrument.items
    words = {goal.number: goal.text for goal in list_open_goals(session, case_id)}
    return tuple(
        _with_goal(item, words[place])
        for place, item in enumerate(instrument.items, start=1)
        if place in words
    )


def opened(
    session: Session,
    asked: Any,
    catalogue: Catalogue,
    *,
    label: str,
    gone: Gone | None,
    open_link_id: UUID | None = None,
) -> OpenedForm:
    """The record made from a reading of `storage.asked.find_asked` or `find_asked_by_link`."""
    instrument = catalogue.get(asked.instrument_id, asked.instrument_version)
    items = offered_items(session, case_id=asked.case_id, instrument=instrument)
    return OpenedForm(
        administration_id=asked.id,
        case_id=asked.case_id,
        respondent_id=asked.respondent_id,
        person_id=asked.person_id,
        rater_role=asked.rater_role,
        language=asked.language,
        informed=asked.informed_at is not None,
        label="" if asked.rater_role is RaterRole.CHILD else label,
        instrument=instrument,
        items=items,
        gone=gone or (None if items else Gone.CANCELLED),  # the goals were closed meanwhile
        asks_wish=asked.asks_wish and instrument.kind in SHARED_KINDS,
        meeting_id=asked.meeting_id,
        shows_own_curve=asked.shows_own_curve and instrument.is_on_curve,
        open_link_id=open_link_id,
        may_withhold=asked.has_practitioner,
        retention_rules=parse_rules(asked.retention_rules),
        case_opened_on=asked.opened_on,
    )


def gone_without_link(asked: Any, today: date) -> Gone | None:
    """Why the administration itself can no longer be answered, if so.

    Nobody is asked in a closed case, nor when they are no longer a respondent or took their answers back.
    """
    if asked.withdrawn_at is not None:
        return Gone.CANCELLED
    if asked.state is AdministrationState.ANSWERED:
        return Gone.ANSWERED
    has_ended = asked.ended_on is not None and asked.ended_on < today
    if asked.state is AdministrationState.CANCELLED or asked.closed_on is not None or has_ended:
        return Gone.CANCELLED
    return None


def _with_goal(item: Item, words: str) -> Item:
    texts = {
        language: ItemText(*(part.replace(GOAL_PLACE, words) for part in (text.prompt, text.low, text.high)))
        for language, text in item.texts.items()
    }
    return replace(item, texts=texts)
