"""Paper without names: what it is made of loses names, places and references before a word is written."""

from dataclasses import replace

from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_facts import MeetingBook
from fitsvc.web.names import Names, hide_names, names_of


def hide(facts: CaseTrajectories, book: MeetingBook) -> tuple[CaseTrajectories, MeetingBook]:
    """A `services.meeting_reports.Hide`. Who took part is left out altogether: it is nothing but names."""
    names = names_of(facts, hidden=True)
    return hide_names(facts, names), _clean(book, names)


def _clean(book: MeetingBook, names: Names) -> MeetingBook:
    return replace(
        book,
        minutes={
            meeting: {field: replace(one, text=names.clean(one.text)) for field, one in fields.items()}
            for meeting, fields in book.minutes.items()
        },
        agreements=tuple(
            replace(
                one,
                what=names.clean(one.what),
                who=names.clean(one.who),
                how_it_went=names.clean(one.how_it_went),
            )
            for one in book.agreements
        ),
        statuses=tuple(replace(one, text=names.clean(one.text)) for one in book.statuses),
        wishes=(),
    )
