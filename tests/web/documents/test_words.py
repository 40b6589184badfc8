"""How raters are called on paper: two of one role never look the same."""

import pytest
from flask import Flask
from flask_babel import force_locale

from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import Rater
from fitsvc.web.documents.words import BRIEF_ROOM, rater_in_brief, spoken

SCHOOL = "Distriktsskolen Vestermarken"


@pytest.mark.parametrize("role", [RaterRole.TEACHER, RaterRole.HEALTH_VISITOR, RaterRole.PARENT])
def test_two_raters_at_one_school_with_a_long_name_can_be_told_apart(app: Flask, role: RaterRole) -> None:
    two = [
        Rater(role=role, setting=f"{SCHOOL}, {group}", number=0, is_only=False) for group in ("4.b", "4.c")
    ]
    with app.test_request_context(), force_locale("da"):
        for called in ([spoken(one, 10) for one in two], [rater_in_brief(one) for one in two]):
            assert called[0] != called[1]
            assert called[0].endswith("4.b)"), called
            assert all(len(one) < 50 for one in called)


def test_a_short_setting_stands_as_it_was_written(app: Flask) -> None:
    with app.test_request_context(), force_locale("da"):
        called = rater_in_brief(Rater(role=RaterRole.TEACHER, setting="4.c", number=0, is_only=False))
    assert called == "Lærer (4.c)"
    assert len(called) <= BRIEF_ROOM
