"""Standards a kommune adds, and the days before a meeting."""

from datetime import date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import Interval, Row
from fitsvc.domain.law import MeasureType
from fitsvc.services.cadences import add_standard, all_standards, offered_standards, retire_standard
from fitsvc.services.errors import NotFound
from fitsvc.services.follow_up_dates import propose_first, propose_next
from fitsvc.services.follow_up_settings import (
    FollowUpSettings,
    change_follow_up_settings,
    read_follow_up_settings,
)
from fitsvc.services.invalid import Invalid
from fitsvc.storage.cadences import OwnStandard, list_own_standards
from fitsvc.storage.logs import AuditLog
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

T = MeasureType
ROWS = {
    T.PREVENTIVE: Row(first=Interval(weeks=4), then=Interval(weeks=8)),
    T.PLACEMENT_FOSTER_FAMILY: Row(
        first=Interval(days=10), then=Interval(months=4), first_year=Interval(months=2)
    ),
    T.PLACEMENT_INSTITUTION: Row(first=Interval(months=6), then=None),
}


def added(
    session: Session, cast: Cast, build: Builder, name: str = "Ravnkøbing 2026", key: int = 1, rows=ROWS
) -> OwnStandard:  # type: ignore[no-untyped-def]
    return add_standard(
        session,
        by=acting(cast.administrator, build.today),
        now=build.now,
        key=UUID(int=key),
        name=name,
        source="Børneudvalget 4. marts 2026",
        rows=rows,
    )


def test_an_own_standard_reads_like_a_shipped_one(session: Session, cast: Cast, build: Builder) -> None:
    slug = added(session, cast, build).slug
    session.flush()
    found = all_standards(session)[slug]
    assert (found.name, found.source) == ("Ravnkøbing 2026", "Børneudvalget 4. marts 2026")
    assert dict(found.rows) == ROWS
    assert found.limits == load_standards()["hvidovre"].limits
    assert list(all_standards(session)) == [*load_standards(), slug]


def test_the_laws_limit_holds_for_an_own_standard_too(session: Session, cast: Cast, build: Builder) -> None:
    slug = added(session, cast, build).slug
    proposed = propose_first(
        all_standards(session),
        standard_id=slug,
        measure_type=T.PLACEMENT_INSTITUTION,
        start=date(2026, 1, 2),
    )
    assert (proposed.day, proposed.limit) == (date(2026, 4, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("ends", "first"),
    [
        (date(2026, 2, 9), date(2026, 2, 9)),
        (date(2026, 3, 29), date(2026, 3, 30)),  # a Sunday
        (date(2026, 4, 2), date(2026, 4, 1)),  # Maundy Thursday is past the limit
        (date(2026, 9, 1), date(2026, 4, 1)),
    ],
)
def test_an_investigation_counts_under_an_own_standard_too(
    session: Session, cast: Cast, build: Builder, ends: date, first: date
) -> None:
    slug = added(session, cast, build).slug
    proposed = propose_first(
        all_standards(session),
        standard_id=slug,
        measure_type=T.PLACEMENT_INSTITUTION,
        start=date(2026, 1, 2),
        investigation_ends=ends,
    )
    assert proposed.day == first
    assert proposed.investigation_ends == (None if first == proposed.limit else ends)


def test_its_first_year_goes_by_the_measures_age(session: Session, cast: Cast, build: Builder) -> None:
    cast.episode.cadence_standard = added(session, cast, build).slug
    cast.episode.measure_type, cast.episode.started_on = T.PLACEMENT_FOSTER_FAMILY.value, date(2025, 3, 3)
    standards = all_standards(session)
    assert propose_next(standards, cast.episode, date(2026, 3, 2)).day == date(2026, 5, 4)
    assert propose_next(standards, cast.episode, date(2026, 3, 3)).day == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ravnkøbing 2026", "own-ravnkoebing-2026"),
        ("Hvidovre (vores)", "own-hvidovre-vores"),
        ("ÆØÅ é", "own-aeoeaa-e"),
        ("!!!", "own-standard"),
        ("x" * 80, "own-" + "x" * 50),
    ],
)
def test_the_id_is_made_of_the_name(
    session: Session, cast: Cast, build: Builder, name: str, slug: str
) -> None:
    assert added(session, cast, build, name).slug == slug


