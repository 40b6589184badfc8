"""What the invented meetings left behind: minutes, agreements, statuses, wishes, notes on points."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from fitsvc.demo import follow_up_words as words
from fitsvc.demo.people import STAFF
from fitsvc.demo.rows import Rows, at, key
from fitsvc.demo.stage import CaseStage, Told
from fitsvc.domain.age import age_years
from fitsvc.domain.agenda import AgendaKind
from fitsvc.domain.meeting import ChildHeard, Decision, Minute
from fitsvc.domain.picture_words import PictureWord
from fitsvc.domain.rater import RaterRole
from fitsvc.services.follow_up_settings import DEFAULT_DAYS_BEFORE
from fitsvc.storage.agendas import AgendaEntry, AgendaWish
from fitsvc.storage.goals import GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement, MinuteText
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Rating

_ASKED_BEFORE = timedelta(days=DEFAULT_DAYS_BEFORE)
_MAIN_FORMS = "wellbeing-"
_ALONE_FROM_AGE = 10
_HOUR_AFTER_SCHOOL = 14


def add_minutes(rows: Rows, stage: CaseStage, meetings: Sequence[FollowUpMeeting]) -> None:
    """What each meeting held wrote down: who came, how the child was heard, what was decided, and when again."""
    for place, meeting in enumerate(meetings):
        if meeting.held_on is None:
            continue
        later = meetings[place + 1] if place + 1 < len(meetings) else None
        for field, text in _written(stage, meeting, place, later):
            rows.add(
                MinuteText(
                    id=key("minute", meeting.id, field),
                    case_id=stage.case.id,
                    meeting_id=meeting.id,
                    field=field,
                    text=text,
                    version=1,
                    changed_by_id=stage.recorded_by_id,
                    changed_at=at(meeting.held_on, _HOUR_AFTER_SCHOOL, 40),
                )
            )


def add_agreements(rows: Rows, stage: CaseStage, meetings: Sequence[FollowUpMeeting]) -> None:
    """Two from each meeting; all are done but the second of the last meeting, which comes back on the next agenda."""
    held = [meeting for meeting in meetings if meeting.held_on is not None]
    for meeting in held:
        held_on = meeting.held_on or rows.today
        first = key("agreement", meeting.id).int % len(words.AGREEMENTS)
        for number in range(2):
            what, who = words.AGREEMENTS[(first + number) % len(words.AGREEMENTS)]
            is_open = meeting is held[-1] and number == 1 and not stage.plot.ended
            done_on = None if is_open else min(held_on + timedelta(days=10 + 7 * number), rows.today)
            rows.add(
                Agreement(
                    id=key("agreement", meeting.id, number),
                    case_id=stage.case.id,
                    meeting_id=meeting.id,
                    what=what,
                    who=who,
                    by_on=held_on + timedelta(days=21),
                    done_on=done_on,
                    done_by_id=stage.practitioner_id if done_on else None,
                    how_it_went=_one_of(words.HOW_IT_WENT, meeting.id, number) if done_on else "",
                    version=2 if done_on else 1,
                    created_by_id=stage.recorded_by_id,
                    created_at=at(held_on, _HOUR_AFTER_SCHOOL, 30 + number),
                )
            )


def add_statuses(rows: Rows, stage: CaseStage, meetings: Sequence[FollowUpMeeting]) -> None:
    """The practitioner's status of each goal, for the last meeting held and for one that comes soon."""
    held = [meeting for meeting in meetings if meeting.held_on is not None]
    for meeting in [*held[-1:], *_coming_soon(rows, meetings)]:
        written_at = at(min(meeting.planned_on - _ASKED_BEFORE, rows.today - timedelta(days=1)), 15)
        for number, _goal in enumerate(stage.plot.goals, start=1):
            rows.add(
                GoalStatus(
                    id=key("status", meeting.id, number),
                    case_id=stage.case.id,
                    meeting_id=meeting.id,
                    goal_id=key("goal", stage.plot.nick, number),
                    text=words.GOAL_STATUSES[(number - 1) % len(words.GOAL_STATUSES)],
                    written_by_id=stage.practitioner_id,
                    written_at=written_at,
                )
            )


def add_wishes(
    rows: Rows, stage: CaseStage, voices: Sequence[Told], meetings: Sequence[FollowUpMeeting]
) -> None:
    """Child and parent said with their newest rating what to talk about at a meeting that comes soon."""
    for meeting in _coming_soon(rows, meetings):
        for told in voices:
            wishes = words.WISHES.get(told.voice.role)
            rating = _newest(told)
            if wishes is None or rating is None or rating.rated_on < meeting.planned_on - 2 * _ASKED_BEFORE:
                continue
            place = 0 if stage.plot.meeting_soon else key("wish", rating.id).int % len(wishes)
            text, visibility = wishes[place]
            rows.add(
                AgendaWish(
                    id=key("wish", rating.id),
                    case_id=stage.case.id,
                    respondent_id=told.respondent.id,
                    rating_id=rating.id,
                    meeting_id=meeting.id,
                    text=text,
                    visibility=visibility,
                    created_at=rating.submitted_at,
                )
            )


