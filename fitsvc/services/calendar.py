"""The working days of a Danish kommune, for `domain.cadence`."""

from datetime import date

import holidays

_DENMARK = holidays.country_holidays("DK")


def is_working_day(day: date) -> bool:
    """Whether a follow-up may fall on this day: not a weekend and not a Danish public holiday.

    The public holidays are those of the law (Store Bededag until 2023 only). Days off by custom or agreement,
    such as 1 May, 5 June, Christmas Eve and New Year's Eve, are no public holidays; whoever plans may choose
    another day.
    """
    return _DENMARK.is_working_day(day)
