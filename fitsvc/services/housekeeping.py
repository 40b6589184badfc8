"""What is done every night: by the rules what is due goes, in many short transactions, and it is said what went.

Each step looks again before it deletes, so it may be stopped and begun anew, run twice at once, and run beside the
service.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.retention import latest_planned_for_going
from fitsvc.services.clock import local_day
from fitsvc.services.deletion import (
    delete_case,
    delete_some_contacts,
    delete_withdrawn,
    list_due_cases,
    list_due_withdrawals,
)
from fitsvc.services.errors import Refused
from fitsvc.services.log_sealing import seal
from fitsvc.services.retention import Retention, read_retention
from fitsvc.storage import account_links
from fitsvc.storage.deleting import count_old_links, delete_old_links, find_due_contacts
from fitsvc.storage.limits import delete_expired
from fitsvc.storage.sign_ins import delete_old

LINKS_AFTER = timedelta(days=30)
"""A link that ran out so long ago is forgotten; until then its page says that it ran out."""
SIGN_INS_AFTER = timedelta(days=90)
LINKS_AT_ONCE = 500
_EVERY_PERSON = 1_000_000
Transactions = Callable[[], AbstractContextManager[Session]]
"""Begins a writing transaction that is committed when its block ends."""


@dataclass(frozen=True, slots=True)
class Done:
    """How much of each kind went, or would go."""

    cases: int
    respondents: int
    contacts: int
    links: int
    sign_ins: int
    account_links: int
    counters: int
    sealed: int = 0

    @property
    def left_traces(self) -> bool:
        """Whether something went that must not be found in the database's files either."""
        return bool(self.cases or self.respondents or self.contacts)


def list_due(session: Session, *, now: datetime, default_months: int) -> Done:
    """What would go now; nothing is changed. What ran out by itself is not counted beforehand."""
    retention = read_retention(session, default=default_months)
    today = local_day(now)
    until = latest_planned_for_going(today)
    return Done(
        cases=len(list_due_cases(session, retention=retention, today=today)),
        respondents=len(list_due_withdrawals(session, today=today)),
        contacts=len(find_due_contacts(session, until, _EVERY_PERSON)),
        links=count_old_links(session, now - LINKS_AFTER),
        sign_ins=0,
        account_links=0,
        counters=0,
    )


def keep_house(transactions: Transactions, *, now: datetime, default_months: int) -> Done:
    """Contacts first, then what was taken back, then cases, then what ran out; and the logs are sealed."""
    contacts = _until_done(transactions, lambda session: delete_some_contacts(session, now=now))
    with transactions() as session:
        retention = read_retention(session, default=default_months)
        respondents = list_due_withdrawals(session, today=local_day(now))
        cases = list_due_cases(session, retention=retention, today=local_day(now))
    return Done(
        contacts=contacts,
        respondents=sum(_delete_withdrawn(transactions, now, one) for one in respondents),
        cases=sum(_delete_case(transactions, now, one, retention) for one in cases),
        links=_until_done(
            transactions, lambda session: delete_old_links(session, now - LINKS_AFTER, LINKS_AT_ONCE)
        ),
        sign_ins=_once(transactions, lambda session: delete_old(session, now - SIGN_INS_AFTER)),
        account_links=_once(transactions, lambda session: account_links.delete_expired(session, now)),
        counters=_once(transactions, lambda session: delete_expired(session, now.timestamp())),
        sealed=_until_done(transactions, lambda session: seal(session, now=now)),
    )


def _delete_case(transactions: Transactions, now: datetime, case_id: UUID, retention: Retention) -> bool:
    try:
        with transactions() as session:
            return delete_case(session, now=now, case_id=case_id, retention=retention)
    except Refused:  # its copy in the journal was taken back meanwhile
        return False


def _delete_withdrawn(transactions: Transactions, now: datetime, respondent_id: UUID) -> bool:
    with transactions() as session:
        return delete_withdrawn(session, now=now, respondent_id=respondent_id)


def _until_done(transactions: Transactions, some: Callable[[Session], int]) -> int:
    """Batch after batch, each committed, until one finds nothing."""
    total = 0
    while done := _once(transactions, some):
        total += done
    return total


def _once(transactions: Transactions, some: Callable[[Session], int]) -> int:
    with transactions() as session:
        return some(session)
