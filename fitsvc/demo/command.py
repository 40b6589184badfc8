"""`fitsvc demo`: make the database of a demo, and say how to get in."""

import json
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from fitsvc.config import Config
from fitsvc.demo.build import Demo, DemoLink, build_demo
from fitsvc.demo.people import STAFF
from fitsvc.domain.rater import RaterRole
from fitsvc.instruments import load_catalogue
from fitsvc.schema import migrate, require_answer
from fitsvc.services.instruments import register_instruments
from fitsvc.storage.demo import drop_demo, holds_data, is_demo
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.installation import DEMO_DAYS_AHEAD, set_fact

_SQLITE = "sqlite:///"
_SHOWN = {RaterRole.CHILD: "the child", RaterRole.PARENT: "a parent", RaterRole.TEACHER: "a teacher"}


class DemoRefused(Exception):
    """No demo is made here, and nothing was changed; the text says why and what to do."""


def make_demo(config: Config, *, today: date, real_today: date, reset: bool) -> Demo:
    """Migrate and fill the demo's database, all or nothing; with `reset` an older demo there goes first.

    `today` is the day the demo lives on, `real_today` the one on the calendar.
    """
    if not config.demo:
        raise DemoRefused(
            "This would fill the database with invented people: set FITSVC_DEMO=1 if you mean it."
        )
    _make_folder(config.database_url)
    engine = writing(build_engine(config.database_url, config.data_keys))
    try:
        require_answer(engine)
        if holds_data(engine):
            if not is_demo(engine):
                raise DemoRefused(
                    "The database holds data that is no demo: nothing was changed. Use another one."
                )
            if not reset:
                raise DemoRefused("The database is not empty. To build the demo anew: fitsvc demo --reset")
        if reset and is_demo(engine):
            drop_demo(engine)
        migrate(config.database_url, config.data_keys)
        catalogue = load_catalogue(config.instrument_packs)
        demo = build_demo(today, catalogue)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            set_fact(session, DEMO_DAYS_AHEAD, str((today - real_today).days))
            register_instruments(session, catalogue)
            demo.rows.store(session)
    finally:
        engine.dispose()
    return demo


def as_json(demo: Demo, base_url: str) -> str:
    """One JSON object for programs; a link's `case` is the id of one of `cases`."""
    ids = {case.reference: str(case.id) for case in demo.cases}
    return json.dumps(
        {
            "base_url": base_url,
            "staff": [
                {"role": part.role.value, "email": part.email, "password": demo.staff[part.key].password}
                for part in STAFF
            ],
            "links": [
                {
                    "rater_role": link.rater_role.value,
                    "instrument": link.instrument,
                    "url": _url(link, base_url),
                    "case": ids[link.case],
                }
                for link in demo.links
            ],
            "cases": [
                {"id": str(case.id), "reference": case.reference, "pattern": case.pattern}
                for case in demo.cases
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def as_text(demo: Demo, base_url: str, today: date) -> str:
    """The same for people, with three of the links."""
    lines = [
        f"A small invented kommune on {today:%Y-%m-%d}: {len(demo.cases)} cases, {len(demo.links)} open links.",
        "Demo: no second factor, invented data, never real people.",
        "",
        f"Staff sign in at {base_url}/login with the password alone, which works in no other mode:",
    ]
    for part in STAFF:
        drawn = demo.staff[part.key]
        pin = f"   PIN {drawn.pin}" if drawn.pin else ""
        lines.append(f"  {part.role.value:<17} {part.email:<21} {drawn.password}{pin}")
    lines += ["", f"Forms to open on a phone (case {demo.links[0].case}):"]
    for role, who in _SHOWN.items():
        link = next(one for one in demo.links if one.rater_role is role)
        lines.append(f"  {who:<17} {_url(link, base_url)}")
    return "\n".join([*lines, "", "Start the service with `fitsvc serve`; stop it with Ctrl-C."])


def _url(link: DemoLink, base_url: str) -> str:
    return f"{base_url}/r/{link.token}"


def _make_folder(database_url: str) -> None:
    if database_url.startswith(_SQLITE):
        folder = Path(database_url.removeprefix(_SQLITE)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DemoRefused(f"The folder {folder} cannot be made: {error.strerror or error}.") from error
