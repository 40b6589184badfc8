"""Cases whose page for the meeting is empty, small, ordinary, and as full as it gets."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID

from fitsvc.domain.meeting import Minute
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.goals import GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement, MinuteText
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
ORDER = count()
LONG = "specialpædagogisk støttecenter, aftenåbningsordningen, Frederiksbergvejens afdeling"[:80]
LONG_GOAL = (
    "Jeg deltager i undervisningsdifferentieringsaktiviteterne og overgangsplanlægningssamtalerne mindst fire "
    "gange om ugen uden at blive ked af det, og jeg siger selv til, når jeg har brug for en pause"
)
SESSION_WORDS = "det gik alt for hurtigt i dag"


def rate(build: Builder, who: Respondent, scores: list[float], form: str) -> None:
    """One score every two weeks, the last one three days ago."""
    for place, score in enumerate(reversed(scores)):
        build.rating(who, score, build.today - 3 * DAY - place * 14 * DAY, form)


def rate_session(build: Builder, cast: Cast) -> None:
    """A session rating, which no page for a meeting shows."""
    rating = build.rating(cast.child, 9.0, build.today - 3 * DAY, "session-youth")
    build.session.add(Comment(rating_id=rating.id, text=SESSION_WORDS, created_at=build.now))


def expect(
    build: Builder,
    cast: Cast,
    who: Respondent,
    form: str,
    kind: ExpectationKind,
    at: FollowUpMeeting | None = None,
    start_on: date | None = None,
) -> None:
    """From 4 on the day of the latest score (or an earlier one) to 6.5; a shared one at a meeting two days ago."""
    if at is None and kind is ExpectationKind.SHARED:
        at = build.meeting(cast.episode, build.today - 2 * DAY, held_on=build.today - 2 * DAY)
    build.session.add(
        AgreedExpectation(
            case_id=cast.case.id,
            respondent_id=who.id,
            instrument_id=form,
            instrument_version=build.catalogue.get(form).version,
            meeting_id=at.id if at else None,
            kind=kind,
            start_on=start_on or build.today - 3 * DAY,
            start_score=4.0,
            due_on=build.today + 40 * DAY if start_on is None else build.today,
            score=6.5,
            set_by_id=cast.caseworker.id,
            created_at=build.now if start_on is None else build.now - 42 * DAY,
        )
    )


def empty(_build: Builder, _cast: Cast) -> None:
    """Nobody has rated."""


def one_score(build: Builder, cast: Cast) -> None:
    build.rating(cast.child, 4.0, build.today - 2 * DAY)


def ordinary(build: Builder, cast: Cast) -> None:
    """Child, mother and teacher; a goal; an expectation; a meeting to come; the mother's answer missing."""
    ordinary_ratings(build, cast)
    goal = build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag")
    build.rating(cast.child, 5.0, max(goal.set_on, build.today - 3 * DAY), "goal")
    expect(build, cast, cast.child, "wellbeing-youth", ExpectationKind.SHARED)
    build.meeting(cast.episode, build.today + 10 * DAY)
    rate_session(build, cast)


def full(build: Builder, cast: Cast) -> None:
    """Eight raters with long settings, six long goals, a discrepancy in every area, four expectations, five missing."""
    rate(build, cast.child, [3, 2, 2.5, 2], "wellbeing-youth")
    raters = {
        build.respondent(cast.case, RaterRole.PARENT, setting=LONG): "wellbeing-adult",
        build.respondent(cast.case, RaterRole.PARENT, setting=LONG): "wellbeing-adult",
        build.respondent(cast.case, RaterRole.FOSTER_PARENT, setting=LONG): "wellbeing-adult",
        build.respondent(cast.case, RaterRole.TEACHER, setting=LONG): "wellbeing-professional",
        build.respondent(cast.case, RaterRole.PEDAGOGUE, setting=LONG): "wellbeing-professional",
        build.respondent(cast.case, RaterRole.PEDAGOGUE, setting=LONG): "wellbeing-professional",
        build.respondent(cast.case, RaterRole.HEALTH_VISITOR, setting=LONG): "wellbeing-professional",
    }
    for place, (who, form) in enumerate(raters.items()):
        level = 6.1 + 0.5 * place
        rate(build, who, [level - 1, level - 0.4, level - 0.7, level], form)
        if place < 5:
            build.administration(who, form, due_on=build.today - 2 * DAY)
        if place < 3:
            expect(build, cast, who, form, ExpectationKind.OWN)
    expect(build, cast, cast.child, "wellbeing-youth", ExpectationKind.SHARED)
    coming = build.meeting(cast.episode, build.today + 10 * DAY)
    earlier = held_meeting(build, cast, build.today - 50 * DAY, {Minute.NEXT_REASON: LONG_GOAL})
    for _place in range(7):
        agree(build, cast, earlier, LONG[:60], LONG_GOAL)
    for number in (1, 2, 3):
        goal = build.goal(cast.case, cast.episode, number=number, text=LONG_GOAL)
        build.session.add(
            GoalStatus(
                case_id=cast.case.id,
                meeting_id=coming.id,
                goal_id=goal.id,
                text=(LONG_GOAL * 3)[:400],
                written_by_id=cast.practitioner.id,
                written_at=build.now,
            )
        )
        build.goal(
            cast.case,
            cast.episode,
            number=number,
            text=LONG_GOAL,
            closed_on=build.today - 30 * DAY,
            reached=number > 1,
        )
    build.rating(cast.child, 5.0, build.today - 3 * DAY, "goal")
    rate_session(build, cast)


