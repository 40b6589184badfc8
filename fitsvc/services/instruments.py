"""Instrument id and version fix the meaning for ever: the stored checksum tells when a file was changed."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue, changed_without_version
from fitsvc.storage.instruments import InstrumentVersion, stored_checksums


class InstrumentsChanged(Exception):
    """Instruments whose content changed although their version did not."""


def register_instruments(session: Session, catalogue: Catalogue) -> None:
    """Note the checksum of every new instrument version; raises InstrumentsChanged for a changed one."""
    stored = stored_checksums(session)
    changed = changed_without_version(stored, catalogue)
    if changed:
        names = ", ".join(f"{one.id} {one.version}" for one in changed)
        raise InstrumentsChanged(
            f"changed without a new version: {names}; give the changed file a new version"
        )
    now = datetime.now(UTC)
    session.add_all(
        InstrumentVersion(instrument_id=one.id, version=one.version, checksum=one.checksum, first_seen_at=now)
        for one in catalogue
        if one.may_be_given and (one.id, one.version) not in stored  # a draft may still be written on
    )
