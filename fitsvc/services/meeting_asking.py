"""Asking before a follow-up meeting: who has answered, who has not, since when; and links for those who have not.

Nothing is sent to a family by the service itself: somebody makes the links and hands them over.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting_asking import (
    Asking,
    AskState,
    judge_asking,
    opens_on,
    state_of_respondent,
    wants_link,
)
from fitsvc.domain.rater import FAMILY_ROLES
from fitsvc.services.active_series import ActiveVoice, VoiceSeries, read_active_voices
from fitsvc.services.administrations import create_administration
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_settings import read_follow_up_settings
from fitsvc.services.links import replace_link
from fitsvc.services.meetings import get_meeting
from fitsvc.services.set_aside import reopen_for
from fitsvc.storage.administrations import get_administration_for_update
from fitsvc.storage.cases import Case
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import Respondent, find_respondent, lock_respondent


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """One form of a voice as it stands before one meeting."""

    series: VoiceSeries
    asking: Asking


@dataclass(frozen=True, slots=True)
class AskedVoiceOfMeeting:
    """A voice as it stands before one meeting: as the form stands on which most is still to be done."""

    voice: ActiveVoice
    forms: tuple[AskedSeries, ...]
    state: AskState

    @property
    def since(self) -> date:
        """Since when the voice has stood so: the earliest day, of answers the latest."""
        days = [one.asking.since for one in self.forms if one.asking.state is self.state]
        return max(days) if self.state is AskState.ANSWERED else min(days)

    @property
    def withheld(self) -> bool:
        """Whether an answer counted here is not for the meeting; true for the case's practitioner alone."""
        return any(one.series.withheld and one.asking.state is AskState.ANSWERED for one in self.forms)


