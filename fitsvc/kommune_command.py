"""`fitsvc let-in` and `fitsvc move-to-kommune`: what an operator does beside the kommune's own sign-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from fitsvc.config import Config
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.emergency_pass import LASTS, make_pass
from fitsvc.services.errors import Refused
from fitsvc.services.kommune_accounts import move_to_kommune
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, writing

REFUSALS = {
    "no_such_account": "there is no account with this e-mail",
    "not_administrator": "only for an open account of this service that is an administrator and nothing else",
    "already_moved": "the account signs in through the kommune already",
    "subject_taken": "another account signs in with this subject already",
    "subject_unusable": "the subject has to be the provider's own name for the person (sub), never a CPR number",
}


@click.command(
    "let-in", help="Print a link that lets one administrator in once, while the kommune's sign-in is down."
)
@click.option(
    "--email", required=True, help="Of an account of this service; the kommune's own have no other way in."
)
def let_in(email: str) -> None:
    config = load_config()
    with _session(config) as session:
        made = make_pass(session, email=email, secret=config.secret_key, now=datetime.now(UTC))
    minutes = int(LASTS.total_seconds() // 60)
    click.echo(f"{config.base_url}/sign-in/let-in/{made}")
    click.echo(f"It works once, within {minutes} minutes, and the second factor is asked for.", err=True)


@click.command(
    "move-to-kommune", help="Let an account there is be opened by the kommune's sign-in from now on."
)
@click.option("--email", required=True, help="The account's address here.")
@click.option("--subject", required=True, help="The provider's own name for the person: the claim sub.")
def move(email: str, subject: str) -> None:
    config = load_config()
    if config.kommune_provider is None:
        raise click.ClickException("FITSVC_OIDC_ISSUER is not set: there is no sign-in through the kommune")
    issuer = config.kommune_provider.issuer
    with _session(config) as session:
        move_to_kommune(session, email=email, issuer=issuer, subject=subject.strip(), now=datetime.now(UTC))
    click.echo("Moved. The password, second factor and PIN of before are gone, and every sign-in has ended.")


@contextmanager
def _session(config: Config) -> Iterator[Session]:
    """A writing session; what goes wrong is told in one line."""
    engine = writing(build_engine(config.database_url, config.data_keys))
    try:
        require_newest(engine)
        with Session(engine) as session, session.begin():
            yield session
    except Refused as refused:
        raise click.ClickException(REFUSALS.get(refused.code, refused.code)) from refused
    except DatabaseNotReady as problem:
        raise click.ClickException(str(problem)) from problem
    finally:
        engine.dispose()
