"""A respondent takes the answers back: plans end, links close, lists forget, reports lock."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Visibility
from fitsvc.services.administrations import Gone
from fitsvc.services.asking import list_asked, make_link
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.links import create_link, open_link
from fitsvc.services.own_curve import switch_own_curve
from fitsvc.services.respondents import Contact, edit_respondent
from fitsvc.services.trajectories import compose, summarise_cases
from fitsvc.services.withdrawal import withdraw
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.agendas import AgendaWish, list_wishes
from fitsvc.storage.frozen import FrozenKind, FrozenReport, FrozenVoice
from fitsvc.storage.logs import AuditLog
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)


def take_back(session: Session, build: Builder, cast: Cast) -> None:
    withdraw(
        session,
        by=acting(cast.caseworker, build.today),
        now=build.now,
        case_id=cast.case.id,
        respondent_id=cast.child.id,
    )


def test_everything_of_theirs_ends_and_nothing_is_shown(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    plan = build.plan(cast.child)
    build.rating(cast.child, 3, build.today - 9 * DAY)
    rating = build.rating(cast.child, 4, build.today - 2 * DAY)
    build.rating(cast.mother, 5, build.today - 2 * DAY, "wellbeing-adult")
    session.add(
        AgendaWish(
            case_id=cast.case.id, respondent_id=cast.child.id, rating_id=rating.id, text="Ferie",
            visibility=Visibility.MEETING, created_at=now,
        )
    )  # fmt: skip
    asked = build.administration(cast.child)
    token = create_link(session, administration=asked, label="", by=None, now=now, link_days=9)
    take_back(session, build, cast)
    by = acting(cast.practitioner, build.today)
    assert plan.ends_on == build.today
    assert asked.state is AdministrationState.CANCELLED
    assert open_link(session, token=token, now=now, catalogue=catalogue).gone is Gone.CANCELLED
    seen = compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now)
    assert {one.respondent_id for one in seen.totals} == {cast.mother.id}
    assert cast.child.id not in {one.id for one in seen.respondents}
    summary = summarise_cases(session, by=by, case_ids=[cast.case.id], catalogue=catalogue)[cast.case.id]
    assert {one.respondent_id for one in summary.series} == {cast.mother.id}
    assert list_asked(session, by=by, respondent=cast.child, now=now, catalogue=build.catalogue) == ()
    assert list_wishes(session, cast.case.id) == []
    take_back(session, build, cast)  # once more changes nothing
    acts = list(session.scalars(select(AuditLog.act)))
    assert acts.count(Act.RESPONDENT_WITHDRAWN) == 1


def test_an_answered_link_says_nothing_of_what_was_answered(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    asked = build.administration(cast.child)
    token = create_link(session, administration=asked, label="", by=None, now=now, link_days=9)
    asked.state, asked.answered_on = AdministrationState.ANSWERED, build.today
    cast.child.shows_own_curve = True
    session.flush()
    take_back(session, build, cast)
    found = open_link(session, token=token, now=now, catalogue=catalogue)
    assert (found.gone, found.shows_own_curve, found.open_link_id) == (Gone.CANCELLED, False, None)


def test_frozen_reports_with_their_answers_are_locked_and_others_are_not(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    reports = []
    for respondent, on in ((cast.child, 30), (cast.mother, 60)):
        meeting = build.meeting(cast.episode, build.today - on * DAY)
        report = FrozenReport(
            case_id=cast.case.id, meeting_id=meeting.id, kind=FrozenKind.REPORT, language="da",
            names_hidden=False, pdf=b"%PDF", pdf_sha256="x", snapshot=b"{}", snapshot_sha256="x", summary="",
            software_version="1", rules_version="1", frozen_by_id=cast.caseworker.id, frozen_at=now,
        )  # fmt: skip
        session.add(report)
        session.flush()
        session.add(FrozenVoice(frozen_report_id=report.id, respondent_id=respondent.id))
        reports.append(report)
    session.flush()
    take_back(session, build, cast)
    assert [one.locked_for_respondent_id for one in reports] == [cast.child.id, None]


def test_nothing_can_be_asked_or_changed_afterwards(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime
) -> None:
    take_back(session, build, cast)
    by = acting(cast.practitioner, build.today)
    where: dict[str, Any] = {"case_id": cast.case.id, "respondent_id": cast.child.id}
    with pytest.raises(Refused, match="respondent_ended"):
        make_link(
            session, by=by, now=now, catalogue=catalogue, instrument_id="wellbeing-youth", label="",
            link_days=9, **where,
        )  # fmt: skip
    with pytest.raises(Refused, match="respondent_withdrawn"):
        edit_respondent(
            session, by=by, now=now, contact=Contact("Ravn"), setting="", label="", has_custody=None,
            ended_on=None, **where,
        )  # fmt: skip
    with pytest.raises(Refused, match="respondent_withdrawn"):
        switch_own_curve(session, by=by, now=now, on=True, **where)


@pytest.mark.parametrize("who", ["caseworker", "colleague", "authority_leader"])
def test_only_the_cases_practitioner_switches_the_own_curve(
    session: Session, build: Builder, cast: Cast, now: datetime, who: str
) -> None:
    where = {"case_id": cast.case.id, "respondent_id": cast.child.id}
    with pytest.raises(NotFound):
        switch_own_curve(session, by=acting(getattr(cast, who), build.today), now=now, on=True, **where)
    switch_own_curve(session, by=acting(cast.practitioner, build.today), now=now, on=True, **where)
    assert cast.child.shows_own_curve
