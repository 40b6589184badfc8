"""The picture-words in words: beside the picture for who chooses one, and alone for who reads it."""

from flask_babel import lazy_gettext as _l

from fitsvc.domain.picture_words import PictureWord, find_picture

PICTURE_WORDS = {
    PictureWord.SUN: _l("Something good"),
    PictureWord.RAIN: _l("Something hard"),
    PictureWord.FRIEND: _l("Friends"),
    PictureWord.SCHOOL: _l("School"),
    PictureWord.HOME: _l("Home"),
    PictureWord.SLEEP: _l("Sleep"),
    PictureWord.SPORT: _l("Sport and play"),
    PictureWord.OTHER: _l("Something else"),
}


def picture_words(code: str | None) -> str:
    """The words of a stored code; "" for none, and for one this version does not have."""
    found = find_picture(code)
    return str(PICTURE_WORDS[found]) if found else ""
