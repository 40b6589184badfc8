"""Cases by the thousand for measuring, in rows rather than objects."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Answer, AnswerKind, Mode, to_stored
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Person, RatingPlan, Respondent
from tests.cast import Cast

OWN_RATINGS, OTHER_RATINGS = 12, 4
"""From each voice of a case."""
NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
VOICES = ((RaterRole.CHILD, "wellbeing-youth"), (RaterRole.PARENT, "wellbeing-adult"))
CHUNK = 500
HELD_DAYS_AGO = (100, 40)
"""The meetings each case has had; one more lies ahead, or has just gone by."""


class Filler:
    """Adds cases to a database; the figures' measurement asks for more ratings of each."""

    def __init__(
        self, session: Session, catalogue: Catalogue, cast: Cast, *, other_ratings: int = OTHER_RATINGS
    ) -> None:
        self.session = session
        self.cast = cast
        self.other_ratings = other_ratings
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
            cadence_standard="herning",
            purpose="A calmer everyday life",
            started_on=TODAY - timedelta(days=180),
            created_at=NOW,
        )
        planned_on = TODAY + timedelta(days=number % 80 - 5)
        self._meeting(put, case_id, episode_id, planned_on, None)
        for days in HELD_DAYS_AGO:
            held_on = TODAY - timedelta(days=days + number % 20)
            self._meeting(put, case_id, episode_id, held_on, held_on)
        for role, form in VOICES:
            self._voice(put, number, case_id, role, form, OWN_RATINGS if own else self.other_ratings)

    def _meeting(
        self, put: Any, case_id: UUID, episode_id: UUID, planned_on: date, held_on: date | None
    ) -> None:
        put(
            FollowUpMeeting,
            id=uuid4(),
            case_id=case_id,
            episode_id=episode_id,
            planned_on=planned_on,
            held_on=held_on,
            created_at=NOW,
        )

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
        self, put: Any, case_id: UUID, respondent_id: UUID, form: str, due_on: date, answered_on: date | None
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
