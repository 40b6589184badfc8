"""A few facts about this installation itself, such as a demo's clock."""

from collections.abc import Collection

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base

DEMO_DAYS_AHEAD = "demo_days_ahead"
RETENTION_RULES = "retention_rules"
FILES_TO_CLEAN = "files_to_clean"
"""Since when something deleted may still lie in the database's files; "" when they are clean."""


class InstallationFact(Base):
    __tablename__ = "installation_facts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]


def find_fact(session: Session, name: str) -> str | None:
    fact = session.get(InstallationFact, name)
    return fact.value if fact else None


def find_facts(session: Session, names: Collection[str]) -> dict[str, str]:
    """Those of these facts that are stored, by name: one query."""
    rows = session.execute(
        select(InstallationFact.name, InstallationFact.value).where(InstallationFact.name.in_(names))
    )
    return dict(rows.all())


def set_fact(session: Session, name: str, value: str) -> None:
    session.merge(InstallationFact(name=name, value=value))
