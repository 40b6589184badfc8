"""One file for the case system: the frozen PDFs, a text to paste, and a manifest that says what they are.

The same frozen meeting always gives the same bytes, and no file name says whom it is about.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fitsvc.services.freezing import FrozenFile
from fitsvc.storage.frozen import FrozenKind

MANIFEST = "manifest.json"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_NAMES = {FrozenKind.REPORT: "opfoelgning", FrozenKind.CHILD: "barnets-side"}


def file_name(file: FrozenFile) -> str:
    return f"{_NAMES[file.facts.kind]}-{file.facts.held_on.isoformat()}.pdf"


def export_name(file: FrozenFile) -> str:
    return f"opfoelgning-{file.facts.held_on.isoformat()}.zip"


def pack(files: Sequence[FrozenFile]) -> bytes:
    """The report first, then the child's page, the summary, and the manifest with everybody's SHA-256."""
    contents = {file_name(one): one.pdf for one in files}
    summary = next((one for one in files if one.summary), None)
    if summary is not None:
        name = f"resume-{summary.facts.held_on.isoformat()}.txt"
        contents[name] = summary.summary.replace("\n", "\r\n").encode()
    contents[MANIFEST] = _manifest(files, contents)
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            entry = ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=9)
    return packed.getvalue()


def _manifest(files: Sequence[FrozenFile], contents: dict[str, bytes]) -> bytes:
    first = files[0].facts
    manifest = {
        "format": "fitsvc export 1",
        "meeting_held_on": first.held_on.isoformat(),
        "software": {"name": "fitsvc", "version": first.software_version},
        "rules_version": first.rules_version,
        "files": [
            {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in contents.items()
        ],
        "snapshots": [
            {"in": file_name(one), "sha256": one.facts.snapshot_sha256, "language": one.facts.language}
            for one in files
        ],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
