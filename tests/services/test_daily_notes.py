"""Events, next steps on signals, and what was read."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.next_step import Thought
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.events import record_event
from fitsvc.services.invalid import Invalid
from fitsvc.services.notices import mark_read
from fitsvc.services.signal_actions import answer_signal
from fitsvc.services.trajectories import compose
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.events import EventKind, list_events
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.ratings import Comment
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


def child_series(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> SeriesFacts:
    by = acting(cast.practitioner, build.today)
    return compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now).totals[0]


def test_a_confirmed_signal_closes_with_a_next_step_and_only_then(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    for days, score in ((60, 6), (30, 2), (10, 2)):
        build.rating(cast.child, score, build.today - timedelta(days=days))
    series = child_series(session, cast, build, now, catalogue)
    by = acting(cast.practitioner, build.today)
    assert series.open_confirmation is not None

    def answered(step: str, thoughts: dict[Thought, str] | None = None) -> date:
        return answer_signal(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            series=series,
            key=UUID(int=1),
            next_step=step,
            thoughts={Thought.LIFE: "Han er flyttet"} if thoughts is None else thoughts,
        ).confirmed_on

    with pytest.raises(Invalid, match="missing"):
        answered(" \n ")
    with pytest.raises(Invalid, match="no_thought"):
        answered("Ny kontaktperson", {Thought.GOALS: "  "})
    assert answered("Ny kontaktperson fra mandag") == build.today - timedelta(days=10)
    answered("Ny kontaktperson fra mandag")  # sent again
    closed = child_series(session, cast, build, now, catalogue)
    assert closed.open_confirmation is None
    with pytest.raises(Refused, match="no_open_signal"):
        answer_signal(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            series=closed,
            key=UUID(int=2),
            next_step="x",
            thoughts={Thought.GOALS: "x"},
        )


@pytest.mark.parametrize(
    ("happened_on", "text", "field", "code"),
    [
        (date(2026, 3, 17), "x", "happened_on", "too_late"),
        (date(2001, 1, 1), "x", "happened_on", "too_early"),
        (date(2026, 3, 1), "", "text", "missing"),
        (date(2026, 3, 1), "x" * 201, "text", "too_long"),
        (date(2026, 3, 1), "010114 1234", "text", "looks_like_cpr"),
    ],
)
def test_an_event_off_its_time_or_without_words_is_refused(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    happened_on: date,
    text: str,
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        record_event(
            session,
            by=acting(cast.practitioner, build.today),
            now=now,
            case_id=cast.case.id,
            key=UUID(int=1),
            happened_on=happened_on,
            kind=EventKind.SCHOOL,
            text=text,
        )
    assert (refused.value.field, refused.value.code) == (field, code)


def test_an_event_sent_twice_stands_once_and_never_in_another_case(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    by = acting(cast.practitioner, build.today)
    other = build.case(team={cast.practitioner: TeamPart.PRACTITIONER})

    def noted(case_id: UUID) -> None:
        record_event(
            session,
            by=by,
            now=now,
            case_id=case_id,
            key=UUID(int=1),
            happened_on=build.today,
            kind=EventKind.SCHOOL,
            text="Ny skole",
        )

    noted(cast.case.id)
    session.commit()
    noted(cast.case.id)
    assert len(list_events(session, cast.case.id)) == 1
    with pytest.raises(NotFound):
        noted(other.id)


def test_a_comment_is_read_once_by_the_first_who_reads_it(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    rating = build.rating(cast.child, 3, build.today, notice=True)
    comment = Comment(rating_id=rating.id, text="Det er svært", created_at=now)
    session.add(comment)
    session.flush()
    for staff in (cast.caseworker, cast.practitioner):
        mark_read(
            session,
            by=acting(staff, build.today),
            now=now,
            catalogue=catalogue,
            case_id=cast.case.id,
            rating_id=rating.id,
        )
    assert comment.read_by_id == rating.notice_read_by_id == cast.caseworker.id
    acts = session.scalars(select(AuditLog.act).where(AuditLog.act == Act.COMMENT_MARKED_READ)).all()
    assert len(acts) == 1


def test_a_session_comment_is_the_practitioners_alone(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    rating = build.rating(cast.child, 3, build.today, "session-youth")

    def read(by_whom: object) -> None:
        mark_read(
            session,
            by=acting(by_whom, build.today),  # type: ignore[arg-type]
            now=now,
            catalogue=catalogue,
            case_id=cast.case.id,
            rating_id=rating.id,
        )

    with pytest.raises(NotFound):
        read(cast.caseworker)
    read(cast.practitioner)
