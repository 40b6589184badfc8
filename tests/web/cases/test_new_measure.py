"""A new measure takes over: the curve runs on, with a mark."""

from datetime import timedelta

import pytest

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.trajectories import compose
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_curve_runs_on_with_a_mark_where_the_new_measure_starts(
    client: StaffClient, cast: Cast, build: Builder, catalogue: Catalogue
) -> None:
    for weeks in (10, 6, 4, 2, 0):
        build.rating(cast.child, 5, build.today - timedelta(weeks=weeks))
    cast.episode.ended_on = build.today - timedelta(weeks=5, days=1)
    build.episode(cast.case, cast.provider, started_on=build.today - timedelta(weeks=5))
    build.session.commit()
    by = acting(cast.caseworker, build.today)
    seen = compose(build.session, by=by, case_id=cast.case.id, catalogue=catalogue, now=build.now)
    build.session.commit()
    (series,) = [one for one in seen.totals if one.rater_role is cast.child.rater_role]
    assert len(series.points) == 5  # one series through both measures
    assert seen.episode
    assert seen.episode.started_on == build.today - timedelta(weeks=5)
    page = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}").text
    assert "En indsats begynder, 9. feb. 2026" in page