def held_meeting(
    build: Builder, cast: Cast, on: date, written: dict[Minute, str], *, key: UUID | None = None
) -> FollowUpMeeting:
    """A meeting held, with what its minutes say."""
    meeting = build.meeting(cast.episode, on, held_on=on, **({"id": key} if key else {}))
    for field, text in written.items():
        build.session.add(
            MinuteText(
                case_id=cast.case.id,
                meeting_id=meeting.id,
                field=field,
                text=text,
                version=1,
                changed_by_id=cast.caseworker.id,
                changed_at=build.now,
            )
        )
    return meeting


def agree(
    build: Builder, cast: Cast, meeting: FollowUpMeeting, who: str, what: str, **columns: object
) -> Agreement:
    values = {
        "case_id": cast.case.id,
        "meeting_id": meeting.id,
        "who": who,
        "what": what,
        "by_on": meeting.planned_on + 14 * DAY,
        "created_by_id": cast.caseworker.id,
        "created_at": build.now + timedelta(seconds=next(ORDER)),
    }
    agreement = Agreement(**(values | columns))
    build.session.add(agreement)
    return agreement


def followed_up(build: Builder, cast: Cast) -> FollowUpMeeting:
    """The ordinary case some weeks on: a meeting held before with an expectation and agreements, one held today."""
    ordinary_ratings(build, cast)
    before = held_meeting(
        build,
        cast,
        build.today - 42 * DAY,
        {Minute.DECISION: "continue", Minute.NEXT_REASON: "Fordi vi vil se, om cyklen hjælper."},
    )
    agree(
        build,
        cast,
        before,
        "Mor",
        "Køber en cykel, så Ravn kan køre selv til skole",
        done_on=build.today - 20 * DAY,
        done_by_id=cast.caseworker.id,
        how_it_went="Cyklen er købt. Ravn kører selv tre dage om ugen.",
    )
    agree(build, cast, before, "Læreren", "Ringer hjem hver fredag")
    goal = build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag")
    build.rating(cast.child, 5.0, max(goal.set_on, build.today - 3 * DAY), "goal")
    expect(build, cast, cast.child, "wellbeing-youth", ExpectationKind.SHARED, before, build.today - 45 * DAY)
    today = held_meeting(
        build,
        cast,
        build.today,
        {
            Minute.PARTICIPANTS: "Ravn, mor, Carl, Paula og klasselæreren",
            Minute.DECISION: "adjust",
            Minute.DECISION_REASON: "Det går bedre om morgenen, men eftermiddagene i klubben er svære.",
            Minute.CHILD_HEARD: "present",
            Minute.CHILD_HEARD_HOW: "Ravn vil gerne selv bestemme, hvornår der er pause.",
            Minute.NEXT_ON: (build.today + 42 * DAY).isoformat(),
            Minute.NEXT_REASON: "Så har du prøvet den nye pauseplan i seks uger.",
        },
    )
    agree(build, cast, today, "Paula", "Laver en pauseplan sammen med Ravn og klubben")
    agree(build, cast, today, "Mor og Ravn", "Går i svømmehallen om lørdagen", by_on=None)
    build.session.add(
        GoalStatus(
            case_id=cast.case.id,
            meeting_id=today.id,
            goal_id=goal.id,
            text="Ravn har været i skole 18 af 20 dage. Morgenerne er blevet roligere med den faste rækkefølge.",
            written_by_id=cast.practitioner.id,
            written_at=build.now,
        )
    )
    expect(build, cast, cast.child, "wellbeing-youth", ExpectationKind.SHARED, today)
    build.meeting(cast.episode, build.today + 42 * DAY)
    rate_session(build, cast)
    return today


def ordinary_ratings(build: Builder, cast: Cast) -> None:
    rate(build, cast.child, [3, 3.4, 4, 4.6, 5], "wellbeing-youth")
    rate(build, cast.mother, [4, 4, 4.4], "wellbeing-adult")
    rate(build, cast.teacher, [6, 7, 8], "wellbeing-professional")
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)


CASES = {
    "empty": empty,
    "one score": one_score,
    "ordinary": ordinary,
    "followed up": followed_up,
    "full": full,
}
