"""`fitsvc access-request`: everything about one child in one file (GDPR art. 15)."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from fitsvc.domain.access_request import Recipient
from fitsvc.instruments import load_catalogue
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.access_request import give_access_by_reference
from fitsvc.services.errors import NotFound
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, writing
from fitsvc.web.access_request.alone import pack_alone


@click.command("access-request")
@click.argument("reference")
@click.option(
    "--out", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write."
)
@click.option(
    "--without", "left_out", type=click.UUID, multiple=True, help="A respondent's id, after the harm test."
)
@click.option(
    "--for",
    "whom",
    type=click.Choice([one.value for one in Recipient]),
    default=Recipient.CHILD.value,
    show_default=True,
)
@click.option("--with-withdrawn", is_flag=True, help="Also the answers of those who took them back.")
def access_request(
    reference: str, file: Path, left_out: tuple[UUID, ...], whom: str, with_withdrawn: bool
) -> None:
    """Write everything about the child with REFERENCE to one ZIP: to read, to print, for machines.

    A row in the audit log says that it was made.
    """
    config = load_config()
    if file.exists():
        click.echo("the file is there already; choose another name", err=True)
        sys.exit(1)
    if not os.access(file.parent, os.W_OK):
        click.echo("the folder is not there, or nothing can be written in it", err=True)
        sys.exit(1)
    engine = writing(build_engine(config.database_url, config.data_keys))
    try:
        require_newest(engine)
        with Session(engine) as session, session.begin():
            found = give_access_by_reference(
                session,
                now=datetime.now(UTC),
                catalogue=load_catalogue(config.instrument_packs),
                reference=reference,
                without=frozenset(left_out),
                with_withdrawn=with_withdrawn,
                recipient=Recipient(whom),
            )
        content = pack_alone(found, config)
        # For the owner's eyes only, from its first byte.
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
    except NotFound:
        click.echo("there is no such case, or one of the respondents is not in it", err=True)
        sys.exit(1)
    except DatabaseNotReady as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    finally:
        engine.dispose()
    rows = sum(len(some) for some in found.rows.values())
    click.echo(
        f"Written: {rows} rows and {len(found.papers)} papers. Read it through before it is handed over."
    )
