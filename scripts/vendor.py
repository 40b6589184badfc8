"""Fetch the browser's libraries from npm into static/vendor: only what we serve, with licences and checksums.

To renew: change a version below (plotly.js as `plotly.offline.get_plotlyjs_version()` says), run
`python scripts/vendor.py` with npm on the path, look at the staff pages, commit static/vendor as a whole.
"""

import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
APACHE_TEXT = VENDOR / "dkfds" / "LICENSE-APACHE-2.0.txt"  # kept: the package only names this licence

FONTS = "fonts/IBMPlexSans/complete/woff2/"  # inside dkfds
RECORD = """\
# Vendored files

Written by `python scripts/vendor.py`; that script's head says how to renew.
The checksums are checked by `tests/rules/test_repository.py`.

| npm package | version | licence | for | sha256 of the npm archive |
|---|---|---|---|---|
{packages}

Changed against the package: `dkfds.min.css` names WOFF2 fonts only, has no source map, and has lost its
`.icon-…` background classes (use `img/all-svg-icons.svg#name`). Everything else is as published.

## Files

{files}
"""


@dataclass(frozen=True)
class Package:
    """One npm package and where it stands in static/vendor."""

    name: str
    version: str
    folder: str
    licence: str
    use: str


PLOTLY = Package("plotly.js-basic-dist-min", "4.1.1", "plotly", "MIT", "the staff screen's curve")
DKFDS = Package(
    "dkfds", "11.2.0", "dkfds", "MIT, icons Apache-2.0, IBM Plex Sans OFL-1.1", "the look of the staff pages"
)


def fetch(package: Package, folder: Path) -> tuple[Path, str]:
    """Unpack a package; return its root and the sha256 of the archive."""
    subprocess.run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], cwd=folder, check=True)
    archive = next(folder.glob(f"{package.name}-*.tgz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder / package.folder, filter="data")
    return folder / package.folder / "package", hashlib.sha256(archive.read_bytes()).hexdigest()


def place_plotly(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "plotly-basic.min.js", target)
    shutil.copy(source / "LICENSE", target)


def lean_css(css: str) -> str:
    """Fonts as WOFF2 only, no source map, and no `.icon-…` classes: icons come from the one sprite."""
    css = re.sub(r"\s*/\*# sourceMappingURL=.*?\*/", "", css)
    css = re.sub(
        r"src:(?=url)[^;}]*?/(IBMPlexSans-\w+)\.woff2\)[^;}]*",
        r'src:url(../fonts/\1.woff2) format("woff2")',
        css,
    )
    return re.sub(r"\.icon-[\w-]+:not\(a\)\{background-image:url\([^)]*\)\}", "", css)


def place_dkfds(source: Path, target: Path) -> None:
    dist = source / "dist"
    css = lean_css((dist / "css" / "dkfds.min.css").read_text())
    (target / "css").mkdir(parents=True, exist_ok=True)
    (target / "css" / "dkfds.min.css").write_text(css)
    for reference in sorted(set(re.findall(r"url\(\.\./([^)]+)\)", css)) | {"img/all-svg-icons.svg"}):
        (target / reference).parent.mkdir(parents=True, exist_ok=True)
        inside = re.sub("^fonts/", FONTS, reference)
        shutil.copy(dist / inside, target / reference)
    shutil.copy(source / "LICENSE.md", target)
    shutil.copy(dist / FONTS / "license.txt", target / "LICENSE-OFL-1.1.txt")


def write_record(archives: dict[Package, str]) -> None:
    """VENDORED.md: what stands here, from where, under which licence, and the checksum of every file."""
    packages = [
        f"| {p.name} | {p.version} | {p.licence} | {p.use} | `{sha}` |" for p, sha in archives.items()
    ]
    files = [
        f"- `{file.relative_to(VENDOR)}` {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in sorted(VENDOR.glob("*/**/*"))
        if file.is_file()
    ]
    (VENDOR / "VENDORED.md").write_text(RECORD.format(packages="\n".join(packages), files="\n".join(files)))


def main() -> None:
    archives: dict[Package, str] = {}
    apache = APACHE_TEXT.read_text()
    for package, place in ((PLOTLY, place_plotly), (DKFDS, place_dkfds)):
        with tempfile.TemporaryDirectory() as folder:
            source, archives[package] = fetch(package, Path(folder))
            shutil.rmtree(VENDOR / package.folder, ignore_errors=True)
            place(source, VENDOR / package.folder)
    APACHE_TEXT.write_text(apache)
    write_record(archives)


if __name__ == "__main__":
    main()
