"""Today, the caseload, a case and its page for the meeting, for somebody with 200 open cases, at 2,000 and at 20,000
cases in the database.

    make performance PYTEST_ARGS="tests/performance/test_staff_pages.py"

Prints milliseconds, queries and the ratio of the two sizes; a leader who sees everything stands below. The number of
queries is asserted here and, at small scale, in `make test`; nothing is asserted about time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Answer, AnswerKind, Mode, to_stored
from fitsvc.schema import migrate
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Person, RatingPlan, Respondent
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast, invite_cast
from tests.client import StaffClient

OWN_CASES = 200
SIZES = (2_000, 20_000)
OWN_RATINGS, OTHER_RATINGS = 12, 4
"""From each voice of a case."""
ROUNDS = 7
NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
VOICES = ((RaterRole.CHILD, "wellbeing-youth"), (RaterRole.PARENT, "wellbeing-adult"))
CHUNK = 500


class Filler:
    """Cases by the thousand, in rows rather than objects."""

    def __init__(self, session: Session, catalogue: Catalogue, cast: Cast) -> None:
        self.session = session
        self.cast = cast
        self.version = {form: catalogue.get(form).version for _, form in VOICES}
        self.answers = {
            form: to_stored({item.id: Answer(AnswerKind.VALUE, 5.0) for item in catalogue.get(form).items})
            for _, form in VOICES
        }
        self.made = 0

    def add(self, cases: int, own: bool) -> None:
        for start in range(0, cases, CHUNK):
            rows: dict[Any, list[dict[str, Any]]] = {}
            for _ in range(min(CHUNK, cases - start)):
                self._case(rows, own)
            for model, values in rows.items():
                self.session.execute(insert(model), values)
        self.session.commit()

    def _case(self, rows: dict[Any, list[dict[str, Any]]], own: bool) -> None:
        self.made += 1
        number, case_id, episode_id = self.made, uuid4(), uuid4()
        put = lambda model, **values: rows.setdefault(model, []).append(values)  # noqa: E731
        put(
            Case,
            id=case_id,
            reference=f"R-{number:06}",
            display_name=f"Barn {number}",
            birth_month=TODAY.replace(year=2012, day=1),
            opened_on=TODAY - timedelta(days=200),
            closed_on=None,
            created_at=NOW,
        )
        owner = self.cast.practitioner if own else self.cast.colleague
        put(
            TeamMember,
            id=uuid4(),
            case_id=case_id,
            staff_id=owner.id,
            part=TeamPart.PRACTITIONER,
            from_on=TODAY - timedelta(days=200),
            until_on=None,
        )
        put(
            Episode,
            id=episode_id,
            case_id=case_id,
            unit_id=self.cast.provider.id,
            measure_type="preventive",
            legal_basis="bl_32",
            purpose="A calmer everyday life",
            started_on=TODAY - timedelta(days=180),
            created_at=NOW,
        )
        put(
            FollowUpMeeting,
            id=uuid4(),
            case_id=case_id,
            episode_id=episode_id,
            planned_on=TODAY + timedelta(days=number % 80 - 5),
            reason="",
            created_at=NOW,
        )
        for role, form in VOICES:
            self._voice(put, number, case_id, role, form, OWN_RATINGS if own else OTHER_RATINGS)

    def _voice(self, put: Any, number: int, case_id: UUID, role: RaterRole, form: str, ratings: int) -> None:
        person_id, respondent_id = uuid4(), uuid4()
        put(Person, id=person_id, name=f"Person {number}", language="da", created_at=NOW)
        put(
            Respondent,
            id=respondent_id,
            case_id=case_id,
            person_id=person_id,
            rater_role=role,
            setting="",
            label="",
            has_custody=True if role is RaterRole.PARENT else None,
            started_on=TODAY - timedelta(days=180),
            created_at=NOW,
        )
        put(
            RatingPlan,
            id=uuid4(),
            respondent_id=respondent_id,
            instrument_id=form,
            rhythm=Rhythm.EVERY_TWO_WEEKS,
            purpose="",
            starts_on=TODAY - timedelta(days=180),
            created_at=NOW,
        )
        for place in range(ratings):
            self._rating(put, number, ratings - place, case_id, respondent_id, form)
        if number % 3 == 0:
            self._administration(put, case_id, respondent_id, form, TODAY - timedelta(days=number % 9), None)

    def _rating(
        self, put: Any, number: int, before: int, case_id: UUID, respondent_id: UUID, form: str
    ) -> None:
        day = TODAY - timedelta(days=14 * before - 4)
        rating_id = uuid4()
        put(
            Rating,
            id=rating_id,
            case_id=case_id,
            respondent_id=respondent_id,
            administration_id=self._administration(put, case_id, respondent_id, form, day, day),
            instrument_id=form,
            instrument_version=self.version[form],
            language="da",
            mode=Mode.OWN_DEVICE,
            rated_on=day,
            submitted_at=NOW - timedelta(days=(TODAY - day).days),
            answers=self.answers[form],
            score=max(
                5.0 - ((OWN_RATINGS - before) * 0.5 if number % 10 == 0 else 0) + (number + before) % 3 * 0.5,
                0.0,
            ),
            digest="",
            notice=False,
        )
        if number % 20 == 0 and before == 1:
            put(Comment, id=uuid4(), rating_id=rating_id, text="It went well", created_at=NOW)

    def _administration(
        self, put: Any, case_id: UUID, respondent_id: UUID, form: str, due_on: Any, answered_on: Any
    ) -> UUID:
        administration_id = uuid4()
        put(
            Administration,
            id=administration_id,
            case_id=case_id,
            respondent_id=respondent_id,
            instrument_id=form,
            instrument_version=self.version[form],
            due_on=due_on,
            state=AdministrationState.ANSWERED if answered_on else AdministrationState.OPEN,
            answered_on=answered_on,
            created_at=NOW,
        )
        return administration_id


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def measure(app: Flask, client: StaffClient, path: str) -> tuple[float, int]:
    """Median milliseconds of a warm page, and its queries.

    Processor time: page and database both run in this process, and other work on the machine is left out.
    """
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        response = client.get(path)
        times.append((time.process_time() - began) * 1000)
        assert response.status_code == 200
    with counted(app) as statements:
        client.get(path)
    return median(times[1:]), len(statements)


class PlainClient(StaffClient):
    """Without the checks of every page, which take longer than the page."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super(StaffClient, self).open(*args, **kwargs)


