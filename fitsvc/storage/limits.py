"""Counters of the rate limits, shared by every worker."""

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.storage.base import Base


class LimitCounter(Base):
    """`key` says whose limit it is, hashed by whoever counts: no address, name or token. Seconds since 1970."""

    __tablename__ = "limit_counters"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    amount: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float, index=True)
