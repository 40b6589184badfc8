"""A choice of the caseload as an address and back. What makes no sense in an address is left at its default."""

from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

from fitsvc.domain.law import MeasureType
from fitsvc.services.caseload import Attention, Choice, Order
from fitsvc.storage.caseload import CaseFilter

HIGHEST_PAGE = 100_000

Code = TypeVar("Code", bound=StrEnum)


def read_choice(sent: MultiDict[str, str], units: frozenset[UUID]) -> Choice:
    """`units` are those one may choose between."""
    measure = _code(MeasureType, sent.get("measure", ""))
    unit = _uuid(sent.get("unit", ""))
    return Choice(
        filter=CaseFilter(
            closed=sent.get("state") == "closed",
            measure_type=measure.value if measure else None,
            unit_id=unit if unit in units else None,
            outstanding=sent.get("missing") == "1",
        ),
        attention=_code(Attention, sent.get("signal", "")),
        order=_code(Order, sent.get("sort", "")) or Order.NAME,
        page=_page(sent.get("page", "")),
    )


def address(choice: Choice, page: int = 1) -> str:
    """The shortest address that means this: defaults are left out, so that equal lists have equal addresses."""
    wanted = choice.filter
    parts = {
        "state": "closed" if wanted.closed else None,
        "signal": choice.attention,
        "measure": wanted.measure_type,
        "unit": wanted.unit_id,
        "missing": "1" if wanted.outstanding else None,
        "sort": None if choice.order is Order.NAME else choice.order,
        "page": None if page == 1 else page,
    }
    query = urlencode({name: str(value) for name, value in parts.items() if value is not None})
    return url_for("caseload.list") + (f"?{query}" if query else "")


def _code(codes: type[Code], sent: str) -> Code | None:
    try:
        return codes(sent)
    except ValueError:
        return None


def _uuid(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None


def _page(sent: str) -> int:
    return min(int(sent), HIGHEST_PAGE) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 1
