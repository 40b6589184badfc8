"""Adding a row under a key its sender chose, so that the same form sent twice adds one row."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fitsvc.storage.base import Base


class Taken(Exception):
    """Something else than the key stands in the way: a name or a place that must be unique is in use."""


def add_once(session: Session, row: Base, *with_it: Base) -> bool:
    """Add the row and what belongs to it; False when a row with its key is there already, and then nothing is added.

    `row` has its `id` set. Holds against a second send at the same moment too. Raises Taken when another unique
    column is in use.
    """
    key = row.id  # type: ignore[attr-defined]
    kind = type(row)
    if session.get(kind, key) is not None:
        return False
    try:
        with session.begin_nested():
            session.add_all([*with_it, row])
            session.flush()
    except IntegrityError as error:
        if session.get(kind, key) is not None:
            return False
        raise Taken from error
    return True
