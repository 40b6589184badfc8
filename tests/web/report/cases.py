"""Cases whose page for the meeting is empty, small, ordinary, and as full as it gets."""

from datetime import timedelta

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
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


def expect(build: Builder, cast: Cast, who: Respondent, form: str, kind: ExpectationKind) -> None:
    meeting = build.meeting(cast.episode, build.today - 2 * DAY, held_on=build.today - 2 * DAY)
    build.session.add(
        AgreedExpectation(
            case_id=cast.case.id,
            respondent_id=who.id,
            instrument_id=form,
            instrument_version=build.catalogue.get(form).version,
            meeting_id=meeting.id if kind is ExpectationKind.SHARED else None,
            kind=kind,
            start_on=build.today - 3 * DAY,
            start_score=4.0,
            due_on=build.today + 40 * DAY,
            score=6.5,
            set_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )


def empty(_build: Builder, _cast: Cast) -> None:
    """Nobody has rated."""


def one_score(build: Builder, cast: Cast) -> None:
    build.rating(cast.child, 4.0, build.today - 2 * DAY)


def ordinary(build: Builder, cast: Cast) -> None:
    """Child, mother and teacher; a goal; an expectation; a meeting to come; the mother's answer missing."""
    rate(build, cast.child, [3, 3.4, 4, 4.6, 5], "wellbeing-youth")
    rate(build, cast.mother, [4, 4, 4.4], "wellbeing-adult")
    rate(build, cast.teacher, [6, 7, 8], "wellbeing-professional")
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
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
    for number in (1, 2, 3):
        build.goal(cast.case, cast.episode, number=number, text=LONG_GOAL)
        build.goal(
            cast.case,
            cast.episode,
            number=number,
            text=LONG_GOAL,
            closed_on=build.today - 30 * DAY,
            reached=number > 1,
        )
    build.rating(cast.child, 5.0, build.today - 3 * DAY, "goal")
    build.meeting(cast.episode, build.today + 10 * DAY)
    rate_session(build, cast)


CASES = {"empty": empty, "one score": one_score, "ordinary": ordinary, "full": full}
