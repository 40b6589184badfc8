"""Session ratings belong to the respondent and the case's practitioner, also when roles change."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.roles import Role
from fitsvc.services.errors import NotFound
from fitsvc.services.notices import mark_read
from fitsvc.services.paper_ratings import get_paper_respondent
from fitsvc.services.trajectories import compose
from fitsvc.storage.accounts import Staff, StaffRole
from fitsvc.storage.cases import is_practitioner_on
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


@pytest.fixture
def moved(cast: Cast, build: Builder, session: Session) -> Staff:
    """Paula has become a caseworker and still stands on the team as the practitioner."""
    caseworker: StaffRole = cast.caseworker.roles[0]
    assert caseworker.name == Role.CASEWORKER
    cast.practitioner.roles = [caseworker]
    session.flush()
    return cast.practitioner


def test_a_practitioner_whose_role_was_taken_reads_no_session_ratings(
    moved: Staff, cast: Cast, build: Builder, session: Session, catalogue: Catalogue, now: datetime
) -> None:
    rating = build.rating(cast.child, 2, build.today, instrument_id="session-youth")
    by = acting(moved, build.today)
    assert not is_practitioner_on(session, by, cast.case.id)
    assert compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now).sessions is None
    with pytest.raises(NotFound):
        mark_read(session, by=by, now=now, catalogue=catalogue, case_id=cast.case.id, rating_id=rating.id)
    offered = get_paper_respondent(
        session, by=by, case_id=cast.case.id, respondent_id=cast.child.id, catalogue=catalogue
    ).instruments
    assert offered
    assert not [one for one in offered if one.id.startswith("session-")]
