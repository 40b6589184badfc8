"""Freezing a meeting: both papers made from what the meeting saw and decided, and stored as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from fitsvc import __version__
from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.meeting_report import RULES_VERSION
from fitsvc.services.freezing import Document, freeze_reports, is_frozen
from fitsvc.services.meeting_reports import ComposedReport, compose_report
from fitsvc.storage.frozen import FrozenKind
from fitsvc.web.current import catalogue, config
from fitsvc.web.database import keep_changes
from fitsvc.web.documents.child import child_voices, present_child
from fitsvc.web.documents.hiding import hide
from fitsvc.web.documents.page import present
from fitsvc.web.documents.pdf import CAN_MAKE_PDF, NoPdf, Snapshot, make_pdf
from fitsvc.web.documents.snapshot import snapshot_of
from fitsvc.web.documents.summary import summarise

FINGERPRINT = 12
"""Characters of the snapshot's SHA-256 that are printed in the foot."""
JOURNAL_LANGUAGE = "da"
"""The summary is pasted into the kommune's journal."""
_TEMPLATES = {FrozenKind.REPORT: "report/show.html", FrozenKind.CHILD: "report/child.html"}


@dataclass(frozen=True, slots=True)
class _Page:
    """What a PDF is made of: the same page gives the same bytes."""

    html: str
    snapshot: Snapshot

    def make(self) -> bytes:
        return make_pdf(self.html, static_url_path=current_app.static_url_path or "", snapshot=self.snapshot)


Made = Mapping[_Page, bytes]
"""PDFs made ahead, by their pages."""
NOTHING_MADE: Made = MappingProxyType({})


class NotMadeYet(Exception):
    """Pages still to be made into PDFs, which takes longer than others should wait for a transaction that writes."""

    def __init__(self, pages: Sequence[_Page]) -> None:
        super().__init__(len(pages))
        self._pages = pages

    def make(self) -> Made:
        return {page: page.make() for page in self._pages}


@dataclass(frozen=True, slots=True)
class _Freezing:
    composed: ComposedReport
    now: datetime
    language: str
    names_hidden: bool


def check_can_freeze() -> None:
    """Before a meeting is noted as held: raises NoPdf where it could not be frozen. What came with the request before
    that, as minutes do, is kept.
    """
    if not CAN_MAKE_PDF:
        keep_changes()
        raise NoPdf


def freeze_meeting(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    names_hidden: bool,
    language: str,
    made: Made | None = NOTHING_MADE,
) -> None:
    """Store the report and the child's page of a meeting that has just been noted as held, in its transaction.

    A meeting that is frozen already stays as it is. Raises NoPdf where this server cannot make the files; the caller
    lets it pass, so that nothing of the request is kept (see `web.frozen`).

    `made` None: the pages are written but raised as NotMadeYet. The caller rolls back, makes them without holding up
    anybody, and does everything again with what was made; only a page that has changed meanwhile is made in here.
    """
    if is_frozen(session, meeting_id=meeting_id):
        return
    if not CAN_MAKE_PDF:
        raise NoPdf
    session.flush()
    composed = compose_report(
        session,
        by=by,
        case_id=case_id,
        catalogue=catalogue(),
        now=now,
        access=Access.REPORT_PRINTED,
        meeting_id=meeting_id,
        hide=hide if names_hidden else None,
    )
    freezing = _Freezing(composed, now, language, names_hidden)
    pages = {kind: _page(freezing, kind) for kind in FrozenKind}
    if made is None:
        raise NotMadeYet(list(pages.values()))
    freeze_reports(
        session,
        by=by,
        now=now,
        case_id=case_id,
        meeting_id=meeting_id,
        documents=[
            _document(freezing, kind, page, made.get(page) or page.make()) for kind, page in pages.items()
        ],
    )


def _page(made: _Freezing, kind: FrozenKind) -> _Page:
    is_report = kind is FrozenKind.REPORT
    with force_locale(made.language):
        page = (
            present(made.composed, catalogue(), made.language, names_hidden=made.names_hidden)
            if is_report
            else present_child(made.composed, config(), names_hidden=made.names_hidden)
        )
        snapshot = snapshot_of(
            page, made.composed, kind=kind, language=made.language, names_hidden=made.names_hidden
        )
        html = render_template(
            _TEMPLATES[kind],
            page=page,
            case_id=None,
            on_paper=True,
            hidden=made.names_hidden,
            fingerprint=sha256(snapshot).hexdigest()[:FINGERPRINT],
        )
        return _Page(html, Snapshot(snapshot, _("The data this page shows"), made.now))


def _document(made: _Freezing, kind: FrozenKind, page: _Page, pdf: bytes) -> Document:
    is_report = kind is FrozenKind.REPORT
    return Document(
        kind=kind,
        language=made.language,
        names_hidden=made.names_hidden,
        pdf=pdf,
        snapshot=page.snapshot.content,
        summary=_summary(made) if is_report else "",
        software_version=__version__,
        rules_version=RULES_VERSION,
        voices=report_voices(made.composed) if is_report else child_voices(made.composed),
    )


def _summary(made: _Freezing) -> str:
    with force_locale(JOURNAL_LANGUAGE):
        return summarise(made.composed, catalogue(), JOURNAL_LANGUAGE, names_hidden=made.names_hidden)


def report_voices(composed: ComposedReport) -> frozenset[UUID]:
    """Everybody whose answers the report or its summary shows in any way."""
    facts = composed.facts
    goals = [series for goal in facts.goals for series in goal.series]
    found = {one.respondent_id for one in (*facts.totals, *facts.areas, *goals) if one.points}
    found |= {side.respondent_id for one in facts.discrepancies for side in (one.low, one.high)}
    return frozenset(found)
