"""Which instrument versions this installation has used, with the checksum that fixes their meaning."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base


class InstrumentVersion(Base):
    __tablename__ = "instrument_versions"

    instrument_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    checksum: Mapped[str] = mapped_column(String(64))
    first_seen_at: Mapped[datetime]


def stored_checksums(session: Session) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(InstrumentVersion.instrument_id, InstrumentVersion.version, InstrumentVersion.checksum)
    )
    return {(row.instrument_id, row.version): row.checksum for row in rows}
