"""Which of a case's measures a page means."""

from dataclasses import dataclass
from datetime import date

import pytest

from fitsvc.domain.episode import current_episode

TODAY = date(2026, 3, 16)


@dataclass
class Measure:
    started_on: date
    ended_on: date | None = None


ENDED = Measure(date(2025, 1, 1), date(2025, 12, 31))
ENDS_TODAY = Measure(date(2025, 6, 1), TODAY)
ENDED_SINCE = Measure(date(2026, 1, 1), date(2026, 3, 1))
RUNNING = Measure(date(2026, 2, 1))
TO_COME = Measure(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("episodes", "current"),
    [
        ([], None),
        ([TO_COME], None),
        ([ENDED], ENDED),
        ([ENDED, ENDED_SINCE, TO_COME], ENDED_SINCE),
        ([ENDS_TODAY, ENDED_SINCE], ENDS_TODAY),
        ([ENDS_TODAY, RUNNING, TO_COME], RUNNING),
    ],
)
def test_the_running_episode_is_meant_or_else_the_latest_that_has_started(
    episodes: list[Measure], current: Measure | None
) -> None:
    assert current_episode(episodes, TODAY) is current
