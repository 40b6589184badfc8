"""Days as people in Denmark count them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def local_day(moment: datetime) -> date:
    """The Danish calendar day of an aware moment."""
    return moment.astimezone(COPENHAGEN).date()
