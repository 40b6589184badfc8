"""`fitsvc audit seal|verify|prune`: whether the logs are as they were written."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from fitsvc.config import Config
from fitsvc.domain.log_chain import Head
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.errors import Refused
from fitsvc.services.log_pruning import prune as prune_logs
from fitsvc.services.log_sealing import list_heads, seal_everything
from fitsvc.services.log_verifying import LogState, Verdict
from fitsvc.services.log_verifying import verify as verify_logs
from fitsvc.settings import load_config
from fitsvc.storage.engine import build_engine, writing

REFUSALS = {
    "log_too_young": "the day lies within the months that are kept (FITSVC_LOG_MONTHS)",
    "log_not_whole": "the logs do not verify, and what shows that must not go: run `fitsvc audit verify`",
}


@click.group(help="Seal, verify and prune the access log and the audit log.")
def audit() -> None:
    pass


@audit.command(help="Seal what was written since the last seal, and print where each log ends now.")
def seal() -> None:
    with _session() as (session, _config):
        count = seal_everything(session, now=datetime.now(UTC))
        heads = list_heads(session)
    click.echo(f"{count} rows sealed.")
    for head in heads:
        click.echo(str(head))


@audit.command()
@click.option("--expect", multiple=True, metavar="LOG:ROW:MAC", help="An end printed earlier; several times.")
@click.option("--json", "for_programs", is_flag=True, help="One JSON object and nothing else.")
def verify(expect: tuple[str, ...], for_programs: bool) -> None:
    """Read both logs against their seals; exit 1 when anything was removed, altered, moved or put in.

    An end that was cut off together with its seals is found only with --expect: keep what this prints elsewhere.
    """
    try:
        heads = [Head.parse(one) for one in expect]
    except ValueError as error:
        raise click.BadParameter("as `fitsvc audit verify` prints them", param_hint="--expect") from error
    with _session(only_reads=True) as (session, _config):
        verdict = verify_logs(session, expected=heads)
    click.echo(_as_json(verdict) if for_programs else _as_text(verdict))
    if not verdict.is_whole:
        sys.exit(1)


@audit.command()
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), required=True, help="What is older may go.")
def prune(before: datetime) -> None:
    """Delete the oldest rows, whole seals only, and leave a checkpoint. Never younger than FITSVC_LOG_MONTHS."""
    with _session() as (session, config):
        try:
            done = prune_logs(
                session, now=datetime.now(UTC), before=before.date(), keep_months=config.log_months
            )
        except Refused as refused:
            raise click.ClickException(REFUSALS.get(refused.code, refused.code)) from refused
        session.commit()
    for one in done:
        click.echo(f"{one.log}: {one.rows} rows deleted, up to row {one.pruned_to}.")
    if not done:
        click.echo("Nothing is old enough and sealed.")


@contextmanager
def _session(*, only_reads: bool = False) -> Iterator[tuple[Session, Config]]:
    config = load_config()
    engine = build_engine(config.database_url, config.data_keys)
    try:
        require_newest(engine)
        with Session(engine if only_reads else writing(engine)) as session:
            yield session, config
    except DatabaseNotReady as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()


def _as_text(verdict: Verdict) -> str:
    lines = [_line(state) for state in verdict.logs]
    lines += [f"NOT AS WRITTEN: {one}" for one in verdict.findings]
    lines += [str(state.head) for state in verdict.logs if state.head]
    if verdict.is_whole:
        lines.append("Both logs are as they were written.")
    return "\n".join(lines)


def _line(state: LogState) -> str:
    since = f" since {state.unsealed_since:%Y-%m-%d %H:%M} UTC" if state.unsealed_since else ""
    return (
        f"{state.log}: {state.rows} rows under {state.seals} seals"
        f" ({state.unsealed} not sealed yet{since}; {state.pruned} pruned earlier)"
    )


def _as_json(verdict: Verdict) -> str:
    return json.dumps(
        {
            "whole": verdict.is_whole,
            "logs": {
                state.log.value: {
                    "rows": state.rows,
                    "seals": state.seals,
                    "unsealed": state.unsealed,
                    "unsealed_since": state.unsealed_since.isoformat() if state.unsealed_since else None,
                    "pruned": state.pruned,
                    "head": str(state.head) if state.head else None,
                }
                for state in verdict.logs
            },
            "findings": [
                {"log": one.log, "fault": one.fault.value, "first": one.first, "last": one.last}
                for one in verdict.findings
            ],
        }
    )
