"""`fitsvc new-data-key` and `fitsvc rotate-data-keys`."""

import sys
from datetime import UTC, datetime

import click

from fitsvc.keyring import Keyring, WrongKey, new_key
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.data_keys import OldKey, rotate
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, transactions, writing


@click.command("new-data-key")
@click.option("--id", "key_id", help="Its id: small letters, digits and -; today's date when not given.")
def new_data_key(key_id: str | None) -> None:
    """Print a new random data key as FITSVC_DATA_KEYS wants it: id:key."""
    written = f"{key_id or f'k{datetime.now(UTC):%Y%m%d}'}:{new_key()}"
    try:
        Keyring.parse(written)
    except ValueError as error:
        raise click.BadParameter("1 to 16 small letters, digits and -", param_hint="--id") from error
    click.echo(written)


@click.command("rotate-data-keys")
def rotate_data_keys() -> None:
    """Encrypt everything anew with the first of FITSVC_DATA_KEYS, and say which keys can go.

    The service may run meanwhile; it must have been started with the same keys in the same order.
    """
    config = load_config()
    engine = writing(build_engine(config.database_url, config.data_keys))
    transaction = transactions(engine)
    try:
        require_newest(engine)
        done = rotate(transaction, keys=config.data_keys)
    except (DatabaseNotReady, WrongKey) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    finally:
        engine.dispose()
    click.echo(f"{done.rows_written} rows were encrypted with the key {config.data_keys.writing_id}.")
    for one in done.old_keys:
        click.echo(_told(one))
    if not done.old_keys:
        click.echo("The database knows no other key.")


def _told(old: OldKey) -> str:
    if not old.needed_by:
        return f"The key {old.id}: nothing needs it. Take it out of FITSVC_DATA_KEYS and restart. Backups need it."
    rows = ", ".join(f"{number} in {name}" for name, number in sorted(old.needed_by.items()))
    return (
        f"The key {old.id}: keep it. It is needed by {rows}. Rows of the logs need it until they are pruned."
    )
