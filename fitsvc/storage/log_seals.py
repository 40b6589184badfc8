"""What makes the logs tamper-evident: seals in a chain, checkpoints where old rows were pruned, and the controls."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.domain.log_control import ChosenFor, LogName, Verdict
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.logs import LogNumber
from fitsvc.storage.secret import Secret


class LogSeal(Base):
    """Rows `from_seq` to `to_seq` of one log as they stood, chained to the seal before. `mac` is HMAC-SHA256 in hex
    under the log key of `key_id`."""

    __tablename__ = "log_seals"
    __table_args__ = (UniqueConstraint("log", "to_seq"), {"sqlite_autoincrement": True})

    seq: Mapped[LogNumber]
    log: Mapped[LogName] = mapped_column(code(LogName))
    from_seq: Mapped[int] = mapped_column(BigInteger)
    to_seq: Mapped[int] = mapped_column(BigInteger)
    row_count: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class LogCheckpoint(Base):
    """Everything of one log up to `pruned_to` was pruned; `last_mac` is the mac of the last seal that went."""

    __tablename__ = "log_checkpoints"
    __table_args__ = (UniqueConstraint("log", "pruned_to"), {"sqlite_autoincrement": True})

    seq: Mapped[LogNumber]
    log: Mapped[LogName] = mapped_column(code(LogName))
    pruned_to: Mapped[int] = mapped_column(BigInteger)
    row_count: Mapped[int]
    last_mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(String(64))
    pruned_at: Mapped[datetime]


class LogControl(Base):
    """One control of a period's readings. `seed` draws the same sample again."""

    __tablename__ = "log_controls"

    id: Mapped[Key]
    from_on: Mapped[date]
    until_on: Mapped[date]
    sample_size: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    begun_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    conclusion: Mapped[Secret] = mapped_column(default="")


class LogControlItem(Base):
    """One reading under control. The row itself stays in the access log."""

    __tablename__ = "log_control_items"
    __table_args__ = (UniqueConstraint("control_id", "access_seq"),)

    id: Mapped[Key]
    control_id: Mapped[UUID] = mapped_column(ForeignKey("log_controls.id", ondelete="CASCADE"))
    access_seq: Mapped[int] = mapped_column(BigInteger)
    chosen_for: Mapped[ChosenFor] = mapped_column(code(ChosenFor))
    verdict: Mapped[Verdict | None] = mapped_column(code(Verdict))
    note: Mapped[Secret] = mapped_column(default="")
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