def test_staff_pages(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    url = f"sqlite:///{tmp_path / 'many.sqlite'}"
    migrate(url)
    engine = build_engine(url)
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    with Session(writing(engine), expire_on_commit=False) as session:
        cast = invite_cast(Builder(session, catalogue, NOW))
        session.execute(update(TeamMember).values(until_on=TODAY))
        filler = Filler(session, catalogue, cast)
        filler.add(OWN_CASES, own=True)
        app = create_app(
            read_config(
                {
                    "FITSVC_DATABASE_URL": url,
                    "FITSVC_SECRET_KEY": "a-secret-key-for-tests-only-0123456789",
                    "FITSVC_BASE_URL": "http://localhost",
                    "FITSVC_KOMMUNE_PHONE": "12 34 56 78",
                }
            )
        )
        case_id = session.query(TeamMember.case_id).filter_by(staff_id=cast.practitioner.id, until_on=None)[
            0
        ][0]
        case_page = f"/cases/{case_id}"
        pages = ["/today", "/cases", "/cases?sort=signal", "/cases?missing=1", case_page]
        pages += [f"{case_page}/report", f"{case_page}/report.pdf"]
        for size in SIZES:
            filler.add(size - filler.made, own=False)
            for who in (cast.practitioner, cast.authority_leader):
                client = PlainClient(app).sign_in(who)
                for path in pages:
                    name = path.replace(str(case_id), "<case>")
                    found.setdefault((who.name, name), []).append(measure(app, client, path))
        with app.app_context():
            db.engine.dispose()
    engine.dispose()
    with capsys.disabled():
        print(f"\n{'who':8}{'page':26}{SIZES[0]:>12}{SIZES[1]:>12}{'ratio':>8}{'queries':>10}")
        for (who, page), ((few, one), (many, other)) in found.items():
            print(f"{who:8}{page:26}{few:9.0f} ms{many:9.0f} ms{many / few:8.2f}{one:>7}/{other}")
    assert all(one[1] == other[1] for one, other in found.values())
