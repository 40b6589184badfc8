"""The settings a command runs with."""

import os
import sys

import click

from fitsvc.config import Config, ConfigError, read_config


def load_config() -> Config:
    """The settings from the environment, or every problem on standard error and exit code 2."""
    try:
        return read_config(os.environ)
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
