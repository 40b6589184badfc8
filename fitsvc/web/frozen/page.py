"""A case's frozen meetings as their list takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.services.freezing import FrozenFacts
from fitsvc.storage.frozen import FrozenKind
from fitsvc.web.documents.freezing import FINGERPRINT
from fitsvc.web.templates import day, moment

KINDS = {FrozenKind.REPORT: _l("The page for the meeting"), FrozenKind.CHILD: _l("The child's page")}


@dataclass(frozen=True, slots=True)
class PaperRow:
    kind: str
    name: str
    is_locked: bool
    told: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """`summary` is "" when it is locked; `field` names its text area."""

    meeting_id: UUID
    heading: str
    papers: tuple[PaperRow, ...]
    summary: str
    field: str
    can_export: bool


def present(found: Sequence[FrozenFacts], summaries: Mapping[UUID, str]) -> tuple[MeetingRow, ...]:
    rows = []
    for place, (meeting_id, papers) in enumerate(groupby(found, key=lambda one: one.meeting_id), start=1):
        of_meeting = list(papers)
        rows.append(
            MeetingRow(
                meeting_id=meeting_id,
                heading=_("The meeting on %(day)s", day=day(of_meeting[0].held_on, "d. MMMM yyyy")),
                papers=tuple(_paper(one) for one in of_meeting),
                summary=summaries.get(meeting_id, ""),
                field=f"summary-{place}",
                can_export=any(one.kind is FrozenKind.REPORT and not one.is_locked for one in of_meeting),
            )
        )
    return tuple(rows)


def _paper(one: FrozenFacts) -> PaperRow:
    told = _(
        "Stored %(moment)s · data %(fingerprint)s",
        moment=moment(one.frozen_at),
        fingerprint=one.snapshot_sha256[:FINGERPRINT],
    )
    hidden = f" · {_('without names')}" if one.names_hidden else ""
    return PaperRow(one.kind.value, str(KINDS[one.kind]), one.is_locked, told + hidden)
