"""Builds what a test needs in the database, with sensible defaults for all it does not care about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count, groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Answer, AnswerKind, Mode, to_stored
from fitsvc.domain.roles import Role
from fitsvc.domain.scoring import score
from fitsvc.services.clock import local_day
from fitsvc.storage.accounts import SignIn, SignInWay, Staff, StaffRole
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.episodes import Episode
from fitsvc.storage.goals import Goal
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.organisation import Unit, UnitKind
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Person, RatingPlan, Respondent
from fitsvc.storage.sign_ins import hash_login_key
from tests.signed_in import login_key_of

PASSWORD = "correct horse battery staple 7"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$placeholder"


class Builder:
    """Each method adds one thing, flushes and returns it; keyword arguments override any column."""

    def __init__(self, session: Session, catalogue: Catalogue, now: datetime) -> None:
        self.session = session
        self.catalogue = catalogue
        self.now = now
        self._numbers = count(1)
        self._roles: dict[Role, StaffRole] = {}
        self._held: list[Any] | None = None

    @property
    def today(self) -> date:
        return local_day(self.now)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is built inside is sent to the database when the block ends, all of a table together."""
        self._held = held = []
        yield
        self._held = None
        order = list(Base.metadata.sorted_tables)
        held.sort(key=lambda thing: order.index(thing.__table__))
        for _table, things in groupby(held, key=lambda thing: thing.__table__):
            self.session.add_all(things)
            self.session.flush()

    def _add(self, thing: Any) -> Any:
        if self._held is not None:
            if "id" in thing.__mapper__.columns and thing.id is None:
                thing.id = uuid4()
            self._held.append(thing)
            return thing
        self.session.add(thing)
        self.session.flush()
        return thing

    def unit(self, name: str = "", kind: UnitKind = UnitKind.PROVIDER) -> Unit:
        return self._add(Unit(name=name or f"Unit {next(self._numbers)}", kind=kind, created_at=self.now))

    def role(self, role: Role) -> StaffRole:
        if role not in self._roles:
            found = self.session.scalars(select(StaffRole).where(StaffRole.name == role.value)).one_or_none()
            self._roles[role] = found or self._add(StaffRole(name=role.value))
        return self._roles[role]

    def staff(self, *roles: Role, unit: Unit | None = None, **columns: Any) -> Staff:
        number = next(self._numbers)
        values = {
            "email": f"staff{number}@example.org",
            "name": f"Staff {number}",
            "password": None,
            "unit": unit or self.unit(),
            "created_at": self.now,
        }
        staff = self._add(Staff(roles=[self.role(role) for role in roles], **(values | columns)))
        self.sign_in(staff, login_key_of(staff))
        return staff

    def sign_in(self, staff: Staff, login_key: str, **columns: Any) -> SignIn:
        """A browser's sign-in that lasts however far a test moves the clock."""
        values = {
            "staff_id": staff.id,
            "login_key_hash": hash_login_key(login_key),
            "way": SignInWay.PASSWORD,
            "began_at": self.now + timedelta(days=1000),
            "seen_at": self.now + timedelta(days=1000),
        }
        return self._add(SignIn(**(values | columns)))

    def case(self, *, team: dict[Staff, TeamPart] | None = None, **columns: Any) -> Case:
        number = next(self._numbers)
        values = {
            "reference": f"SAG-{number:04}",
            "display_name": f"Barn {number}",
            "birth_month": date(2012, 5, 1),
            "opened_on": self.today - timedelta(days=200),
            "created_at": self.now,
        }
        case = self._add(Case(**(values | columns)))
        for member, part in (team or {}).items():
            self._add(TeamMember(case_id=case.id, staff_id=member.id, part=part, from_on=case.opened_on))
        return case

    def episode(self, case: Case, unit: Unit | None = None, **columns: Any) -> Episode:
        values = {
            "case_id": case.id,
            "unit_id": (unit or self.unit()).id,
            "measure_type": "preventive",
            "legal_basis": "bl_32",
            "purpose": "A calmer everyday life",
            "started_on": case.opened_on,
            "cadence_standard": "hvidovre",
            "created_at": self.now,
        }
        return self._add(Episode(**(values | columns)))

    def respondent(self, case: Case, role: RaterRole = RaterRole.CHILD, **columns: Any) -> Respondent:
        number = next(self._numbers)
        person = columns.pop("person", None) or self._add(
            Person(name=f"Person {number}", created_at=self.now, language=columns.pop("language", "da"))
        )
        values = {
            "case_id": case.id,
            "person": person,
            "rater_role": role,
            "has_custody": True if role is RaterRole.PARENT else None,
            "started_on": case.opened_on,
            "created_at": self.now,
        }
        return self._add(Respondent(**(values | columns)))

    def plan(
        self, respondent: Respondent, instrument_id: str = "wellbeing-youth", **columns: Any
    ) -> RatingPlan:
        values = {
            "respondent_id": respondent.id,
            "instrument_id": instrument_id,
            "rhythm": Rhythm.EVERY_TWO_WEEKS,
            "starts_on": respondent.started_on,
            "created_at": self.now,
        }
        return self._add(RatingPlan(**(values | columns)))

    def administration(
        self, respondent: Respondent, instrument_id: str = "wellbeing-youth", **columns: Any
    ) -> Administration:
        values = {
            "case_id": respondent.case_id,
            "respondent_id": respondent.id,
            "instrument_id": instrument_id,
            "instrument_version": self.catalogue.get(instrument_id).version,
            "due_on": self.today,
            "state": AdministrationState.OPEN,
            "created_at": self.now,
        }
        return self._add(Administration(**(values | columns)))

    def rating(
        self,
        respondent: Respondent,
        value: float | dict[str, float],
        on: date,
        instrument_id: str = "wellbeing-youth",
        **columns: Any,
    ) -> Rating:
        """A rating with the same value on every item, or with the values given per item; nobody asked beforehand."""
        instrument = self.catalogue.get(instrument_id)
        given = value if isinstance(value, dict) else {item.id: value for item in instrument.items}
        answers = {item: Answer(AnswerKind.VALUE, float(number)) for item, number in given.items()}
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=self.now.tzinfo)
        administration = self.administration(
            respondent,
            instrument_id,
            due_on=on,
            state=AdministrationState.ANSWERED,
            answered_on=on,
            created_at=columns.get("submitted_at", noon),
        )
        values = {
            "case_id": respondent.case_id,
            "respondent_id": respondent.id,
            "administration_id": administration.id,
            "instrument_id": instrument.id,
            "instrument_version": instrument.version,
            "language": "da",
            "mode": Mode.OWN_DEVICE,
            "rated_on": on,
            "submitted_at": noon,
            "answers": to_stored(answers),
            "score": score(instrument, answers),
            "digest": uuid4().hex,
        }
        return self._add(Rating(**(values | columns)))

    def goal(self, case: Case, episode: Episode, **columns: Any) -> Goal:
        values = {
            "case_id": case.id,
            "episode_id": episode.id,
            "number": 1,
            "text": "I go to school every day",
            "start_value": 2,
            "target_value": 7,
            "set_on": episode.started_on,
            "created_at": self.now,
        }
        return self._add(Goal(**(values | columns)))

    def meeting(self, episode: Episode, planned_on: date, **columns: Any) -> FollowUpMeeting:
        values = {
            "case_id": episode.case_id,
            "episode_id": episode.id,
            "planned_on": planned_on,
            "created_at": self.now,
        }
        return self._add(FollowUpMeeting(**(values | columns)))
