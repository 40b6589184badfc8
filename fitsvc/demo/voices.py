"""One respondent's part of a case: what they are asked, what they answered, and what is still open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from fitsvc.demo.patterns import COURSES, Course, answers_for, scores
from fitsvc.demo.respondents import add_respondent
from fitsvc.demo.rows import Rows, at, chance, day_of_week, key
from fitsvc.demo.stage import CaseStage, Told, weeks_asked
from fitsvc.demo.words import ALARMING, COMMENTS, PURPOSES, rhythm
from fitsvc.domain.age import age_years
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.rater import PARALLEL_ROLES, RaterRole
from fitsvc.domain.rating import Answer, AnswerKind, Mode, to_stored
from fitsvc.domain.scoring import score
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import RatingPlan
from fitsvc.storage.sessions import CareSession

_MAIN = (Kind.WELLBEING, Kind.TALK, Kind.RULER)
_COMMENTED, _READ_ALREADY = 0.12, 0.6
_ITEM_LOST = 0.06
_FORGOTTEN = 0.05
_SAFE, _UNSAFE = Course((7.0, 7.0, 8.0), 0.6), Course((7.0, 6.0, 5.0), 0.6, drift=0.0, last=(4.0, 6.0, 3.0))
_ALLIANCE = Course((7.4, 8.2, 8.4), 0.7)
_ALLIANCE_FADING = Course((8.0, 7.8, 7.0), 0.5, last=(5.4, 4.0))


def tell(rows: Rows, stage: CaseStage, number: int) -> Told:
    """Add everything of voice `number`: person, respondent, plans, administrations, ratings, comments."""
    voice = stage.plot.voices[number]
    told = Told(voice, add_respondent(rows, stage, voice, number))
    if voice.asked:
        teller = _Teller(rows, stage, told, chance(stage.plot.nick, number))
        teller.tell_main()
        for kind in voice.also:
            teller.tell_further(Kind(kind))
    return told


class _Teller:
    """Walks one voice through its ratings."""

    def __init__(self, rows: Rows, stage: CaseStage, told: Told, rng: Random) -> None:
        self.rows = rows
        self.stage = stage
        self.plot = stage.plot
        self.told = told
        self.voice = told.voice
        self.rng = rng

    def tell_main(self) -> None:
        asked = weeks_asked(self.plot, self.voice.every) if self.voice.course else []
        walk = list(self._earlier_walk())
        if asked:
            walk += zip(asked, scores(COURSES[self.voice.course], len(asked), self.rng), strict=True)
        for place, (weeks_ago, target) in enumerate(walk):
            instrument = self._main_form(self._day(weeks_ago))
            newest_first = len(walk) - 1 - place
            settled = place == 0 or newest_first < 3
            if newest_first in self.voice.missed or (not settled and self._is_forgotten()):
                self._ask(instrument, self._day(weeks_ago))
                continue
            lost = 0 if settled else int(self.rng.random() < _ITEM_LOST)
            level = 1 + (10 - target) * 0.4 if instrument.kind is Kind.RULER else target
            unseen = frozenset(self.voice.unseen)
            answers = answers_for(instrument, level, self.rng, unseen=unseen, lost=lost)
            self._rate(instrument, weeks_ago, answers, unseen, withheld=newest_first in self.voice.withheld)
        self._plan_main()

    def tell_further(self, kind: Kind) -> None:
        if kind is Kind.GOAL and not self.plot.goals:
            return
        every = 2 * self.voice.every if self.voice.every < 4 else self.voice.every
        if kind is Kind.SESSION:
            every = self.voice.every if self.voice.role is RaterRole.CHILD else every
        asked = weeks_asked(self.plot, every) if self.voice.course else []
        levels = scores(self._further_course(kind), len(asked), self.rng)
        used: dict[str, Instrument] = {}
        for place, (weeks_ago, target) in enumerate(zip(asked, levels, strict=True)):
            instrument = self._form(kind, self._day(weeks_ago))
            used[instrument.id] = instrument
            if kind is Kind.GOAL:
                answers = self._goal_answers(place / max(len(asked) - 1, 1))
            else:
                answers = answers_for(instrument, target, self.rng)
            self._rate(instrument, weeks_ago, answers, frozenset())
        now = self._form(kind, self.rows.today)
        self._plan(now, self.told.respondent.started_on)
        if kind is not Kind.SESSION or key("session", self.plot.nick).int % 2 == 0:
            self._keep_open(now)

    def _is_forgotten(self) -> bool:
        """Now and then an adult does not answer. Children rate at the session, and a closed case asks nobody."""
        may_forget = self.voice.role is not RaterRole.CHILD and not self.plot.ended
        return may_forget and self.rng.random() < _FORGOTTEN

    def _earlier_walk(self) -> Iterator[tuple[int, float]]:
        """Ratings under an earlier episode, which went well enough to end it."""
        earlier = self.plot.earlier
        if earlier is None:
            return
        weeks = sorted(range(earlier.ended + 1, earlier.started + 1, self.voice.every), reverse=True)
        yield from zip(weeks, scores(COURSES["slowly_up"], len(weeks), self.rng), strict=True)

    def _further_course(self, kind: Kind) -> Course:
        if kind is Kind.SAFETY:
            return _UNSAFE if self.plot.low_safety and self.voice.role is RaterRole.TEACHER else _SAFE
        return _ALLIANCE_FADING if self.voice.course == "falling" else _ALLIANCE

    def _goal_answers(self, share: float) -> dict[str, Answer]:
        answers = {}
        for number, goal in enumerate(self.plot.goals, start=1):
            reached = goal.start + (goal.now - goal.start) * share + self.rng.uniform(-0.9, 0.9)
            answers[f"goal-{number}"] = Answer(AnswerKind.VALUE, float(min(max(round(reached), 0), 10)))
        return answers

    def _plan_main(self) -> None:
        """The plan of the form in use now, and before it those of forms the child has outgrown."""
        if self.plot.ended:
            now = self._main_form(self.stage.case.closed_on or self.rows.today)
        else:
            now = self._main_form(self.rows.today)
        starts = self.told.respondent.started_on
        for instrument_id, given in list(self.told.ratings.items()):
            if instrument_id != now.id:
                ends = given[-1].rated_on
                self._plan(self.rows.catalogue.get(instrument_id), starts, ends)
                starts = ends + timedelta(days=1)
        self._plan(now, starts)
        self._keep_open(now)

    def _plan(self, instrument: Instrument, starts_on: date, ends_on: date | None = None) -> None:
        self.rows.add(
            RatingPlan(
                id=key("plan", self.told.respondent.id, instrument.id),
                respondent_id=self.told.respondent.id,
                instrument_id=instrument.id,
                rhythm=rhythm(self.voice.role, instrument.kind, self.voice.every),
                purpose=PURPOSES[instrument.kind],
                target_score=self.voice.target if instrument.is_on_curve else None,
                starts_on=starts_on,
                ends_on=ends_on or self.stage.case.closed_on,
                created_at=at(starts_on, 10),
            )
        )

    def _keep_open(self, instrument: Instrument) -> None:
        """One more is asked for, due in these days."""
        if self.plot.ended:
            return
        due = self.rows.today + timedelta(days=key("due", self.told.respondent.id, instrument.id).int % 7)
        asked_at = at(self.rows.today - timedelta(days=1), 9)
        self.told.open.append(self._ask(instrument, due, created_at=asked_at))

    def _ask(
        self,
        instrument: Instrument,
        due_on: date,
        *,
        created_at: datetime | None = None,
        answered_on: date | None = None,
        care_session_id: UUID | None = None,
    ) -> Administration:
        return self.rows.add(
            Administration(
                id=key(
                    "administration", self.told.respondent.id, instrument.id, (self.rows.today - due_on).days
                ),
                case_id=self.stage.case.id,
                respondent_id=self.told.respondent.id,
                care_session_id=care_session_id,
                instrument_id=instrument.id,
                instrument_version=instrument.version,
                due_on=due_on,
                state=AdministrationState.ANSWERED if answered_on else AdministrationState.OPEN,
                answered_on=answered_on,
                created_by_id=self.stage.practitioner_id,
                created_at=created_at or at(due_on - timedelta(days=1), 9),
            )
        )

    def _rate(
        self,
        instrument: Instrument,
        weeks_ago: int,
        answers: dict[str, Answer],
        unseen: frozenset[str],
        *,
        withheld: bool = False,
    ) -> None:
        care_session = self._session_of(instrument, weeks_ago)
        day = care_session.held_on if care_session else self._day(weeks_ago)
        administration = self._ask(
            instrument, day, answered_on=day, care_session_id=care_session.id if care_session else None
        )
        submitted = self._time(instrument, day, care_session)
        noticed = any(
            answer.value is not None and instrument.is_noticed(answer.value) for answer in answers.values()
        )
        is_read = noticed and weeks_ago > 1
        rating = self.rows.add(
            Rating(
                id=key("rating", administration.id),
                case_id=self.stage.case.id,
                respondent_id=self.told.respondent.id,
                administration_id=administration.id,
                instrument_id=instrument.id,
                instrument_version=instrument.version,
                language=self.voice.language,
                mode=self.voice.mode,
                rated_on=day,
                submitted_at=submitted,
                seconds_used=None if self.voice.mode is Mode.PAPER else self.rng.randint(22, 110),
                answers=to_stored(answers),
                score=score(instrument, answers, unseen=unseen),
                digest=key("digest", administration.id).hex,
                withheld=withheld,
                entered_by_id=self.stage.practitioner_id if self.voice.mode is Mode.PAPER else None,
                notice=noticed,
                notice_read_at=submitted + timedelta(hours=3) if is_read else None,
                notice_read_by_id=self.stage.practitioner_id if is_read else None,
            )
        )
        self.told.ratings.setdefault(instrument.id, []).append(rating)
        self._comment(instrument, rating, weeks_ago)

    def _comment(self, instrument: Instrument, rating: Rating, weeks_ago: int) -> None:
        is_alarming = rating.notice and weeks_ago == 1
        said = COMMENTS.get((instrument.kind, self.voice.role is RaterRole.CHILD), ())
        is_chosen = bool(said) and self.voice.language == "da" and self.rng.random() < _COMMENTED
        if not instrument.takes_comment or not (is_alarming or is_chosen):
            return
        is_read = weeks_ago > 1 or (not is_alarming and self.rng.random() < _READ_ALREADY)
        self.rows.add(
            Comment(
                id=key("comment", rating.id),
                rating_id=rating.id,
                text=ALARMING if is_alarming else self.rng.choice(said),
                at_meeting=not is_alarming and key("at meeting", rating.id).int % 2 == 0,
                created_at=rating.submitted_at,
                read_at=rating.submitted_at + timedelta(hours=20) if is_read else None,
                read_by_id=self.stage.practitioner_id if is_read else None,
            )
        )

    def _session_of(self, instrument: Instrument, weeks_ago: int) -> CareSession | None:
        """Children rate at the session; parents' session forms belong to it too."""
        if self.voice.role is not RaterRole.CHILD and instrument.kind is not Kind.SESSION:
            return None
        return self.stage.sessions.get(weeks_ago)

    def _time(self, instrument: Instrument, day: date, care_session: CareSession | None) -> datetime:
        if care_session is None:
            school_day = self.voice.role in PARALLEL_ROLES | {RaterRole.PRACTITIONER, RaterRole.CASEWORKER}
            return at(
                day,
                self.rng.randint(12, 14) if school_day else self.rng.randint(16, 20),
                self.rng.randrange(60),
            )
        after = instrument.kind is Kind.SESSION and care_session.ended_at is not None
        moment = care_session.ended_at if after else care_session.started_at
        return (moment or care_session.started_at) + timedelta(
            minutes=self.rng.randint(1, 5) * (-1 if after else 1)
        )

    def _day(self, weeks_ago: int) -> date:
        """Children on the session's weekday, others on one of their own."""
        shift = 0 if self.voice.role is RaterRole.CHILD else key("weekday", self.told.respondent.id).int % 4
        return day_of_week(self.rows.today, weeks_ago, (self.stage.weekday + shift) % 5)

    def _main_form(self, day: date) -> Instrument:
        fitting = self.rows.catalogue.for_rater(self.voice.role, age_years(self.stage.case.birth_month, day))
        return next(one for kind in _MAIN for one in fitting if one.kind is kind)

    def _form(self, kind: Kind, day: date) -> Instrument:
        fitting = self.rows.catalogue.for_rater(self.voice.role, age_years(self.stage.case.birth_month, day))
        return next(one for one in fitting if one.kind is kind)
