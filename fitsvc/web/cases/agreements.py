"""The case's agreements, to be checked off between meetings too."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from fitsvc.storage.minutes import Agreement
from fitsvc.web.cases.links import link_if
from fitsvc.web.templates import day

LATELY_DONE = 3
"""Of those that are done, the newest stay in sight; the rest stands in the papers of the meetings."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """`url` is where it is checked off or opened again; None for a reader who may not."""

    id: str
    what: str
    who: str
    by: str
    done: str
    how: str
    url: str | None


def agreement_rows(agreements: Sequence[Agreement]) -> list[AgreementRow]:
    """Open ones in the order they are due, those without a day last; then what was done lately."""
    still_open = [one for one in agreements if one.done_on is None]
    still_open.sort(key=lambda one: (one.by_on is None, one.by_on, one.created_at))
    done = sorted((one for one in agreements if one.done_on is not None), key=lambda one: one.created_at)
    return [_row(one) for one in (*still_open, *reversed(done[-LATELY_DONE:]))]


def _row(one: Agreement) -> AgreementRow:
    return AgreementRow(
        id=one.id.hex,
        what=one.what,
        who=one.who,
        by=_("by %(day)s", day=day(one.by_on)) if one.by_on else "",
        done=_("done %(day)s", day=day(one.done_on)) if one.done_on else "",
        how=one.how_it_went,
        url=link_if("meeting_room.change_agreement", case_id=one.case_id, agreement_id=one.id),
    )
