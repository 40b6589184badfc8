"""A control as its page, its print and its form show it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.log_control import LogName
from fitsvc.services.log_controls import ControlFacts, ControlItem, Judgement
from fitsvc.web.log_pages.control_words import CHOSEN_FOR, LOGS, VERDICTS
from fitsvc.web.log_words import log_words, origin_words
from fitsvc.web.templates import moment


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`problem` stands beside the note; `verdict` is a code or ""."""

    id: UUID
    seq: int
    reason: str
    heading: str
    facts: tuple[tuple[str, str], ...]
    verdict: str
    verdict_words: str
    note: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ControlPage:
    id: UUID
    from_on: date
    until_on: date
    begun: str
    finished: str
    judged: str
    drawn: str
    conclusion: str
    items: tuple[ItemRow, ...]
    seals: tuple[tuple[str, str], ...]

    def with_given(self, given: Mapping[UUID, Judgement], problems: Mapping[str, str]) -> "ControlPage":
        """The same page with what was typed and not stored."""
        items = (
            replace(
                one,
                verdict=given[one.id].verdict or "",
                note=given[one.id].note,
                problem=problems.get(f"note-{one.id}", ""),
            )
            for one in self.items
        )
        return replace(self, items=tuple(items))


def present_control(found: ControlFacts) -> ControlPage:
    head = found.head
    return ControlPage(
        id=head.id,
        from_on=head.from_on,
        until_on=head.until_on,
        begun=_("Begun %(when)s by %(name)s.", when=moment(head.begun_at), name=head.begun_by),
        finished=_("Finished %(when)s.", when=moment(head.finished_at)) if head.finished_at else "",
        judged=_("%(done)s of %(all)s rows are judged.", done=head.judged, all=head.items),
        drawn=_(
            "%(number)s rows by lot (drawn from the number %(seed)s: the same number draws the same rows again), "
            "and what was unusual.",
            number=found.sample_size,
            seed=found.seed,
        ),
        conclusion=found.conclusion,
        items=tuple(_item(one) for one in found.items),
        seals=tuple(
            (str(LOGS[LogName(one.log)]), _("up to row %(seq)s: %(mac)s", seq=one.seq, mac=one.mac))
            for one in found.seals
        ),
    )


def _item(item: ControlItem) -> ItemRow:
    row = item.row
    facts = (
        [
            (_("When"), moment(row.at)),
            (_("Cases"), _cases(row.references)),
            (_("From where"), origin_words(row.origin)),
            (_("Why"), row.why),
        ]
        if row
        else []
    )
    if row:
        who = row.who or _("A former member of staff")
        unit = f" ({row.unit})" if row.unit else ""
        heading = f"{who}{unit}: {log_words(row.code)}"
    else:
        heading = _("Row %(number)s is no longer in the log", number=item.seq)
    return ItemRow(
        item.id,
        item.seq,
        str(CHOSEN_FOR[item.chosen_for]),
        heading,
        tuple((label, text) for label, text in facts if text),
        item.verdict or "",
        str(VERDICTS[item.verdict]) if item.verdict else "",
        item.note,
    )


def _cases(references: list[str]) -> str:
    if len(references) <= 5:
        return ", ".join(references)
    more = ngettext("and %(num)d more", "and %(num)d more", len(references) - 5)
    return f"{', '.join(references[:5])} {more}"
