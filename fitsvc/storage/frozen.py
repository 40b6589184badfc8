"""Frozen reports: the very bytes a meeting saw, and what they were made from."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.secret import Secret, SecretBytes


class FrozenKind(StrEnum):
    REPORT = "report"
    CHILD = "child"  # the child's own version


class FrozenReport(Base):
    """One PDF of one held meeting with its snapshot as it is attached to it; both are read only when asked for.

    `summary` is the plain text to paste into the case system, "" for the child's version. A respondent's withdrawal
    locks every report their answers are on: `locked_at` set, the bytes are shown to nobody any more.
    """

    __tablename__ = "frozen_reports"
    __table_args__ = (
        UniqueConstraint("meeting_id", "kind"),
        CheckConstraint(
            "(locked_at IS NULL) = (locked_for_respondent_id IS NULL)", name="locked_for_somebody"
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    kind: Mapped[FrozenKind] = mapped_column(code(FrozenKind))
    language: Mapped[str] = mapped_column(String(8))
    names_hidden: Mapped[bool]
    pdf: Mapped[SecretBytes]
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    snapshot: Mapped[SecretBytes]
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    summary: Mapped[Secret] = mapped_column(deferred=True)
    software_version: Mapped[str] = mapped_column(String(40))
    rules_version: Mapped[str] = mapped_column(String(20))
    frozen_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    frozen_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    locked_for_respondent_id: Mapped[UUID | None]


class FrozenVoice(Base):
    """Whose answers are on a frozen report, so that a withdrawal finds it."""

    __tablename__ = "frozen_voices"

    frozen_report_id: Mapped[UUID] = mapped_column(
        ForeignKey("frozen_reports.id", ondelete="CASCADE"), primary_key=True
    )
    respondent_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


def list_frozen_reports(session: Session, case_id: UUID) -> list[FrozenReport]:
    """A case's frozen reports without their bytes, oldest first."""
    return list(
        session.scalars(
            select(FrozenReport)
            .where(FrozenReport.case_id == case_id)
            .order_by(FrozenReport.frozen_at, FrozenReport.kind)
        )
    )


def list_frozen_kinds(session: Session, meeting_id: UUID) -> set[FrozenKind]:
    """Which papers of a meeting are frozen."""
    return set(session.scalars(select(FrozenReport.kind).where(FrozenReport.meeting_id == meeting_id)))


def list_summaries(session: Session, case_id: UUID) -> dict[UUID, str]:
    """The plain-text summaries of a case's meetings, without those that are locked."""
    rows = session.execute(
        select(FrozenReport.meeting_id, FrozenReport.summary).where(
            FrozenReport.case_id == case_id,
            FrozenReport.kind == FrozenKind.REPORT,
            FrozenReport.locked_at.is_(None),
        )
    )
    return {row.meeting_id: row.summary for row in rows}


def list_unlocked_of_respondent(session: Session, respondent_id: UUID) -> list[FrozenReport]:
    """The frozen reports a respondent's answers are on and that are not locked yet; without their bytes."""
    return list(
        session.scalars(
            select(FrozenReport)
            .join(FrozenVoice, FrozenVoice.frozen_report_id == FrozenReport.id)
            .where(FrozenVoice.respondent_id == respondent_id, FrozenReport.locked_at.is_(None))
            .order_by(FrozenReport.frozen_at, FrozenReport.kind)
            .execution_options(whole_case=True)  # whoever notes it: all papers with those answers are locked
        )
    )


def list_locked_for(session: Session, respondent_id: UUID) -> list[tuple[FrozenReport, UUID | None]]:
    """The papers one withdrawal locked, each with another respondent on it who has taken their answers back too."""
    rows = session.scalars(
        select(FrozenReport).where(FrozenReport.locked_for_respondent_id == respondent_id)
    ).all()
    others = session.execute(
        select(FrozenVoice.frozen_report_id, FrozenVoice.respondent_id)
        .join(Respondent, Respondent.id == FrozenVoice.respondent_id)
        .where(
            FrozenVoice.frozen_report_id.in_([row.id for row in rows]), Respondent.withdrawn_at.is_not(None)
        )
    )
    still = {row.frozen_report_id: row.respondent_id for row in others}
    return [(row, still.get(row.id)) for row in rows]


def find_frozen_report(
    session: Session, case_id: UUID, meeting_id: UUID, kind: FrozenKind
) -> FrozenReport | None:
    return session.scalars(
        select(FrozenReport).where(
            FrozenReport.case_id == case_id, FrozenReport.meeting_id == meeting_id, FrozenReport.kind == kind
        )
    ).one_or_none()
