"""`fitsvc housekeeping`: once a night, delete what the rules say and report it."""

import sys
from datetime import UTC, datetime, timedelta
from time import sleep

import click
from sqlalchemy.orm import Session

from fitsvc.keyring import WrongKey
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.housekeeping import Done, Transactions, keep_house, list_due
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, transactions, writing
from fitsvc.storage.installation import DEMO_DAYS_AHEAD, FILES_TO_CLEAN, find_fact, set_fact
from fitsvc.storage.wiping import wipe


@click.command("housekeeping")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option(
    "--whole",
    is_flag=True,
    help="PostgreSQL: VACUUM FULL, while nobody can use the service (see operations.md).",
)
def housekeeping(dry_run: bool, whole: bool) -> None:
    """Delete what the rules say, say how much, and leave no trace of it in the database's files. For every night."""
    config = load_config()
    engine = writing(build_engine(config.database_url, config.data_keys))
    transaction = transactions(engine)
    try:
        require_newest(engine)
        with Session(engine) as session:
            ahead = int(find_fact(session, DEMO_DAYS_AHEAD) or 0) if config.demo else 0
            now = datetime.now(UTC) + timedelta(days=ahead)
            due = list_due(session, now=now, default_months=config.retention_months)
        if dry_run:
            click.echo("Would be deleted now (nothing was changed):\n" + _told(due))
            return
        if due.left_traces:
            _remember(
                transaction, now.isoformat()
            )  # before anything goes: this run may be stopped at any moment
        done = keep_house(transaction, now=now, default_months=config.retention_months)
        click.echo("Done:\n" + _told(done))
        if done.left_traces or whole or _is_to_clean(transaction):
            wiped = wipe(engine, whole=whole, pause=lambda tried: sleep(tried))
            click.echo(
                "The database's files were cleaned."
                if wiped
                else "The database's files were not cleaned yet: somebody used them all the time. Run it again."
            )
            if not wiped:
                sys.exit(3)
            _remember(transaction, "")
    except (DatabaseNotReady, WrongKey) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    finally:
        engine.dispose()


def _remember(transaction: Transactions, since: str) -> None:
    """That the files are to be cleaned, or are clean: a run that could not leaves it to the next one."""
    with transaction() as session:
        set_fact(session, FILES_TO_CLEAN, since)


def _is_to_clean(transaction: Transactions) -> bool:
    with transaction() as session:
        return bool(find_fact(session, FILES_TO_CLEAN))


def _told(done: Done) -> str:
    rows = (
        (done.contacts, "persons' e-mail and telephone (30 days after their last planned rating)"),
        (done.respondents, "respondents who took their answers back (14 days ago or more)"),
        (done.cases, "closed cases (their months have passed, and the journal has its copy)"),
        (done.links, "links that ran out more than 30 days ago"),
        (done.sign_ins, "sign-ins not used for 90 days"),
        (done.account_links, "invitations and other links to accounts that ran out"),
        (done.counters, "counters of wrong tries"),
        (done.sealed, "rows of the logs sealed"),
    )
    return "\n".join(f"{number:>7}  {what}" for number, what in rows)
