"""What is due goes, with everything that hangs on it; what is not due stays; ids are left and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Uuid, func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.retention import Hindrance
from fitsvc.services.administrations import open_form
from fitsvc.services.deletion import delete_case, delete_withdrawn
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.housekeeping import Done, keep_house, list_due
from fitsvc.services.invalid import Invalid
from fitsvc.services.retention import (
    Retention,
    change_months,
    confirm_journal,
    list_closed,
    read_retention,
    take_confirmation_back,
)
from fitsvc.services.withdrawal import undo_withdrawal, withdraw
from fitsvc.storage import deleting
from fitsvc.storage.administrations import Administration, Link
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case
from fitsvc.storage.deletions import Deletion, DeletionKind
from fitsvc.storage.engine import writing
from fitsvc.storage.frozen import FrozenKind, FrozenReport, FrozenVoice
from fitsvc.storage.imports import ImportBatch, StagedTarget, StagedValue
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.notices import Notice
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Person, Respondent
from fitsvc.storage.special_access import EmergencyAccess, SessionSharing
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
SIX = Retention((), 6)
Run = Callable[[], Done]


@pytest.fixture
def keep(engine: Engine, session: Session, now: datetime) -> Run:
    """The nightly run on this database, with nothing waiting in the session of the test."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with Session(writing(engine)) as opened, opened.begin():
            yield opened

    def run() -> Done:
        session.commit()
        session.expire_all()
        done = keep_house(transaction, now=now, default_months=6)
        session.rollback()
        session.expire_all()
        return done

    return run


def close(build: Builder, case: Case, *, days_ago: int, confirmed: bool, by: Any) -> None:
    case.closed_on = build.today - days_ago * DAY
    case.opened_on = case.closed_on - 100 * DAY
    if confirmed:
        case.journal_confirmed_at, case.journal_confirmed_by_id = build.now, by.id
    build.session.flush()


# --- cases ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "confirmed", "goes"), [(400, True, True), (400, False, False), (20, True, False)]
)
def test_a_closed_case_goes_when_it_is_due_and_confirmed(
    session: Session, build: Builder, cast: Cast, keep: Run, days_ago: int, confirmed: bool, goes: bool
) -> None:
    close(build, cast.case, days_ago=days_ago, confirmed=confirmed, by=cast.caseworker)
    case_id = cast.case.id
    assert keep().cases == goes
    assert (session.scalar(select(Case.id).where(Case.id == case_id)) is None) == goes
    assert keep().cases == 0


def test_a_running_case_is_refused_whoever_asks(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Refused, match="case_open"):
        delete_case(session, now=now, case_id=cast.case.id, retention=SIX)
    close(build, cast.case, days_ago=400, confirmed=False, by=cast.caseworker)
    with pytest.raises(Refused, match="case_not_due"):
        delete_case(session, now=now, case_id=cast.case.id, retention=SIX)


def furnish(build: Builder, cast: Cast) -> None:
    """Rows beside those of a demo: what only this issue's tables hold."""
    session, case, now = build.session, cast.case, build.now
    batch = ImportBatch(file_digest="x", state="staged", created_at=now)
    session.add(batch)
    session.flush()
    session.add_all(
        [
            EmergencyAccess(
                case_id=case.id, staff_id=cast.colleague.id, on_day=build.today, reason="x", opened_at=now
            ),
            SessionSharing(
                case_id=case.id, shared_by_id=cast.practitioner.id, shared_with_id=cast.provider_leader.id,
                from_on=build.today, until_on=build.today, purpose="x", created_at=now,
            ),
            Notice(
                kind="emergency_access", about_staff_id=cast.colleague.id, case_id=case.id, details={},
                created_at=now,
            ),
            StagedTarget(
                import_batch_id=batch.id, reference=case.reference, display_name="Ravn", case_id=case.id,
                target_id=case.id, target_is_new=False,
            ),
            StagedValue(
                import_batch_id=batch.id, case_id=case.id, target_id=case.id, measured_on=build.today, value=1
            ),
        ]
    )  # fmt: skip
    session.flush()


