"""Where templates, static files and migrations stand: at the repository's root, or inside the wheel."""

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent

ResourceName = Literal["templates", "static", "migrations"]


def resource_folder(name: ResourceName) -> Path:
    """The folder of that name: the copy inside the wheel when there is one, else the repository's own.

    Raises FileNotFoundError when neither is there, which means a broken installation.
    """
    for folder in (PACKAGE / "_resources" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"{name}: neither in {PACKAGE / '_resources'} nor in {PACKAGE.parent}; install fitsvc again"
    )
