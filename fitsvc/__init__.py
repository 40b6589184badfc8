"""Short ratings, trajectories against expected change, and the follow-up meeting."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`flask --app fitsvc` looks for a factory here; loaded on demand, so that the pure rules stay free of Flask."""
    if name == "create_app":
        return import_module("fitsvc.app").create_app_from_environment
    raise AttributeError(name)
