"""The `fitsvc` command; `flask --app fitsvc` offers the same commands (entry points in pyproject.toml)."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from fitsvc.access_command import access_request
from fitsvc.audit_command import audit
from fitsvc.change_command import list_change
from fitsvc.checkup import find_problems
from fitsvc.cohort.simulation import report as simulation_report
from fitsvc.config import ConfigError
from fitsvc.demo.command import DemoRefused, as_json, as_text, make_demo
from fitsvc.domain.instrument import InstrumentError
from fitsvc.domain.measure import measure_of_total
from fitsvc.housekeeping_command import housekeeping
from fitsvc.import_command import import_ratings
from fitsvc.instruments import load_catalogue
from fitsvc.keys_command import new_data_key, rotate_data_keys
from fitsvc.kommune_command import let_in
from fitsvc.kommune_command import move as move_to_kommune
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.schema import migrate as migrate_schema
from fitsvc.server import AddressTaken, run_server
from fitsvc.services.clock import local_day
from fitsvc.services.errors import Refused
from fitsvc.services.first_admin import create_administrator
from fitsvc.services.instruments import InstrumentsChanged
from fitsvc.services.invalid import SHORT_TEXT, Invalid
from fitsvc.services.passwords import SHORTEST_PASSWORD
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, writing

REFUSALS = {
    "email_taken": "there is already an account with this e-mail",
    "password_too_short": f"the password needs at least {SHORTEST_PASSWORD} characters",
    "password_too_long": "the password is too long",
    "password_guessable": "the password is one of the first that somebody would try",
    "missing": "fill it in",
    "too_long": f"at most {SHORT_TEXT} characters",
    "looks_like_cpr": "this looks like a CPR number, and none is kept here",
}
PROBLEMS = (ConfigError, InstrumentError, InstrumentsChanged, DatabaseNotReady, DemoRefused, AddressTaken)
EARLIEST_DEMO_YEAR, LATEST_DEMO_YEAR = 2000, 2100


def in_one_line(command: Callable[..., None]) -> Callable[..., None]:
    """Whoever types a command is told what is wrong in one line, never by a traceback."""

    @wraps(command)
    def told(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except Invalid as invalid:
            raise click.ClickException(f"{invalid.field}: {REFUSALS.get(str(invalid), invalid)}") from invalid
        except Refused as refused:
            raise click.ClickException(REFUSALS.get(str(refused), str(refused))) from refused
        except PROBLEMS as problem:
            raise click.ClickException(str(problem)) from problem

    return told


@click.group(help="Ratings, trajectories and the follow-up meeting.")
@click.version_option(package_name="fitsvc")
def main() -> None:
    pass


@click.command(help="Bring the database to the newest schema; data stays in place.")
@in_one_line
def migrate() -> None:
    config = load_config()
    migrate_schema(config.database_url, config.data_keys)
    click.echo("The database is up to date.")


@click.command(help="Say what is missing in settings, system libraries and database; exit 1 if so.")
def check() -> None:
    problems = find_problems(os.environ)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("Everything is in place.")


@click.command(help="Fill an empty database with a small invented kommune (only with FITSVC_DEMO=1).")
@click.option("--json", "for_programs", is_flag=True, help="One JSON object and nothing else.")
@click.option("--reset", is_flag=True, help="Drop the demo that is there first.")
@click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day the demo lives on.")
@in_one_line
def demo(for_programs: bool, reset: bool, day: datetime | None) -> None:
    if os.environ.get("FITSVC_DEMO", "").strip() != "1":
        raise click.ClickException("Invented people belong in a demo only: set FITSVC_DEMO=1 if you mean it.")
    config = load_config()
    real_today = local_day(datetime.now(UTC))
    today = day.date() if day else real_today
    if not EARLIEST_DEMO_YEAR <= today.year <= LATEST_DEMO_YEAR:
        raise click.BadParameter(
            f"a day from {EARLIEST_DEMO_YEAR} to {LATEST_DEMO_YEAR}, please", param_hint="--today"
        )
    made = make_demo(config, today=today, real_today=real_today, reset=reset)
    click.echo(as_json(made, config.base_url) if for_programs else as_text(made, config.base_url, today))


@click.command(help="Answer on HOST:PORT with gunicorn until stopped (Ctrl-C).")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@in_one_line
def serve(host: str, port: int, workers: int) -> None:
    run_server(load_config(), host=host, port=port, workers=workers)


@click.command("create-admin", help="Create an administrator, who then invites everybody else.")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--unit", prompt=True, default="Administration", help="Made when there is none of that name.")
@click.password_option(help=f"At least {SHORTEST_PASSWORD} characters; asked for when not given.")
@in_one_line
def create_admin(email: str, name: str, unit: str, password: str) -> None:
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="--email") from error
    config = load_config()
    engine = writing(build_engine(config.database_url, config.data_keys))
    try:
        require_newest(engine)
        with Session(engine) as session, session.begin():
            create_administrator(
                session, email=address, name=name, unit_name=unit, password=password, now=datetime.now(UTC)
            )
    finally:
        engine.dispose()
    click.echo("The administrator can sign in.")


@click.command("simulate-signals", help="How often the signal is right (the tables of the method page).")
@click.option("--instrument", default="wellbeing-youth", show_default=True)
@click.option("--children", type=click.IntRange(100, 1_000_000), default=20_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def simulate_signals(instrument: str, children: int, seed: int) -> None:
    found = load_catalogue(None).find(instrument)
    if found is None or found.assumptions is None:
        raise click.BadParameter("not an instrument with an assumed curve", param_hint="--instrument")
    click.echo(simulation_report(measure=measure_of_total(found), children=children, seed=seed))


COMMANDS = (
    access_request,
    migrate,
    demo,
    check,
    serve,
    create_admin,
    import_ratings,
    audit,
    list_change,
    new_data_key,
    rotate_data_keys,
    housekeeping,
    let_in,
    move_to_kommune,
    simulate_signals,
)
for command in COMMANDS:
    main.add_command(command)
