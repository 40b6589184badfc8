"""Ratings planned for after a measure: planned, due on Today, asked for, cancelled with the case."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.services.after_end import Tick, count_after_end, offer_after_end, plan_after_end
from fitsvc.services.asking import forms_to_ask, make_link
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.closing import close_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.today import show_today
from fitsvc.services.trajectories import compose
from fitsvc.storage.after_end import PlannedRating
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

ENDED = date(2026, 1, 31)
"""One month on, the end of February: 28 February. NOW is 16 March."""


class Planner:
    def __init__(self, session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> None:
        self.session, self.build, self.cast, self.catalogue = session, build, cast, catalogue
        for days in (40, 20):
            build.rating(cast.child, 6, ENDED - timedelta(days=days))
        cast.episode.ended_on = ENDED

    def facts(self) -> CaseTrajectories:
        self.session.flush()
        by = acting(self.cast.practitioner, self.build.today)
        return compose(
            self.session, by=by, case_id=self.cast.case.id, catalogue=self.catalogue, now=self.build.now
        )

    def plan(self, *chosen: Tick, episode_id: UUID | None = None) -> None:
        plan_after_end(
            self.session,
            by=acting(self.cast.practitioner, self.build.today),
            now=self.build.now,
            facts=self.facts(),
            episode_id=episode_id or self.cast.episode.id,
            chosen=set(chosen),
        )
        self.session.flush()

    def planned(self) -> list[tuple[int, date]]:
        rows = self.session.scalars(
            select(PlannedRating).where(PlannedRating.cancelled_at.is_(None)).order_by(PlannedRating.ask_on)
        )
        return [(one.months_after, one.ask_on) for one in rows]

    def to_ask(self) -> list[tuple[RaterRole, date]]:
        self.session.flush()
        by = acting(self.cast.practitioner, self.build.today)
        today = show_today(self.session, by=by, catalogue=self.catalogue, now=self.build.now)
        return [(voice.rater_role, voice.since) for row in today.to_ask.rows for voice in row.voices]


@pytest.fixture
def planner(session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> Planner:
    return Planner(session, build, cast, catalogue)


def test_the_days_are_counted_in_months_from_the_end(planner: Planner, session: Session, cast: Cast) -> None:
    (asked,) = offer_after_end(session, facts=planner.facts(), episode_id=cast.episode.id)
    assert [(one.months, one.ask_on, one.is_over) for one in asked.chances] == [
        (1, date(2026, 2, 28), True),
        (3, date(2026, 4, 30), False),
        (6, date(2026, 7, 31), False),
    ]


def test_exactly_what_is_ticked_is_planned_however_often_it_is_sent(planner: Planner, cast: Cast) -> None:
    child = cast.child.id
    for _send in range(2):
        planner.plan((child, 3), (child, 6), (child, 99), (cast.teacher.id, 3))
        assert planner.planned() == [(3, date(2026, 4, 30)), (6, date(2026, 7, 31))]
    planner.plan((child, 6))
    assert planner.planned() == [(6, date(2026, 7, 31))]
    planner.plan((child, 3), (child, 6))
    assert planner.planned() == [(3, date(2026, 4, 30)), (6, date(2026, 7, 31))]


def test_a_day_gone_by_is_not_planned_anew(planner: Planner, cast: Cast) -> None:
    planner.plan((cast.child.id, 1))
    assert planner.planned() == []


def test_it_is_due_on_today_from_its_day_until_a_link_is_made(
    planner: Planner, session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    cast.episode.ended_on = build.today - timedelta(days=28)  # one month on is today
    planner.plan((cast.child.id, 1), (cast.child.id, 3))
    assert planner.to_ask() == [(RaterRole.CHILD, build.today)]
    assert [one.id for one in forms_to_ask(session, respondent=cast.child, catalogue=catalogue)] == [
        "wellbeing-youth"
    ]
    make_link(
        session,
        by=acting(cast.practitioner, build.today),
        now=now,
        catalogue=catalogue,
        case_id=cast.case.id,
        respondent_id=cast.child.id,
        instrument_id="wellbeing-youth",
        label="",
        link_days=14,
    )
    assert planner.to_ask() == []
    rows = session.scalars(select(PlannedRating).order_by(PlannedRating.ask_on)).all()
    assert [one.administration_id is not None for one in rows] == [True, False]
    planner.plan()  # nothing ticked: what was asked stays, the rest is cancelled
    assert [months for months, _day in planner.planned()] == [1]


def test_closing_the_case_cancels_what_is_planned(
    planner: Planner, session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    planner.plan((cast.child.id, 3), (cast.child.id, 6))
    assert count_after_end(session, cast.case.id) == 2
    close_case(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        case_id=cast.case.id,
        closed_on=build.today,
    )
    session.flush()
    assert planner.planned() == []
    with pytest.raises(Refused, match="case_closed"):
        planner.plan((cast.child.id, 3))


def test_a_running_measure_and_another_cases_measure_are_refused(
    planner: Planner, build: Builder, cast: Cast
) -> None:
    other = build.episode(build.case())
    with pytest.raises(NotFound):
        planner.plan((cast.child.id, 3), episode_id=other.id)
    cast.episode.ended_on = None
    with pytest.raises(Refused, match="episode_runs"):
        planner.plan((cast.child.id, 3))