def test_nothing_is_left_of_a_deleted_case_but_ids_in_the_logs(
    session: Session, build: Builder, cast: Cast, keep: Run
) -> None:
    sibling = build.case()
    shared = build.respondent(sibling, RaterRole.PARENT, person=cast.mother.person)
    rating = build.rating(cast.child, 3, build.today - 300 * DAY)
    session.add(Comment(rating_id=rating.id, text="Det går godt", created_at=build.now))
    furnish(build, cast)
    close(build, cast.case, days_ago=400, confirmed=True, by=cast.caseworker)
    case_id, persons = cast.case.id, [one.person_id for one in (cast.child, cast.mother, cast.teacher)]
    ids = {
        value
        for ids in deleting._under(session, Base.metadata.tables["cases"], [case_id]).values()
        for value in ids
    } - {case_id}
    assert keep().cases == 1
    there = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, Uuid)
        for value in session.scalars(select(column))
        if value in ids
    }
    assert there == set()
    assert session.scalar(select(func.count()).select_from(StagedTarget)) == 0
    assert session.scalar(select(func.count()).select_from(StagedValue)) == 0
    assert set(session.scalars(select(Person.id).where(Person.id.in_(persons)))) == {shared.person_id}
    row = session.scalars(select(Deletion)).one()
    assert (row.kind, row.case_id, row.rule) == (DeletionKind.CASE, case_id, "months_after_closing")
    assert row.counts["ratings"] == 1
    assert row.counts["persons"] == 2
    assert row.counts["notices"] == row.counts["staged_values"] == 1
    acts = list(session.scalars(select(AuditLog).where(AuditLog.act == Act.CASE_DELETED)))
    assert [(one.case_id, one.staff_id, one.details) for one in acts] == [
        (case_id, None, {"deletion": str(row.id)})
    ]


# --- respondents who took their answers back --------------------------------------------------------------------------


def paper(build: Builder, cast: Cast, *voices: Respondent) -> FrozenReport:
    meeting = build.meeting(cast.episode, build.today - (len(voices) + 1) * DAY)
    report = FrozenReport(
        case_id=cast.case.id, meeting_id=meeting.id, kind=FrozenKind.REPORT, language="da", names_hidden=False,
        pdf=b"%PDF", pdf_sha256="x", snapshot=b"{}", snapshot_sha256="x", summary="x", software_version="1",
        rules_version="1", frozen_by_id=cast.caseworker.id, frozen_at=build.now,
    )  # fmt: skip
    build.session.add(report)
    build.session.flush()
    build.session.add_all(FrozenVoice(frozen_report_id=report.id, respondent_id=one.id) for one in voices)
    build.session.flush()
    return report


def take_back(session: Session, build: Builder, cast: Cast, who: Respondent, *, days_ago: int = 0) -> None:
    by = acting(cast.caseworker, build.today)
    withdraw(session, by=by, now=build.now, case_id=cast.case.id, respondent_id=who.id)
    who.withdrawn_at = build.now - days_ago * DAY
    session.flush()


def test_answers_taken_back_go_after_fourteen_days_with_the_papers_that_show_them(
    session: Session, build: Builder, cast: Cast, keep: Run
) -> None:
    mine = build.rating(cast.child, 3, build.today - 40 * DAY)
    build.rating(cast.mother, 4, build.today - 40 * DAY, "wellbeing-adult")
    session.add(Comment(rating_id=mine.id, text="Jeg vil ikke", created_at=build.now))
    paper(build, cast, cast.child, cast.mother)
    other = paper(build, cast, cast.mother)
    take_back(session, build, cast, cast.child, days_ago=13)
    assert keep().respondents == 0
    session.get_one(Respondent, cast.child.id).withdrawn_at = build.now - 14 * DAY
    person_id, respondent_id, other_id = cast.child.person_id, cast.child.id, other.id
    assert keep().respondents == 1
    assert session.get(Respondent, respondent_id) is None
    assert session.get(Person, person_id) is None
    assert list(session.scalars(select(Rating.respondent_id))) == [cast.mother.id]
    assert list(session.scalars(select(Comment.id))) == []
    assert list(session.scalars(select(FrozenReport.id))) == [other_id]
    row = session.scalars(select(Deletion)).one()
    assert (row.kind, row.respondent_id) == (DeletionKind.RESPONDENT, respondent_id)
    assert row.counts["frozen_reports"] == row.counts["ratings"] == row.counts["persons"] == 1


def test_a_withdrawal_undone_in_time_brings_the_answers_and_papers_back(
    session: Session, build: Builder, cast: Cast, keep: Run
) -> None:
    build.rating(cast.child, 3, build.today - 40 * DAY)
    alone, shared = paper(build, cast, cast.child), paper(build, cast, cast.child, cast.mother)
    take_back(session, build, cast, cast.child, days_ago=3)
    take_back(session, build, cast, cast.mother)
    by = acting(cast.caseworker, build.today)
    for _twice in range(2):
        undo_withdrawal(session, by=by, now=build.now, case_id=cast.case.id, respondent_id=cast.child.id)
    assert cast.child.withdrawn_at is None
    assert (alone.locked_at, alone.locked_for_respondent_id) == (None, None)
    assert shared.locked_for_respondent_id == cast.mother.id
    assert not delete_withdrawn(session, now=build.now + 90 * DAY, respondent_id=cast.child.id)
    acts = list(session.scalars(select(AuditLog.act)))
    assert acts.count(Act.WITHDRAWAL_UNDONE) == 1


