"""The `fitsvc` command."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import Flask

from fitsvc.app import create_app
from fitsvc.config import Config, ConfigError, read_config
from fitsvc.domain.instrument import InstrumentError
from fitsvc.schema import migrate as migrate_schema
from fitsvc.services.instruments import InstrumentsChanged


def load_config() -> Config:
    """The settings, or a clear message and exit code 2."""
    try:
        return read_config(os.environ)
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)


@click.group(help="Ratings, trajectories and the follow-up meeting.")
def main() -> None:
    pass


@main.command(help="Bring the database to the newest schema; data stays in place.")
def migrate() -> None:
    migrate_schema(load_config().database_url)
    click.echo("The database is up to date.")
