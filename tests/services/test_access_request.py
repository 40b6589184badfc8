"""An access request gives everything: held against the models, and against what the database deletes with a case."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fitsvc.demo.build import Demo, build_demo
from fitsvc.domain.access_request import Choice, Recipient
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Kind
from fitsvc.services.access_request import WholeCase, gather
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case
from fitsvc.storage.engine import build_engine
from fitsvc.storage.whole_case import EXCEPTED, covered_tables, read_whole_case
from fitsvc.web.access_request.page import SECTIONS
from fitsvc.web.access_request.story import TOLD
from tests.keys import KEYS

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
FULL = ("DEMO-1001", "DEMO-1005", "DEMO-1011", "DEMO-1022", "DEMO-1029")
BESIDE_THE_CASE = {"persons", "access_log", "audit_log", "deletions"}
"""About the child, and not deleted with the case by the database itself."""


def some_cases(session: Session) -> list[UUID]:
    """Those with the most people, words and meetings: enough to go wrong in every table."""
    return list(session.scalars(select(Case.id).where(Case.reference.in_(FULL)).order_by(Case.reference)))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[tuple[Demo, Session]]:
    file: Path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    engine = build_engine(f"sqlite:///{file}", KEYS)
    Base.metadata.create_all(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitsvc.demo.build.hash_secret", lambda secret: f"hash of {secret}")
        demo = build_demo(date(2026, 3, 16), catalogue)
    with Session(engine) as session:
        demo.rows.store(session)
        session.commit()
        yield demo, session
    engine.dispose()


def counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def give(told: tuple[Demo, Session], catalogue: Catalogue, case_id: UUID, choice: Choice) -> WholeCase:
    return gather(told[1], case_id=case_id, catalogue=catalogue, choice=choice, now=NOW)


def test_every_table_with_a_way_to_a_case_is_given_or_excepted_with_a_reason() -> None:
    """Found by its own walk: along every foreign key there is, and by the columns' names."""
    about = {"cases", "persons"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if table.name not in about
            and any(
                key.column.table.name in about - {"persons"} and key.column.table.name != table.name
                for key in table.foreign_keys
            )
        }
        if not more:
            break
        about |= more
    about |= {
        table.name
        for table in Base.metadata.sorted_tables
        if {"case_id", "case_ids", "respondent_id", "person_id", "rating_id"} & set(table.columns.keys())
    }
    assert about == {table.name for table in covered_tables()} | EXCEPTED.keys()
    assert all(EXCEPTED.values())


def test_every_table_given_has_its_place_in_the_readable_copy() -> None:
    assert {table.name for table in covered_tables()} == set(TOLD) | SECTIONS


def test_nothing_that_goes_with_the_case_is_missing_from_its_copy(
    told: tuple[Demo, Session], catalogue: Catalogue
) -> None:
    """What the database deletes with the case is what it held about it; every case of the demo."""
    _, session = told
    seen: set[str] = set()
    for case_id in session.scalars(select(Case.id)).all():
        given = read_whole_case(session, case_id)
        before = counts(session)
        session.execute(delete(Case).where(Case.id == case_id))
        after = counts(session)
        session.rollback()
        gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
        found = {name: len(rows) for name, rows in given.items() if rows and name not in BESIDE_THE_CASE}
        assert found == {name: number for name, number in gone.items() if name not in EXCEPTED}
        seen |= set(found)
    assert len(seen) > 18, "the demo has cases with hardly anything in them"


def test_the_childs_copy_holds_every_rating_and_word_and_a_parents_nothing_private(
    told: tuple[Demo, Session], catalogue: Catalogue
) -> None:
    _, session = told
    for case_id in some_cases(session):
        everything = read_whole_case(session, case_id)
        own = give(told, catalogue, case_id, Choice(Recipient.CHILD))
        for table in ("ratings", "comments", "point_notes", "agenda_wishes", "administrations"):
            assert len(own.rows[table]) == len(everything[table])
        parents = give(told, catalogue, case_id, Choice(Recipient.OTHER))
        kept = {one["id"] for one in parents.rows["ratings"]}
        for one in everything["ratings"]:
            form = catalogue.get(one["instrument_id"], one["instrument_version"])
            is_private = one["withheld"] or form.kind is Kind.SESSION
            assert (one["id"] in kept) is not is_private
            if is_private:
                assert str(one["id"]) not in str(parents.rows)
        assert all(one["visibility"] == "meeting" for one in parents.rows["point_notes"])


def test_somebody_left_out_is_found_nowhere(told: tuple[Demo, Session], catalogue: Catalogue) -> None:
    _, session = told
    for case_id in some_cases(session):
        everything = read_whole_case(session, case_id)
        for one in everything["respondents"]:
            found = give(told, catalogue, case_id, Choice(Recipient.CHILD, frozenset({one["id"]})))
            assert str(one["id"]) not in str(found.rows)
            assert str(one["person_id"]) not in str(found.rows)
            others = {row["id"] for row in everything["respondents"]} - {one["id"]}
            assert {row["id"] for row in found.rows["respondents"]} == others
            of_others = [row for row in everything["ratings"] if row["respondent_id"] in others]
            assert len(found.rows["ratings"]) == len(of_others)


def test_a_copy_shows_nothing_of_another_case(told: tuple[Demo, Session], catalogue: Catalogue) -> None:
    _, session = told
    ids = list(session.scalars(select(Case.id)))
    for case_id in some_cases(session):
        told_rows = str(give(told, catalogue, case_id, Choice(Recipient.CHILD)).rows)
        assert not [other for other in ids if other != case_id and str(other) in told_rows]


def test_a_form_no_catalogue_has_any_more_is_private_and_breaks_nothing(
    told: tuple[Demo, Session], catalogue: Catalogue
) -> None:
    _, session = told
    case_id = session.scalars(select(Case.id)).first()
    assert case_id
    nothing = Catalogue({})
    own = give(told, nothing, case_id, Choice(Recipient.CHILD))
    assert own.rows["ratings"]
    assert set(own.instruments.values()) == {None}
    assert not give(told, nothing, case_id, Choice(Recipient.OTHER)).rows["ratings"]