def ask_for_meeting(rows: Rows, voices: Sequence[Told], meetings: Sequence[FollowUpMeeting]) -> None:
    """What is open on the main forms is asked for because of a meeting that comes soon, wishes with it."""
    for meeting in _coming_soon(rows, meetings):
        for told in voices:
            for administration in told.open:
                if administration.instrument_id.startswith(_MAIN_FORMS):
                    administration.meeting_id = meeting.id
                    administration.asks_wish = told.voice.role in words.WISHES


def add_free_item(rows: Rows, stage: CaseStage, meetings: Sequence[FollowUpMeeting]) -> None:
    """Something the caseworker wants on the agenda that no data would put there."""
    for meeting in _coming_soon(rows, meetings):
        item = key("free item", meeting.id)
        rows.add(
            AgendaEntry(
                id=item,
                case_id=stage.case.id,
                meeting_id=meeting.id,
                kind=AgendaKind.FREE,
                subject=str(item),
                text=words.FREE_ITEM,
                changed_by_id=stage.recorded_by_id,
                changed_at=_yesterday(rows),
            )
        )


def add_point_notes(rows: Rows, stage: CaseStage, voices: Sequence[Told]) -> None:
    """Where the story lets the child see the own curve: one note for each kind of reader, a picture-word with one."""
    if not stage.plot.own_curve:
        return
    child = next(told for told in voices if told.voice.role is RaterRole.CHILD)
    child.respondent.shows_own_curve = True
    ratings = [rating for rating in _main(child) if rating.score is not None]
    picked = (ratings[-2], ratings[len(ratings) // 2], ratings[-4])
    for number, (rating, (text, visibility)) in enumerate(zip(picked, words.POINT_NOTES, strict=True)):
        rows.add(
            PointNote(
                id=key("note", rating.id),
                case_id=stage.case.id,
                respondent_id=child.respondent.id,
                rating_id=rating.id,
                picture=next(iter(PictureWord)).value if number == 2 else None,
                text=text,
                visibility=visibility,
                created_at=rating.submitted_at + timedelta(minutes=2),
                changed_at=rating.submitted_at + timedelta(minutes=2),
            )
        )


def _written(
    stage: CaseStage, meeting: FollowUpMeeting, place: int, later: FollowUpMeeting | None
) -> Iterator[tuple[Minute, str]]:
    heard, how = _heard(stage, meeting)
    goes_on = later is not None and later.episode_id == meeting.episode_id
    decision = Decision.END if not goes_on else Decision.ADJUST if place % 3 == 1 else Decision.CONTINUE
    yield Minute.PARTICIPANTS, _participants(stage, heard)
    yield Minute.CHILD_HEARD, heard.value
    yield Minute.CHILD_HEARD_HOW, how
    yield Minute.DECISION, decision.value
    yield Minute.DECISION_REASON, _one_of(words.DECISION_REASONS[decision], meeting.id)
    if goes_on and later is not None:
        yield Minute.NEXT_ON, later.planned_on.isoformat()
        yield Minute.NEXT_REASON, _one_of(words.NEXT_REASONS, meeting.id)
    else:
        yield Minute.HELPED, words.HELPED
        yield Minute.IF_HARDER, words.IF_HARDER


def _heard(stage: CaseStage, meeting: FollowUpMeeting) -> tuple[ChildHeard, str]:
    rates_self = any(voice.role is RaterRole.CHILD for voice in stage.plot.voices)
    if not rates_self:
        return ChildHeard.NOT, words.NOT_HEARD
    number = key("heard", meeting.id).int
    if age_years(stage.case.birth_month, meeting.planned_on) < _ALONE_FROM_AGE:
        return ChildHeard.BEFORE, words.HEARD_BEFORE[number % 2]
    if number % 5 == 0:
        return ChildHeard.BY_RATING, words.HEARD_BY_RATING[0]
    return ChildHeard.PRESENT, words.HEARD_PRESENT[number % 2]


def _participants(stage: CaseStage, heard: ChildHeard) -> str:
    named = {part.key: part.name for part in STAFF}
    family = [voice.name for voice in stage.plot.voices if voice.asked and voice.role in _AROUND]
    staff = [named[stage.plot.practitioner], named[stage.plot.caseworker]]
    child = [stage.plot.nick] if heard is ChildHeard.PRESENT else []
    return ", ".join(dict.fromkeys([*child, *family, *staff]))


_AROUND = frozenset(RaterRole) - {RaterRole.CHILD, RaterRole.PRACTITIONER, RaterRole.CASEWORKER}


def _coming_soon(rows: Rows, meetings: Sequence[FollowUpMeeting]) -> list[FollowUpMeeting]:
    """The next meeting when the days of asking have begun."""
    return [
        meeting
        for meeting in meetings
        if meeting.held_on is None and meeting.planned_on - _ASKED_BEFORE <= rows.today
    ]


def _main(told: Told) -> list[Rating]:
    """The ratings of the voice's newest form that makes a curve."""
    return next(
        (ratings for form, ratings in reversed(told.ratings.items()) if form.startswith(_MAIN_FORMS)), []
    )


def _newest(told: Told) -> Rating | None:
    ratings = _main(told)
    return ratings[-1] if ratings else None


def _one_of(texts: Sequence[str], *parts: object) -> str:
    return texts[key("words", *parts).int % len(texts)]


def _yesterday(rows: Rows) -> datetime:
    day: date = rows.today - timedelta(days=1)
    return at(day, 10)
