"""Units: the authority's own and the providers', some of them outside the kommune."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, Short, code


class UnitKind(StrEnum):
    AUTHORITY = "authority"
    PROVIDER = "provider"
    EXTERNAL_PROVIDER = "external_provider"


class Unit(Base):
    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[Short]
    kind: Mapped[UnitKind] = mapped_column(code(UnitKind))
    created_at: Mapped[datetime]


def list_units(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).order_by(Unit.name)))


def find_unit(session: Session, unit_id: UUID) -> Unit | None:
    return session.get(Unit, unit_id)


def find_or_add_unit(session: Session, name: str, *, kind: UnitKind, now: datetime) -> Unit:
    found = session.scalars(select(Unit).where(Unit.name == name)).one_or_none()
    if found is None:
        found = Unit(name=name, kind=kind, created_at=now)
        session.add(found)
    return found
