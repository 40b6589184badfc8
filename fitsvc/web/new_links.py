"""A link that was just made, as it is shown once: as text, as a picture to scan, and inside a neutral message."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import segno
from flask_babel import gettext as _

from fitsvc.services.clock import local_day
from fitsvc.web.templates import day


@dataclass(frozen=True, slots=True)
class NewLink:
    url: str
    picture: str
    message: str


def new_link(url: str, until: str) -> NewLink:
    return NewLink(
        url=url,
        picture=picture_of(url),
        message=_(
            "Hello. Here is a short form with a few questions. It takes about one minute: %(url)s\n"
            "The link works until %(day)s. You can call us if you have questions.",
            url=url,
            day=until,
        ),
    )


def message_of(urls: list[str], until: str) -> str:
    """What to send to one person, without names and without a reason."""
    if len(urls) == 1:
        return new_link(urls[0], until).message
    return _(
        "Hello. Here are short forms with a few questions. Each takes about one minute:\n%(urls)s\n"
        "The links work until %(day)s. You can call us if you have questions.",
        urls="\n".join(urls),
        day=until,
    )


def picture_of(url: str) -> str:
    """A QR code as an address that an image can show."""
    return segno.make(url, error="m", micro=False).svg_data_uri(scale=6, border=4, dark="#000", light="#fff")


def works_until(now: datetime, link_days: int) -> str:
    """The last whole day on which a link made now works, in words."""
    last_day: date = local_day(now + timedelta(days=link_days)) - timedelta(days=1)
    return day(last_day)
