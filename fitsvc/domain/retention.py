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
    """From this day on closed cases are kept so many months; see `months_for` for those that are open already."""

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


def months_for(opened_on: date, until_on: date, rules: Iterable[Rule], *, default: int) -> int:
    """How long a case is kept after closing, as those who are asked in it on `until_on` are told.

    The rule of the day it was opened; a shorter one that began since holds too, a longer one does not. So nobody's
    answers are kept longer than they were told, however the rule changes. After closing nothing changes any more.
    """
    ordered = sorted(rules, key=lambda rule: rule.from_on)
    first = [rule.months for rule in ordered if rule.from_on <= opened_on][-1:] or [default]
    since = [rule.months for rule in ordered if opened_on < rule.from_on <= until_on]
    return min(first + since)


def with_rule(rules: Iterable[Rule], new: Rule) -> tuple[Rule, ...]:
    """The rules with one more, oldest first; another of the same day is replaced."""
    return tuple(
        sorted([*(rule for rule in rules if rule.from_on != new.from_on), new], key=lambda rule: rule.from_on)
    )


def goes_on(opened_on: date, closed_on: date, rules: Iterable[Rule], *, default: int) -> date:
    """The first day on which a closed case's working data may be deleted."""
    return add_months(closed_on, months_for(opened_on, closed_on, rules, default=default))


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
