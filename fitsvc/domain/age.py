"""The child's age, as far as a birth month can tell it."""

from datetime import date


def age_years(birth_month: date, today: date) -> int:
    """Whole years, counted from the first day of the birth month."""
    return today.year - birth_month.year - (today.month < birth_month.month)
