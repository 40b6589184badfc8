"""Hostile input to every POST of the service, whether a page offers it or not: under every field name there is, with
the ids of a real case in the address. No failure, no trace of the code, and what is refused has changed nothing.
"""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import delete
from sqlalchemy.orm import Session
from wtforms.fields.core import UnboundField

from fitsvc.storage.engine import writing
from fitsvc.storage.limits import LimitCounter
from tests.fuzz.hostile import HOSTILE, Changes, check
from tests.web.walk import PEOPLE, Walker, World, is_granted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WEB = Path(__file__).resolve().parents[2] / "fitsvc" / "web"
READ_BY_HAND = re.compile(r'request\.form(?:\.get|\.getlist)?[(\[]"(\w+)"')
BODIES = 9


def field_names() -> set[str]:
    """Of every form class, and of every view that reads a field itself."""
    waiting, names = list(FlaskForm.__subclasses__()), set()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        names |= {name for name, value in vars(form).items() if isinstance(value, UnboundField)}
    for file in WEB.rglob("*.py"):
        names |= set(READ_BY_HAND.findall(file.read_text(encoding="utf-8")))
    return names - {"csrf_token"}


def bodies(names: list[str], values: Iterator[str]) -> Iterator[str]:
    """The same value under all names, and another one under each."""
    for number in range(BODIES):
        same = next(values)
        sent = [same] * len(names) if number % 2 else list(islice(values, len(names)))
        pairs = zip(names, sent, strict=True)
        yield "&".join(f"{name}={quote_plus(value, errors='surrogatepass')}" for name, value in pairs)


def test_hostile_fields_to_every_post_get_an_answer_and_store_nothing_by_half(world: World) -> None:
    names = sorted(field_names())
    assert len(names) > 60
    changes = Changes(Path(str(world.engine.url.database)))
    walker, values = Walker(world), cycle(HOSTILE)
    for rule in world.rules("POST"):
        who = next((one for one in PEOPLE if is_granted(world, rule, one)), None)
        path = world.path(rule, world.own)
        for body in bodies(names, values):
            before = changes.so_far()
            answer = walker.browser(who).post(
                path,
                data=f"csrf_token={walker.token(who)}&{body}",
                content_type="application/x-www-form-urlencoded",
            )
            check(answer, f"{rule.endpoint} as {who}: {body[:80]}")
            if answer.status_code >= 400:
                assert not changes.since(before), f"{rule.endpoint}: {answer.status_code}, {body[:80]}"
            else:
                walker.forget(who)  # whatever it did may have shut this browser
            with Session(writing(world.engine)) as session, session.begin():
                session.execute(delete(LimitCounter))
    changes.reader.close()