# --- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_since", "goes"), [(30, True), (29, False), (None, False)]
)  # None: a plan without end
def test_contacts_go_thirty_days_after_the_last_planned_rating(
    session: Session, build: Builder, cast: Cast, keep: Run, days_since: int | None, goes: bool
) -> None:
    person = cast.mother.person
    person.email, person.phone = "mor@example.org", "12345678"
    build.plan(cast.mother, ends_on=None if days_since is None else build.today - days_since * DAY)
    session.flush()
    assert keep().contacts == goes
    found = session.get_one(Person, person.id)
    assert (found.email is None, found.phone is None) == (goes, goes)
    assert found.name == person.name
    assert keep().contacts == 0


def test_an_asking_in_another_case_keeps_the_contact(
    session: Session, build: Builder, cast: Cast, keep: Run
) -> None:
    cast.mother.person.email = "mor@example.org"
    sibling = build.respondent(build.case(), RaterRole.PARENT, person=cast.mother.person)
    asked = build.administration(sibling, "wellbeing-adult", due_on=build.today - 29 * DAY)
    assert keep().contacts == 0
    session.get_one(Administration, asked.id).due_on = build.today - 30 * DAY
    assert keep().contacts == 1


# --- links, and the run itself ----------------------------------------------------------------------------------------


def test_links_that_ran_out_long_ago_are_forgotten(
    session: Session, build: Builder, cast: Cast, keep: Run, now: datetime
) -> None:
    asked = build.administration(cast.child)
    for number, days in enumerate((31, 29)):
        session.add(
            Link(
                administration_id=asked.id, token_hash=str(number), created_at=now - 60 * DAY,
                expires_at=now - days * DAY,
            )
        )  # fmt: skip
    assert keep().links == 1
    assert list(session.scalars(select(Link.token_hash))) == ["1"]


def test_looking_first_says_the_same_and_changes_nothing(
    session: Session, build: Builder, cast: Cast, keep: Run, now: datetime
) -> None:
    close(build, cast.case, days_ago=400, confirmed=True, by=cast.caseworker)
    other = build.case()
    who = build.respondent(other)
    who.withdrawn_at = now - 20 * DAY
    session.commit()
    due = list_due(session, now=now, default_months=6)
    assert (due.cases, due.respondents) == (1, 1)
    assert session.scalar(select(func.count()).select_from(Case)) == 2
    done = keep()
    assert (done.cases, done.respondents) == (1, 1)


# --- the rule and the confirmation ------------------------------------------------------------------------------------


def test_a_rule_holds_forwards_and_is_what_respondents_are_told(
    session: Session, build: Builder, cast: Cast, now: datetime, catalogue: Catalogue
) -> None:
    by, asking = acting(cast.administrator, build.today), build.administration(cast.child)

    def told(day: date) -> int:
        moment = datetime.combine(day, now.timetz())
        asked = open_form(session, administration_id=asking.id, catalogue=catalogue, now=moment)
        return asked.months_kept(day, default=6)

    assert told(build.today) == 6
    for _twice in range(2):
        change_months(session, by=by, now=now, months=3, default=6)
    assert told(build.today) == 3
    assert told(build.today - DAY) == 6
    change_months(session, by=acting(cast.administrator, build.today + DAY), now=now, months=12, default=6)
    assert told(build.today + DAY) == 3, "a longer rule does not reach cases that are open"
    assert [rule.months for rule in read_retention(session, default=6).rules] == [3, 12]
    acts = list(session.scalars(select(AuditLog.details).where(AuditLog.act == Act.RETENTION_CHANGED)))
    assert [one["months"] for one in acts] == [3, 12]
    for months in (0, 121):
        with pytest.raises(Invalid):
            change_months(session, by=by, now=now, months=months, default=6)


def test_a_closed_case_is_confirmed_by_those_who_see_it_and_it_can_be_taken_back(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    by = acting(cast.caseworker, build.today)
    with pytest.raises(Refused, match="case_open"):
        confirm_journal(session, by=by, now=now, case_id=cast.case.id)
    close(build, cast.case, days_ago=20, confirmed=False, by=cast.caseworker)
    (line,) = list_closed(session, by=by, now=now, default=6)
    assert line.hindrance is Hindrance.NOT_CONFIRMED
    for _twice in range(2):
        confirm_journal(session, by=by, now=now, case_id=cast.case.id)
    (line,) = list_closed(session, by=by, now=now, default=6)
    assert (line.hindrance, line.confirmed_on) == (Hindrance.NOT_YET, build.today)
    take_confirmation_back(session, by=by, now=now, case_id=cast.case.id)
    assert cast.case.journal_confirmed_at is None
    stranger = build.staff()
    with pytest.raises(NotFound):
        confirm_journal(session, by=acting(stranger, build.today), now=now, case_id=cast.case.id)