def test_two_names_that_look_alike_get_two_ids(session: Session, cast: Cast, build: Builder) -> None:
    added(session, cast, build, "Ravnkøbing")
    assert added(session, cast, build, "Ravnkøbing!", key=2).slug == "own-ravnkoebing-2"


def test_sent_twice_it_is_one(session: Session, cast: Cast, build: Builder) -> None:
    for _twice in range(2):
        added(session, cast, build)
        session.commit()
    assert len(list_own_standards(session)) == 1


LONG = Row(first=Interval(weeks=53), then=None)


@pytest.mark.parametrize(
    ("name", "rows", "field", "code"),
    [
        ("Hvidovre", ROWS, "name", "taken"),
        ("hvidovre", ROWS, "name", "taken"),
        (" ", ROWS, "name", "missing"),
        ("x" * 81, ROWS, "name", "too_long"),
        ("Til 010114-1234", ROWS, "name", "looks_like_cpr"),
        ("Vores", {}, "rows", "no_rows"),
        ("Vores", {T.PREVENTIVE: LONG}, "preventive-first", "interval_too_long"),
        (
            "Vores",
            {T.PREVENTIVE: Row(first=None, then=None, first_year=Interval(weeks=6))},
            "preventive-first",
            "missing",
        ),
        (
            "Vores",
            {T.PREVENTIVE: Row(first=Interval(weeks=2), then=None, first_year=Interval(weeks=6))},
            "preventive-then",
            "first_year_without_then",
        ),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(  # type: ignore[no-untyped-def]
    session: Session, cast: Cast, build: Builder, name: str, rows, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        added(session, cast, build, name, rows=rows)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert list_own_standards(session) == []


def test_a_retired_standard_is_offered_no_more_and_stays_where_it_is_used(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    standard = added(session, cast, build)
    cast.episode.cadence_standard = standard.slug
    by = acting(cast.administrator, build.today)
    for _twice in range(2):
        retire_standard(session, by=by, now=now, standard_id=standard.id)
    session.commit()
    assert standard.slug not in offered_standards(session)
    assert propose_next(all_standards(session), cast.episode, build.today).day == date(2026, 5, 11)
    with pytest.raises(Invalid, match="taken"):
        added(session, cast, build, key=2)  # a new rule is a new standard, with a name of its own
    acts = session.scalars(select(AuditLog.act).where(AuditLog.staff_id == cast.administrator.id)).all()
    assert sorted(acts) == [Act.STANDARD_ADDED, Act.STANDARD_RETIRED]


def test_what_is_not_there_is_not_retired(session: Session, cast: Cast, build: Builder) -> None:
    with pytest.raises(NotFound):
        retire_standard(
            session,
            by=acting(cast.administrator, build.today),
            now=build.now,
            standard_id=UUID(int=9),
        )


def test_the_days_are_ten_until_somebody_sets_them(session: Session, cast: Cast, build: Builder) -> None:
    assert read_follow_up_settings(session) == FollowUpSettings(10, 10)
    by = acting(cast.administrator, build.today)
    for _twice in range(2):
        change_follow_up_settings(session, by=by, now=build.now, settings=FollowUpSettings(14, 7))
        session.commit()
    assert read_follow_up_settings(session) == FollowUpSettings(14, 7)
    acts = session.scalars(select(AuditLog).where(AuditLog.act == Act.FOLLOW_UP_SETTINGS_CHANGED)).all()
    assert len(acts) == 1


@pytest.mark.parametrize("days", [(0, 10), (29, 10), (10, 0), (10, 29)])
def test_days_are_from_one_to_twenty_eight(
    session: Session, cast: Cast, build: Builder, days: tuple[int, int]
) -> None:
    with pytest.raises(Invalid, match="out_of_range"):
        change_follow_up_settings(
            session,
            by=acting(cast.administrator, build.today),
            now=build.now,
            settings=FollowUpSettings(*days),
        )
