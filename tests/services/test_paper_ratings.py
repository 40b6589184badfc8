from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.asking import Hindrance
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rating import Mode, ReadForm, read_form
from fitsvc.domain.roles import Role
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.paper_ratings import (
    PaperRespondent,
    choose_administration,
    enter_on_paper,
    get_paper_respondent,
)
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast
from tests.storage.test_scope import as_actor

FORM = "wellbeing-youth"


@pytest.fixture
def paper(session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> "Paper":
    return Paper(session, build, cast, catalogue)


class Paper:
    """Paula with a stack of paper forms."""

    def __init__(self, session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> None:
        self.session, self.cast, self.catalogue = session, cast, catalogue
        self.by = as_actor(cast.practitioner, build)
        self.now: datetime = build.now

    def find(self, respondent: Respondent) -> PaperRespondent:
        return get_paper_respondent(
            self.session,
            by=self.by,
            case_id=self.cast.case.id,
            respondent_id=respondent.id,
            catalogue=self.catalogue,
        )

    def read(self, value: str = "7") -> ReadForm:
        instrument = self.catalogue.get(FORM)
        return read_form(instrument, instrument.items, {item.id: value for item in instrument.items})

    def enter(self, key=None, *, days_ago: int = 1, value: str = "7") -> Rating:  # type: ignore[no-untyped-def]
        return enter_on_paper(
            self.session,
            by=self.by,
            found=self.find(self.cast.child),
            instrument=self.catalogue.get(FORM),
            administration_id=key or uuid4(),
            form=self.read(value),
            language="da",
            rated_on=self.by.today - timedelta(days=days_ago),
            mode=Mode.PAPER,
            catalogue=self.catalogue,
            now=self.now,
        )


def test_a_paper_rating_counts_on_the_day_it_was_answered_and_names_who_entered_it(paper: Paper) -> None:
    rating = paper.enter(days_ago=3)
    assert rating.rated_on == paper.by.today - timedelta(days=3)
    assert (rating.score, rating.mode, rating.entered_by_id) == (7.0, Mode.PAPER, paper.cast.practitioner.id)


def test_the_same_paper_entered_twice_is_stored_once(paper: Paper, session: Session) -> None:
    key = uuid4()
    assert paper.enter(key).id == paper.enter(key).id
    assert len(session.scalars(select(Rating)).all()) == 1


def test_it_answers_the_form_that_was_waited_for_longest(
    paper: Paper, build: Builder, session: Session
) -> None:
    waiting = build.administration(paper.cast.child, FORM, due_on=build.today - timedelta(days=9))
    build.administration(paper.cast.child, FORM, due_on=build.today)
    key = choose_administration(
        session, by=paper.by, respondent=paper.cast.child, instrument=paper.catalogue.get(FORM)
    )
    paper.enter(key)
    states = {row.id: row.state for row in session.execute(select(Administration.id, Administration.state))}
    assert states[waiting.id] is AdministrationState.ANSWERED
    assert list(states.values()).count(AdministrationState.OPEN) == 1


@pytest.mark.parametrize(("days_ago", "code"), [(-1, "day_to_come"), (9_999, "before_case")])
def test_a_day_that_cannot_be_is_refused(paper: Paper, days_ago: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        paper.enter(days_ago=days_ago)
    assert refused.value.code == code


def test_a_key_of_somebody_elses_form_is_not_found(paper: Paper, build: Builder) -> None:
    other = build.administration(paper.cast.mother, "wellbeing-adult")
    with pytest.raises(NotFound):
        paper.enter(other.id)


def test_a_teacher_without_a_recorded_basis_gives_nothing_on_paper(paper: Paper) -> None:
    found = paper.find(paper.cast.teacher)
    assert found.hindrance is Hindrance.SHARING_NOT_RECORDED
    assert found.instruments == ()


def test_session_forms_are_entered_by_the_cases_practitioner_only(paper: Paper, build: Builder) -> None:
    offered = {one.id for one in paper.find(paper.cast.child).instruments}
    assert "session-youth" in offered
    paper.by = as_actor(paper.cast.caseworker, build)
    assert Role.CASEWORKER in paper.by.roles
    assert "session-youth" not in {one.id for one in paper.find(paper.cast.child).instruments}


def test_out_of_scope_there_is_nobody(paper: Paper, build: Builder) -> None:
    paper.by = as_actor(paper.cast.colleague, build)
    with pytest.raises(NotFound):
        paper.find(paper.cast.child)
