"""The picture-words a respondent may put on a point of the own curve. The code is stored; web puts word and picture."""

from enum import StrEnum


class PictureWord(StrEnum):
    SUN = "sun"  # something good
    RAIN = "rain"  # something hard
    FRIEND = "friend"
    SCHOOL = "school"
    HOME = "home"
    SLEEP = "sleep"
    SPORT = "sport"
    OTHER = "other"  # something else happened


def find_picture(code: str | None) -> PictureWord | None:
    """The picture-word with this code; None for none, and for one this version does not have."""
    return next((one for one in PictureWord if one.value == code), None)