@dataclass(frozen=True, slots=True)
class MeetingAsking:
    """Who has answered before one meeting and who has not. `is_closed`: nobody is asked for it any more."""

    meeting_id: UUID
    planned_on: date
    held_on: date | None
    is_cancelled: bool
    opens_on: date
    days_before: int
    voices: tuple[AskedVoiceOfMeeting, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link's token, to be shown once, and what it leads to."""

    administration_id: UUID
    respondent_id: UUID
    instrument_id: str
    token: str


def judge_voices(
    voices: tuple[ActiveVoice, ...], *, meeting_on: date, days_before: int, today: date
) -> tuple[AskedVoiceOfMeeting, ...]:
    """How each voice stands before a meeting, in the usual order of voices."""
    found = []
    for voice in voices:
        forms = tuple(
            AskedSeries(
                one,
                judge_asking(one.facts, meeting_on=meeting_on, days_before=days_before, today=today),
            )
            for one in voice.series
        )
        state = state_of_respondent(form.asking for form in forms)
        if state is not None:
            found.append(AskedVoiceOfMeeting(voice, forms, state))
    return tuple(found)


def read_meeting_asking(
    session: Session, *, by: Actor, now: datetime, catalogue: Catalogue, case_id: UUID, meeting_id: UUID
) -> MeetingAsking:
    """How asking for one meeting stands; of a meeting held, how it stood that day. Raises NotFound out of scope."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    days = read_follow_up_settings(session).ask_days_before
    until = meeting.held_on
    voices = read_active_voices(
        session, by=by, case_ids=[case.id], catalogue=catalogue, now=now, until=until
    )[case.id]
    return MeetingAsking(
        meeting_id=meeting.id,
        planned_on=meeting.planned_on,
        held_on=meeting.held_on,
        is_cancelled=meeting.cancelled_at is not None,
        opens_on=opens_on(meeting.planned_on, days),
        days_before=days,
        voices=judge_voices(voices, meeting_on=meeting.planned_on, days_before=days, today=until or by.today),
        is_closed=why_not_for_meeting(case, meeting, by.today) is not None,
    )


def why_not_for_meeting(case: Case, meeting: FollowUpMeeting, today: date) -> str | None:
    """What stands in the way of asking anybody for this meeting, as the code of a refusal."""
    if case.closed_on is not None:
        return "case_closed"
    if meeting.held_on is not None:
        return "meeting_held"
    if meeting.cancelled_at is not None:
        return "meeting_cancelled"
    return "meeting_gone_by" if meeting.planned_on < today else None


def ask_for_meeting(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    catalogue: Catalogue,
    case_id: UUID,
    meeting_id: UUID,
    link_days: int,
    asks_wish: bool,
    respondent_id: UUID | None = None,
) -> tuple[MadeLink, ...]:
    """Links for everybody who has not answered and holds none that works; for one `respondent_id`, new ones always.

    One asking is open per respondent and form, and the older link to it stops working. Whoever may not be asked is
    passed over, or Refused when they alone were meant. `asks_wish`: child and parents are asked, once each, what they
    want to talk about at the meeting.
    """
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    stands_in_the_way = why_not_for_meeting(case, meeting, by.today)
    if stands_in_the_way is not None:
        raise Refused(stands_in_the_way)
    if respondent_id is not None and find_respondent(session, case.id, respondent_id) is None:
        raise NotFound(respondent_id)
    found = _locked_voices(session, by, now, catalogue, case, meeting, respondent_id)
    made: list[MadeLink] = []
    for one in found:
        if one.voice.obstacle is not None:
            if respondent_id is not None:
                raise Refused(one.voice.obstacle.value)
            continue
        chosen = [form for form in one.forms if _is_meant(form, by, now, alone=respondent_id is not None)]
        wish_on = chosen[0] if chosen and asks_wish and one.voice.rater_role in FAMILY_ROLES else None
        for form in chosen:
            made.append(
                _make_link(session, by, now, case, meeting, one.voice, form, form is wish_on, link_days)
            )
    if respondent_id is not None and not made:
        raise Refused("nothing_to_ask")
    if made:
        record_act(
            session,
            Act.RATINGS_ASKED_FOR_MEETING,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            meeting=str(meeting.id),
            links=len(made),
        )
    return tuple(made)


def _locked_voices(
    session: Session,
    by: Actor,
    now: datetime,
    catalogue: Catalogue,
    case: Case,
    meeting: FollowUpMeeting,
    respondent_id: UUID | None,
) -> tuple[AskedVoiceOfMeeting, ...]:
    """The voices as they stand once nobody else can ask them: locked in one order, and read after that."""

    def read() -> tuple[ActiveVoice, ...]:
        voices = read_active_voices(session, by=by, case_ids=[case.id], catalogue=catalogue, now=now)[case.id]
        return tuple(one for one in voices if respondent_id in (None, one.respondent_id))

    for one in sorted(read(), key=lambda voice: voice.respondent_id):
        lock_respondent(session, one.respondent_id)
    days = read_follow_up_settings(session).ask_days_before
    return judge_voices(read(), meeting_on=meeting.planned_on, days_before=days, today=by.today)


def _is_meant(form: AskedSeries, by: Actor, now: datetime, *, alone: bool) -> bool:
    has_link = False if alone else form.series.link_is_out(by, now)
    return wants_link(form.asking, has_link=has_link)


def _make_link(
    session: Session,
    by: Actor,
    now: datetime,
    case: Case,
    meeting: FollowUpMeeting,
    voice: ActiveVoice,
    form: AskedSeries,
    asks_wish: bool,
    link_days: int,
) -> MadeLink:
    """A link to the open asking, or to a new one; from now on it belongs to this meeting."""
    waiting = form.series.waiting
    if waiting is not None:
        administration = get_administration_for_update(session, waiting.administration_id)
        reopen_for(session, by=by, administration=administration)
    else:
        administration = create_administration(
            session,
            by=by,
            respondent=session.get_one(Respondent, voice.respondent_id),
            instrument=form.series.instrument,
            due_on=by.today,
            now=now,
        )
    administration.meeting_id, administration.asks_wish = meeting.id, asks_wish
    token = replace_link(
        session, administration=administration, label=voice.label, by=by, now=now, link_days=link_days
    )
    return MadeLink(administration.id, voice.respondent_id, administration.instrument_id, token)
