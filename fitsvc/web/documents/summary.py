"""The meeting in plain text, to paste into the case system: at most 80 columns, nothing but text."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import wrap

from flask_babel import gettext as _

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.web.documents.page import ReportPage, VoiceRow, area_words, present
from fitsvc.web.documents.parts import IN_FULL, Entry, Part, decided_parts, looking_back

COLUMNS = 80


def summarise(
    composed: ComposedReport, catalogue: Catalogue, language: str, *, names_hidden: bool = False
) -> str:
    """Everything the report says, in full: nothing is cut and no line is left out. Ends with a line feed."""
    report = composed.whole
    page = present(replace(composed, report=report), catalogue, language, names_hidden=names_hidden)
    areas = area_words(report, catalogue, language)
    parts = (
        *decided_parts(report, with_names=not names_hidden, rooms=IN_FULL),
        *looking_back(report, areas, IN_FULL),
    )
    lines = [*_head(page), ""]
    for part in parts:
        lines += [*_part(part), ""]
    if page.voices.lines:
        lines += [*_voices(page), ""]
    for heading, rows in (
        (_("Has not answered"), page.missing.lines),
        (_("Has answered"), page.answered.lines),
    ):
        if rows:
            lines += [heading, *(line for row in rows for line in _item(str(row))), ""]
    lines += [_("Ratings are part of a conversation, never a verdict."), *_wrapped(page.versions)]
    return "\n".join(lines) + "\n"


def _head(page: ReportPage) -> Iterator[str]:
    yield from _wrapped(_("Follow-up: %(name)s", name=page.name))
    about = (
        f"{page.about} · {_('case %(reference)s', reference=page.reference)}"
        if page.reference
        else page.about
    )
    yield from _wrapped(about)
    yield from _wrapped(_("Made on %(day)s", day=page.made_on))
    if page.next_meeting:
        yield from _wrapped(f"{_('Next meeting')}: {page.next_meeting}")


def _voices(page: ReportPage) -> Iterator[str]:
    """The key sentences, one item per rater."""
    yield _("What the curves say")
    for row in page.voices.lines:
        if isinstance(row, VoiceRow):
            signal = f"{row.signal}. " if row.signal else ""
            numbers = _("%(start)s at the start, %(now)s now", start=row.baseline, now=row.latest)
            yield from _item(f"{row.name}: {numbers} ({row.latest_on}). {signal}{row.change}".strip())
    for note in (page.noise, page.ceiling):
        if note:
            yield from _wrapped(note)


def _part(part: Part) -> Iterator[str]:
    yield from _wrapped(part.heading)
    for entry in part.entries:
        yield from _item(_entry(entry))


def _entry(entry: Entry) -> str:
    text = entry.text
    if entry.under and text and text[-1] not in ".!?…":
        text += "."  # on paper what is said under it has a line of its own
    return " ".join(one for one in (entry.strong, text, *entry.under) if one)


def _item(text: str) -> list[str]:
    return wrap(text, COLUMNS, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _wrapped(text: str) -> Iterable[str]:
    return wrap(text, COLUMNS, break_on_hyphens=False)
