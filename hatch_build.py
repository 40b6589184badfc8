"""Build hook: compiles the translations; the root's templates, static files and migrations go into the wheel.

With them goes a bill of materials of what requirements.lock and static/vendor hold (CycloneDX 1.6; PEP 770 says where).

An editable install gets the translations only: there fitsvc/resources.py finds the folders at the root.
Run as a script it compiles the translations without a build (`make messages`).
"""

import re
import tomllib
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packageurl import PackageURL

RESOURCES = ("templates", "static", "migrations")
DEVELOPMENT = "# --- only for development ---"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\\\]+)", re.MULTILINE)
VENDORED = re.compile(r"^\| ([^ |]+) \| (\d[^ |]*) \|", re.MULTILINE)


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


def bill_of_materials(root: Path) -> Bom:
    """What the service is made of: itself, the locked packages it runs with, and the vendored npm packages.

    The lock's hashes are of many files for each package, so none stands here; `pip --require-hashes` checks them.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lock = (root / "requirements.lock").read_text().partition(DEVELOPMENT)[0]
    vendored = (root / "static" / "vendor" / "VENDORED.md").read_text()
    bom = Bom(serial_number=uuid5(NAMESPACE_OID, lock + vendored))  # the same parts, the same bill
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.metadata.component = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        licenses=[DisjunctiveLicense(id=project["license"])],
        purl=PackageURL("pypi", None, project["name"], project["version"]),
        bom_ref="fitsvc",
    )
    parts = [("pypi", *one) for one in LOCKED.findall(lock)]
    parts += [("npm", *one) for one in VENDORED.findall(vendored)]
    for kind, name, version in parts:
        purl = PackageURL(kind, None, name, version)
        bom.components.add(
            Component(name=name, version=version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl))
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


class Resources(BuildHookInterface):
    """Runs before every wheel, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages(Path(self.root))
        if version == "editable":
            return
        build_data["force_include"] |= {name: f"fitsvc/_resources/{name}" for name in RESOURCES}
        bom = Path(self.root) / "build" / "fitsvc.cdx.json"
        bom.parent.mkdir(exist_ok=True)
        JsonV1Dot6(bill_of_materials(Path(self.root))).output_to_file(
            str(bom), allow_overwrite=True, indent=2
        )
        build_data["sbom_files"].append("build/fitsvc.cdx.json")


if __name__ == "__main__":
    compile_messages(Path(__file__).parent)
