from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting_asking import AskState
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.signal import SignalCode
from fitsvc.services import today as service
from fitsvc.services.today import Today, show_today
from fitsvc.storage.accounts import Staff
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.signals import SignalAction
from tests.builders import Builder
from tests.cast import Cast
from tests.storage.test_scope import as_actor

DAY = timedelta(days=1)
See = Callable[[Staff], Today]


@pytest.fixture
def see(session: Session, build: Builder, catalogue: Catalogue) -> See:
    """What somebody's page says."""

    def found(staff: Staff) -> Today:
        session.flush()
        return show_today(session, by=as_actor(staff, build), catalogue=catalogue, now=build.now)

    return found


def comment_on(session: Session, rating: Rating, text: str = "It went well") -> Comment:
    comment = Comment(rating_id=rating.id, text=text, created_at=rating.submitted_at)
    session.add(comment)
    return comment


def sink(build: Builder, cast: Cast) -> None:
    """A child's curve that is confirmed below expected, the latest score twelve days ago."""
    for place, score in enumerate((5, 3, 1)):
        build.rating(cast.child, score, build.today - (40 - 14 * place) * DAY)


class TestUnread:
    def test_low_safety_comes_before_older_comments(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        comment_on(session, build.rating(cast.child, 6, build.today - 9 * DAY))
        build.rating(cast.teacher, 2, build.today - DAY, "safety", notice=True)
        rows = see(cast.practitioner).unread.rows
        assert [row.low_safety for row in rows] == [True, False]

    def test_among_comments_the_longest_unread_comes_first(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        for days in (2, 30, 9):
            comment_on(session, build.rating(cast.child, 6, build.today - days * DAY), f"{days} days ago")
        assert [row.comment for row in see(cast.caseworker).unread.rows] == [
            "30 days ago",
            "9 days ago",
            "2 days ago",
        ]

    def test_what_was_read_is_gone(self, session: Session, build: Builder, cast: Cast, see: See) -> None:
        comment = comment_on(session, build.rating(cast.child, 6, build.today))
        comment.read_at, comment.read_by_id = build.now, cast.caseworker.id
        build.rating(
            cast.teacher,
            2,
            build.today,
            "safety",
            notice=True,
            notice_read_at=build.now,
            notice_read_by_id=cast.caseworker.id,
        )
        assert see(cast.practitioner).unread.total == 0

    def test_a_superseded_rating_is_not_to_be_read(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        comment_on(session, build.rating(cast.child, 6, build.today, superseded_at=build.now))
        assert see(cast.practitioner).unread.total == 0

    @pytest.mark.parametrize(
        ("who", "sees"),
        [("practitioner", 1), ("caseworker", 0), ("provider_leader", 0), ("authority_leader", 0)],
    )
    def test_words_about_a_session_are_for_the_practitioner_on_the_case_alone(
        self, session: Session, build: Builder, cast: Cast, see: See, who: str, sees: int
    ) -> None:
        comment_on(session, build.rating(cast.child, 6, build.today, "session-youth"))
        assert see(cast.staff[who]).unread.total == sees

    def test_a_practitioner_who_is_caseworker_on_this_case_does_not_see_them(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        case = build.case(team={cast.practitioner: TeamPart.CASEWORKER})
        comment_on(session, build.rating(build.respondent(case), 6, build.today, "session-youth"))
        assert see(cast.practitioner).unread.total == 0

    def test_a_form_nobody_knows_any_more_is_kept_back(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        rating = build.rating(cast.child, 6, build.today, instrument_id="wellbeing-youth")
        rating.instrument_id = "pack-that-was-removed"
        comment_on(session, rating)
        assert see(cast.caseworker).unread.total == 0


class TestBelowExpected:
    def test_a_confirmed_signal_asks_for_a_next_step(self, build: Builder, cast: Cast, see: See) -> None:
        sink(build, cast)
        (entry,) = see(cast.practitioner).below.rows
        assert (len(entry.unanswered), len(entry.answered)) == (1, 0)

    def test_with_its_next_step_it_stays_listed_but_asks_no_more(
        self, session: Session, build: Builder, cast: Cast, see: See
    ) -> None:
        sink(build, cast)
        session.add(
            SignalAction(
                case_id=cast.case.id,
                respondent_id=cast.child.id,
                instrument_id="wellbeing-youth",
                instrument_version="1.0",
                signal=SignalCode.BELOW_EXPECTED,
                confirmed_on=build.today - 12 * DAY,
                next_step="Talk about school",
                taken_on=build.today,
                taken_by_id=cast.practitioner.id,
                created_at=build.now,
            )
        )
        (entry,) = see(cast.practitioner).below.rows
        assert (len(entry.unanswered), len(entry.answered)) == (0, 1)

    def test_a_single_low_score_is_counted_as_one_to_watch_and_not_listed(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.rating(cast.child, 6, build.today - 30 * DAY)
        build.rating(cast.child, 2, build.today - 2 * DAY)
        found = see(cast.practitioner)
        assert (found.below.total, found.watched) == (0, 1)

    def test_in_too_many_cases_only_the_newest_rated_are_looked_through(
        self, build: Builder, cast: Cast, see: See, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sink(build, cast)
        for _ in range(3):
            build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
        monkeypatch.setattr(service, "SIGNAL_REACH", 2)
        found = see(cast.practitioner)
        assert (found.open_cases, found.looked_at, found.below.total) == (4, 2, 1)


class TestAsked:
    def test_silence_counts_from_the_first_unanswered_day(self, build: Builder, cast: Cast, see: See) -> None:
        for days in (30, 16, 2):
            build.administration(cast.mother, "wellbeing-adult", due_on=build.today - days * DAY)
        (entry,) = see(cast.caseworker).unanswered.rows
        (voice,) = entry.voices
        assert (voice.since, voice.times) == (build.today - 30 * DAY, 3)

    def test_an_answer_since_ends_the_silence(self, build: Builder, cast: Cast, see: See) -> None:
        build.administration(cast.child, due_on=build.today - 16 * DAY)
        build.rating(cast.child, 6, build.today - 2 * DAY)
        assert see(cast.caseworker).unanswered.total == 0

    @pytest.mark.parametrize(
        "columns",
        [
            {"state": AdministrationState.CANCELLED},
            {"due_in": 1},
            {"instrument_id": "session-youth"},
        ],
    )
    def test_nobody_waits_for_what_is_cancelled_not_due_yet_or_given_at_the_session(
        self, build: Builder, cast: Cast, see: See, columns: dict[str, object]
    ) -> None:
        given = {"due_in": 0, "instrument_id": "wellbeing-youth"} | columns
        due_on = build.today + given.pop("due_in") * DAY
        build.administration(cast.child, given.pop("instrument_id"), due_on=due_on, **given)
        assert see(cast.caseworker).unanswered.total == 0

    def test_a_long_list_is_cut_and_says_how_long_it_is(self, build: Builder, cast: Cast, see: See) -> None:
        for _ in range(25):
            case = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
            build.administration(build.respondent(case), due_on=build.today - DAY)
        found = see(cast.caseworker).unanswered
        assert (len(found.rows), found.total) == (20, 25)

    def test_who_is_due_by_the_rhythm_is_to_be_asked(self, build: Builder, cast: Cast, see: See) -> None:
        build.plan(cast.child, rhythm=Rhythm.WEEKLY)
        build.rating(cast.child, 6, build.today - 9 * DAY)
        (entry,) = see(cast.practitioner).to_ask.rows
        assert entry.since == build.today - 2 * DAY

    def test_who_is_being_asked_is_not_to_be_asked_again(self, build: Builder, cast: Cast, see: See) -> None:
        build.plan(cast.child, rhythm=Rhythm.WEEKLY)
        build.administration(cast.child, due_on=build.today - 9 * DAY)
        found = see(cast.practitioner)
        assert (found.to_ask.total, found.unanswered.total) == (0, 1)

    def test_before_a_meeting_they_are_asked_ten_days_ahead(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.plan(cast.teacher, "wellbeing-professional", rhythm=Rhythm.BEFORE_MEETING)
        meeting = build.meeting(cast.episode, build.today + 11 * DAY)
        assert see(cast.practitioner).to_ask.total == 0
        meeting.planned_on = build.today + 10 * DAY
        assert see(cast.practitioner).to_ask.total == 1

    def test_a_leader_is_not_told_to_ask(self, build: Builder, cast: Cast, see: See) -> None:
        build.plan(cast.child, rhythm=Rhythm.WEEKLY)
        assert see(cast.authority_leader).to_ask.total == 0


class TestMeetings:
    def test_overdue_and_coming_meetings_are_told_apart(self, build: Builder, cast: Cast, see: See) -> None:
        for days in (-3, 0, 14, 15):
            build.meeting(cast.episode, build.today + days * DAY)
        build.meeting(cast.episode, build.today - 9 * DAY, held_on=build.today - 9 * DAY)
        build.meeting(cast.episode, build.today - 8 * DAY, cancelled_at=build.now)
        found = see(cast.caseworker)
        assert [row.planned_on for row in found.overdue.rows] == [build.today - 3 * DAY]
        assert [row.planned_on for row in found.coming.rows] == [build.today, build.today + 14 * DAY]

    def test_before_a_meeting_every_form_in_use_is_asked_for_whatever_its_rhythm(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.meeting(cast.episode, build.today + 7 * DAY)
        build.plan(cast.child, rhythm=Rhythm.MONTHLY)
        build.rating(cast.child, 6, build.today - 4 * DAY)
        build.plan(cast.mother, "wellbeing-adult", rhythm=Rhythm.EVERY_SESSION)
        build.rating(cast.mother, 6, build.today - 3 * DAY, "wellbeing-adult")
        build.rating(cast.teacher, 6, build.today - 60 * DAY, "wellbeing-professional")
        (entry,) = see(cast.practitioner).to_ask.rows
        assert [(one.respondent_id, one.since) for one in entry.voices] == [
            (cast.child.id, build.today - 3 * DAY),
            (cast.teacher.id, build.today - 3 * DAY),
        ]

    def test_a_form_due_by_its_rhythm_and_for_the_meeting_stands_once(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.meeting(cast.episode, build.today + 7 * DAY)
        build.plan(cast.child, rhythm=Rhythm.WEEKLY)
        build.rating(cast.child, 6, build.today - 20 * DAY)
        (entry,) = see(cast.practitioner).to_ask.rows
        (voice,) = entry.voices
        assert voice.instrument_ids == ("wellbeing-youth",)

    def test_a_meeting_gone_by_asks_nobody(self, build: Builder, cast: Cast, see: See) -> None:
        build.meeting(cast.episode, build.today - DAY)
        build.plan(cast.child, rhythm=Rhythm.BEFORE_MEETING)
        assert see(cast.practitioner).to_ask.total == 0

    def test_a_withheld_rating_is_fresh_enough_for_the_practitioner_alone(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.meeting(cast.episode, build.today + DAY)
        build.plan(cast.child)
        build.rating(cast.child, 6, build.today - DAY, withheld=True)
        states = {
            who: see(cast.staff[who]).coming.rows[0].voices[0].state for who in ("practitioner", "caseworker")
        }
        assert states == {"practitioner": AskState.ANSWERED, "caseworker": AskState.TO_ASK}

    def test_a_status_of_the_goals_waits_for_the_practitioner(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.goal(cast.case, cast.episode)
        build.meeting(cast.episode, build.today + 7 * DAY)
        (entry,) = see(cast.practitioner).statuses.rows
        assert (entry.due.days_over, entry.due.missing) == (3, 1)
        assert see(cast.caseworker).statuses.total == 0

    def test_a_meeting_names_who_has_answered_for_it_and_who_has_not(
        self, build: Builder, cast: Cast, see: See
    ) -> None:
        build.meeting(cast.episode, build.today + DAY)
        for respondent, instrument in (
            (cast.child, "wellbeing-youth"),
            (cast.mother, "wellbeing-adult"),
            (cast.teacher, "wellbeing-professional"),
        ):
            build.plan(respondent, instrument)
        build.rating(cast.child, 6, build.today - 5 * DAY)
        build.rating(cast.mother, 6, build.today - 10 * DAY, "wellbeing-adult")
        build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
        build.rating(cast.teacher, 6, build.today - DAY, "session-adult")
        (meeting,) = see(cast.caseworker).coming.rows
        assert [(one.voice.respondent_id, one.state, one.since) for one in meeting.voices] == [
            (cast.child.id, AskState.ANSWERED, build.today - 5 * DAY),
            (cast.mother.id, AskState.ASKED, build.today - 2 * DAY),
            (cast.teacher.id, AskState.TO_ASK, build.today - 9 * DAY),
        ]


@pytest.mark.parametrize(
    ("who", "cases"), [("practitioner", 1), ("colleague", 0), ("provider_leader", 1), ("outsider", 0)]
)
def test_only_open_cases_in_scope_count(
    session: Session, build: Builder, cast: Cast, see: See, who: str, cases: int
) -> None:
    closed = build.case(team={cast.practitioner: TeamPart.PRACTITIONER}, closed_on=build.today - DAY)
    build.administration(build.respondent(closed), due_on=build.today - DAY)
    build.administration(cast.child, due_on=build.today - DAY)
    comment_on(session, build.rating(cast.mother, 6, build.today, "wellbeing-adult"))
    found = see(cast.staff[who])
    assert (found.open_cases, found.unanswered.total, found.unread.total) == (cases, cases, cases)


def test_one_access_row_names_every_case_on_the_page_once(
    session: Session, build: Builder, cast: Cast, see: See
) -> None:
    comment_on(session, build.rating(cast.child, 6, build.today))
    build.meeting(cast.episode, build.today)
    build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
    see(cast.practitioner)
    (row,) = session.scalars(select(AccessLog)).all()
    assert (row.access, row.case_ids) == (Access.TODAY_LISTED, [str(cast.case.id)])
