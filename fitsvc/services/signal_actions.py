"""Answering a confirmed signal: it asks for a next step and closes only with one, thought through a little."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.next_step import Thought
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONG_TEXT, Invalid, checked_text
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once
from fitsvc.storage.signals import SignalAction


def answer_signal(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    series: SeriesFacts,
    key: UUID,
    next_step: str,
    thoughts: Mapping[Thought, str],
    on_agenda: bool = False,
) -> SignalAction:
    """Write the next step on this series' open confirmation; the caller has read `series` within the actor's scope.

    `thoughts` answer the next-step aid; something must stand under at least one head. `on_agenda` brings it all to the
    next meeting. Refused when no confirmed signal is open. Sent twice with the same key it is one step.
    """
    there = session.get(SignalAction, key)
    if there is not None:
        if there.case_id != case_id:
            raise NotFound(key)
        return there
    confirmed = series.open_confirmation
    if confirmed is None or confirmed.on is None:
        raise Refused("no_open_signal")
    written = {
        one: checked_text(thoughts.get(one, ""), f"about_{one.value}", limit=LONG_TEXT, required=False)
        for one in Thought
    }
    if not any(written.values()):
        raise Invalid(f"about_{Thought.GOALS.value}", "no_thought")
    action = SignalAction(
        id=key,
        case_id=case_id,
        respondent_id=series.respondent_id,
        instrument_id=series.instrument_id,
        instrument_version=series.instrument_version,
        signal=confirmed.code,
        confirmed_on=confirmed.on,
        next_step=checked_text(next_step, "next_step", limit=LONG_TEXT),
        about_goals=written[Thought.GOALS],
        about_method=written[Thought.METHOD],
        about_relation=written[Thought.RELATION],
        about_life=written[Thought.LIFE],
        on_agenda=on_agenda,
        taken_on=by.today,
        taken_by_id=by.staff_id,
        created_at=now,
    )
    if add_once(session, action):
        record_act(
            session,
            Act.SIGNAL_ANSWERED,
            at=now,
            staff_id=by.staff_id,
            case_id=case_id,
            action=str(key),
            respondent=str(series.respondent_id),
            confirmed_on=confirmed.on.isoformat(),
            on_agenda=on_agenda,
        )
    return action
