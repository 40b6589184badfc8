"""SQLAlchemy models, one module per subject with its queries beside them. Nothing here commits.

Importing the package loads every model, so that the metadata is whole.
"""

from fitsvc.storage import (
    accounts,
    administrations,
    cases,
    episodes,
    events,
    expectations,
    external,
    goals,
    imports,
    installation,
    instruments,
    logs,
    meetings,
    organisation,
    ratings,
    respondents,
    sessions,
    signals,
)

__all__ = [
    "accounts",
    "administrations",
    "cases",
    "episodes",
    "events",
    "expectations",
    "external",
    "goals",
    "imports",
    "installation",
    "instruments",
    "logs",
    "meetings",
    "organisation",
    "ratings",
    "respondents",
    "sessions",
    "signals",
]
