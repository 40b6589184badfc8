"""All of an answer that could tell something, to be compared with another."""

import re
from dataclasses import dataclass

from werkzeug.test import TestResponse

RANDOM = (
    re.compile(r'name="(?:csrf_token|key)"[^>]*value="[^"]*"'),
    re.compile(r'value="[^"]*"[^>]*name="(?:csrf_token|key)"'),
    re.compile(r'csrf[-_]token"? content="[^"]*'),
)
UNTELLING = {"content-length", "date", "set-cookie"}


@dataclass(frozen=True)
class Answer:
    """All of an answer that could tell something."""

    status: int
    headers: tuple[tuple[str, str], ...]
    page: str

    def __str__(self) -> str:
        where = dict(self.headers).get("location", "")
        return f"{self.status} {where}"


def answer_of(response: TestResponse, *sent: object) -> Answer:
    """`sent` are the address and the ids that were tried: a page that repeats them tells nothing."""

    def without(text: str) -> str:
        for one in sent:
            text = text.replace(str(one), "—")
        for pattern in RANDOM:
            text = pattern.sub("", text)
        return text

    headers = sorted(
        (name.lower(), without(value)) for name, value in response.headers if name.lower() not in UNTELLING
    )
    page = without(response.get_data().decode("utf-8", "replace"))
    response.close()
    return Answer(response.status_code, tuple(headers), page)
