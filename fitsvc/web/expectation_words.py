"""An agreed expectation in words, and how it went: numbers first, and a verdict only where the noise is known."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import ExpectedAndActual, Outcome
from fitsvc.services.case_facts import CaseTrajectories, ExpectationFacts, GoalFacts, SeriesFacts
from fitsvc.services.expectations import LookedBack, look_back
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.templates import IN_SENTENCE, day, points
from fitsvc.web.words import rater_name


@dataclass(frozen=True, slots=True)
class ExpectationLookedBack:
    """`whose` and `about` name it; `numbers` are expected and actual; `verdict` the difference in words."""

    whose: str
    about: str
    numbers: str
    verdict: str

    @property
    def sentence(self) -> str:
        """All of it in one piece, for an agenda or a report."""
        return f"{self.whose}, {self.about}: {self.numbers} {self.verdict}"


def looked_back(
    seen: CaseTrajectories, catalogue: Catalogue, language: str, *, meeting_id: UUID | None = None
) -> tuple[ExpectationLookedBack, ...]:
    """What was expected until this meeting, against what came. `meeting_id`: its own expectations are not looked at."""
    return tuple(_in_words(one, catalogue, language) for one in look_back(seen, meeting_id))


def whose_words(kind: ExpectationKind) -> str:
    return _("Shared expectation") if kind is ExpectationKind.SHARED else _("Own expectation")


def about_words(
    series: SeriesFacts, catalogue: Catalogue, language: str, goal: GoalFacts | None = None
) -> str:
    """Whose curve, and which: the whole, one area of it, or a goal."""
    who = rater_name(series.rater_role, series.setting)
    if goal is not None:
        return _("%(who)s, the goal “%(goal)s”", who=who, goal=goal.text)
    text = catalogue.get(series.instrument_id, series.instrument_version).text(language)
    if series.area is not None:
        return f"{who}, {text.areas.get(series.area, series.area)}"
    return _("%(who)s, everyday life as a whole", who=who)


def agreed_words(one: ExpectationFacts) -> str:
    """The expectation that stands: from where, to where, by when."""
    return _(
        "From %(start)s to %(score)s by %(day)s",
        start=points(one.line.start_score),
        score=points(one.line.score),
        day=day(one.line.due),
    )


def _in_words(one: LookedBack, catalogue: Catalogue, language: str) -> ExpectationLookedBack:
    return ExpectationLookedBack(
        whose=whose_words(one.expectation.kind),
        about=about_words(one.series, catalogue, language, one.goal),
        numbers=numbers_words(one.held),
        verdict=verdict_words(one.held),
    )


def numbers_words(held: ExpectedAndActual) -> str:
    """Expected and actual with their days."""
    expected = {"expected": points(held.expected), "due": day(held.due_on, IN_SENTENCE)}
    if held.actual is None:
        return _("Expected %(expected)s by %(due)s.", **expected)
    return _(
        "Expected %(expected)s by %(due)s; the latest is %(actual)s (%(day)s).",
        **expected,
        actual=points(held.actual),
        day=day(held.actual_on, IN_SENTENCE),
    )


def verdict_words(held: ExpectedAndActual) -> str:
    """The difference in words. Noise is called noise; areas and goals get the difference and no verdict."""
    if held.difference is None:
        return _("No new rating has come since, so there is nothing to hold it against yet.")
    size = points(abs(held.difference))
    if size == points(0):
        return _("That is just what was expected.")
    is_above = held.difference > 0
    by_outcome = {
        Outcome.NO_VERDICT: (
            _("The difference is %(points)s: the latest is higher.", points=size)
            if is_above
            else _("The difference is %(points)s: the latest is lower.", points=size)
        ),
        Outcome.MAY_BE_CHANCE: _(
            "The difference of %(points)s points is within what may be chance.", points=size
        ),
    }
    if held.outcome in by_outcome:
        return by_outcome[held.outcome]
    if is_above:
        return _("That is %(points)s points above, which is more than chance explains.", points=size)
    return _("That is %(points)s points below, which is more than chance explains.", points=size)
