"""What is kept how long: the kommune's rule for closed cases, contacts that go first, answers taken back.

Nothing here knows today's date; all days are local.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fitsvc.domain.cadence import add_months

CONTACT_DAYS = 30
"""E-mail and telephone go so many days after the last planned rating."""
GRACE_DAYS = 14
"""Answers that were taken back are deleted so many days later; until then it can be undone."""
FEWEST_MONTHS, MOST_MONTHS = 1, 120


@dataclass(frozen=True, slots=True)
class Rule:
    """Cases closed on `from_on` or later are kept `months` months; until another rule begins."""

    from_on: date
    months: int


class Hindrance(StrEnum):
    """Why a case is not deleted though it is closed."""

    NOT_YET = "not_yet"
    NOT_CONFIRMED = "not_confirmed"


class DeletionRule(StrEnum):
    """Which rule asked for a deletion, as the report has it."""

    MONTHS_AFTER_CLOSING = "months_after_closing"
    DAYS_AFTER_LAST_RATING = "days_after_last_rating"
    DAYS_AFTER_WITHDRAWAL = "days_after_withdrawal"


def months_for(day: date, rules: Iterable[Rule], *, default: int) -> int:
    """How long a case closed on this day is kept. A rule never reaches back to cases closed before it began."""
    begun = [rule for rule in rules if rule.from_on <= day]
    return max(begun, key=lambda rule: rule.from_on).months if begun else default


def with_rule(rules: Iterable[Rule], new: Rule) -> tuple[Rule, ...]:
    """The rules with one more, oldest first; another of the same day is replaced."""
    return tuple(
        sorted([*(rule for rule in rules if rule.from_on != new.from_on), new], key=lambda rule: rule.from_on)
    )


def goes_on(closed_on: date, rules: Iterable[Rule], *, default: int) -> date:
    """The first day on which a closed case's working data may be deleted."""
    return add_months(closed_on, months_for(closed_on, rules, default=default))


def hindrance(due_on: date, today: date, *, confirmed: bool) -> Hindrance | None:
    """What keeps a closed case, or None when it goes. The copy in the journal is looked at first: it takes somebody."""
    if not confirmed:
        return Hindrance.NOT_CONFIRMED
    return Hindrance.NOT_YET if today < due_on else None


def contacts_go_on(last_planned_on: date) -> date:
    return last_planned_on + timedelta(days=CONTACT_DAYS)


def latest_planned_for_going(today: date) -> date:
    """Whose last planned rating was on this day or before: their contacts go today."""
    return today - timedelta(days=CONTACT_DAYS)


def answers_go_on(withdrawn_on: date) -> date:
    return withdrawn_on + timedelta(days=GRACE_DAYS)
