"""What the import's tests share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fitsvc.services.imports import Outcome, Transaction, Transactions
from fitsvc.storage.engine import writing
from fitsvc.storage.external import ExternalValue
from tests.cohort.files import SERIES

NEW_CASES = SERIES.replace(
    'column = "sag"',
    'column = "sag"\ncreate = true\nunit = "Huset"\ncreate_unit = true\nbirth_month = "2012-05"\n'
    'measure_type = "preventive"\nlegal_basis = "barnets lov § 32"\npurpose = "Ro"',
)
JUDGED = "reference_spread = 12\nreliability = 0.8\nreliability_source = 'x'\nminimum = 0"

Import = Callable[..., Outcome]


def transactions_of(engine: Engine) -> Transactions:
    def begin(bound: Engine) -> Transaction:
        @contextmanager
        def transaction() -> Iterator[Session]:
            with Session(bound) as session, session.begin():
                yield session

        return transaction

    return Transactions(begin(engine), begin(writing(engine)))


ROW = "sag;fravær;dato\nS1;5;02-03-2026\n"


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def stored(session: Session) -> dict[date, float]:
    session.rollback()
    return {row.measured_on: row.value for row in session.scalars(select(ExternalValue))}


def reasons(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in outcome.problems]
