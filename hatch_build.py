"""Build hook: compiles the translations; the root's templates, static files and migrations go into the wheel.

An editable install gets the translations only: there fitsvc/resources.py finds the folders at the root.
Run as a script it compiles the translations without a build (`make messages`).
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RESOURCES = ("templates", "static", "migrations")


def compile_messages(root: Path) -> None:
    """Write a .mo beside every .po that is newer than it."""
    for po in (root / "fitsvc" / "translations").glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime > po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        with mo.open("wb") as target:
            write_mo(target, catalog)


class Resources(BuildHookInterface):
    """Runs before every wheel, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages(Path(self.root))
        if version != "editable":
            build_data["force_include"] |= {name: f"fitsvc/_resources/{name}" for name in RESOURCES}


if __name__ == "__main__":
    compile_messages(Path(__file__).parent)
