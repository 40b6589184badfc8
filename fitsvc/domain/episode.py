"""Episodes: the measures of a case, one after another or side by side."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Whatever starts, and may have ended: the last day belongs to it."""

    @property
    def started_on(self) -> date: ...

    @property
    def ended_on(self) -> date | None: ...


E = TypeVar("E", bound=Dated)


def current_episode(episodes: Sequence[E], today: date) -> E | None:
    """The episode running today, the latest where several do; when none runs, the latest one that has started.

    `episodes` come oldest first.
    """
    started = [one for one in episodes if one.started_on <= today]
    running = [one for one in started if one.ended_on is None or one.ended_on >= today]
    candidates = running or started
    return candidates[-1] if candidates else None
