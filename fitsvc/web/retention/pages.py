"""Closed cases and deletions in words."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fitsvc.domain.retention import DeletionRule, Hindrance
from fitsvc.services.clock import local_day
from fitsvc.services.retention import ClosedFacts
from fitsvc.storage.deletions import Deletion, DeletionKind

KINDS = {
    DeletionKind.CASE: _l("A case"),
    DeletionKind.CONTACTS: _l("E-mails and telephones"),
    DeletionKind.RESPONDENT: _l("Answers taken back"),
}
RULES = {
    DeletionRule.MONTHS_AFTER_CLOSING: _l("the months after closing had passed"),
    DeletionRule.DAYS_AFTER_LAST_RATING: _l("30 days after the last planned rating"),
    DeletionRule.DAYS_AFTER_WITHDRAWAL: _l("14 days after they were taken back"),
}


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A closed case as the list shows it. `is_waiting`: somebody has to confirm before it can go."""

    name: str
    reference: str
    url: str
    closed_on: date
    goes_on: date
    state: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class DeletionRow:
    """What went and why; `what` are ids and numbers, and nothing else is left."""

    deleted_on: date
    kind: str
    rule: str
    what: str
    subject: str


def closed_row(one: ClosedFacts, today: date) -> ClosedRow:
    return ClosedRow(
        name=one.display_name,
        reference=one.reference,
        url=url_for("retention.case", case_id=one.id),
        closed_on=one.closed_on,
        goes_on=one.goes_on,
        state=state_words(one, today),
        is_waiting=one.hindrance is Hindrance.NOT_CONFIRMED,
    )


def state_words(one: ClosedFacts, today: date) -> str:
    if one.hindrance is Hindrance.NOT_CONFIRMED:
        if one.goes_on <= today:
            return _("Overdue: waits for somebody to confirm the journal's copy")
        return _("Waits for somebody to confirm the journal's copy")
    if one.hindrance is Hindrance.NOT_YET:
        return _("Will be deleted when the day has come")
    return _("Will be deleted tonight")


def deletion_row(one: Deletion) -> DeletionRow:
    persons = one.counts.get("persons", 0)
    rows = sum(one.counts.values())
    return DeletionRow(
        deleted_on=local_day(one.deleted_at),
        kind=str(KINDS[one.kind]),
        rule=str(RULES[DeletionRule(one.rule)]),
        what=ngettext("of one person", "of %(num)d persons", persons)
        if one.kind is DeletionKind.CONTACTS
        else ngettext("one row", "%(num)d rows", rows),
        subject=str(one.respondent_id or one.case_id or ""),
    )
