"""Imports of answers, item by item."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode
from fitsvc.storage.cases import Case
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.services.importing import Import, reasons

FORM = """
[case]
column = "sag"

[rater]
role = "teacher"
create = true
name = "Lærer"

[instrument]
id = "wellbeing-professional"
language = "da"
mode = "paper"

[[values]]
date_column = "dato"
items = { ITEMS }
"""


@pytest.fixture
def case(build: Builder) -> Case:
    found: Case = build.case(reference="S1")
    build.session.commit()
    return found


@pytest.fixture
def form(catalogue: Catalogue) -> tuple[str, str]:
    """The mapping of a teacher's form, and the header of its file."""
    ids = [item.id for item in catalogue.get("wellbeing-professional").items]
    items = ", ".join(f'{one} = "{one}"' for one in ids)
    return FORM.replace("ITEMS", items), ";".join(["sag", "dato", *ids])


def test_answers_become_scored_ratings_of_a_respondent(
    session: Session, case: Case, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    outcome = do_import(f"{header}\nS1;2026-03-02;7;6;5;4;3\nS1;2026-03-09;8;8;8;8;\n", mapping)
    assert (outcome.values, outcome.new_respondents, outcome.problem_count) == (2, 1, 0)
    session.rollback()
    teacher = session.scalars(select(Respondent)).one()
    assert (teacher.case_id, teacher.rater_role, teacher.started_on) == (
        case.id,
        RaterRole.TEACHER,
        date(2026, 3, 2),
    )
    first, second = session.scalars(select(Rating).order_by(Rating.rated_on))
    assert (first.score, first.mode, first.language) == (5, Mode.PAPER, "da")
    assert (second.score, second.notice, second.respondent_id) == (8, False, teacher.id)
    again = do_import(f"{header}\nS1;2026-03-02;7;6;5;4;3\nS1;2026-03-09;8;8;8;8;\n", mapping)
    assert (again.values, again.already_there, again.new_respondents) == (0, 2, 0)
    [(row, reason)] = reasons(do_import(f"{header}\nS1;2026-03-02;7;6;5;4;4\n", mapping))
    assert (row, reason) == (2, "other answers of 2026-03-02 were imported before: nothing is overwritten")


def test_what_the_first_rating_cannot_see_counts_in_none_of_the_series(
    session: Session, case: Case, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    do_import(f"{header}\nS1;2026-03-09;0;8;8;8;8\nS1;2026-03-02;cannot_see;8;8;8;8\n", mapping)
    session.rollback()
    assert session.scalars(select(Rating.score).order_by(Rating.rated_on)).all() == [8, 8]


def test_a_respondent_must_be_there_and_be_the_only_one(
    session: Session, build: Builder, do_import: Import, form: tuple[str, str]
) -> None:
    mapping, header = form
    case = build.case(reference="S1")
    session.commit()
    row = f"{header}\nS1;2026-03-02;7;6;5;4;3\n"
    known = mapping.replace('create = true\nname = "Lærer"', "")
    assert reasons(do_import(row, known)) == [
        (2, "the case has no respondent teacher (rater.create is not set)")
    ]
    build.respondent(case, RaterRole.TEACHER, setting="3.b")
    build.respondent(case, RaterRole.TEACHER, setting="SFO")
    session.commit()
    assert reasons(do_import(row, known)) == [(2, "the case has 2 of teacher: set rater.setting")]
    chosen = known.replace('role = "teacher"', 'role = "teacher"\nsetting = "SFO"')
    assert do_import(row, chosen).values == 1
    session.rollback()
    assert session.scalars(
        select(Respondent.setting).join(Rating, Rating.respondent_id == Respondent.id)
    ).all() == ["SFO"]
