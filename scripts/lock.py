"""Write requirements.lock anew: every package's newest allowed version with the hashes of all its files.

The file has two parts, so that a demo or a server need not install the tools for development:
first what the service and its build need, then, under MARKER, what only tests and checks need.
No address of any index is written. uv does the resolving: one file serves every platform and Python.

Usage: make lock
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
MARKER = "# --- only for development ---"
HEAD = "# Written by `make lock`. Names, versions and hashes; no addresses.\n"
RUNTIME = ["--extra", "postgresql", "--group", "build"]


def compile_lock(uv: str, groups: list[str], target: Path, constraint: Path | None = None) -> str:
    """Resolve pyproject.toml with the given extras and groups; `constraint` holds versions fixed."""
    subprocess.run(
        [
            uv,
            "--no-config",
            "pip",
            "compile",
            "pyproject.toml",
            *groups,
            "--quiet",
            "--output-file",
            str(target),
        ]
        + ["--universal", "--fork-strategy", "fewest", "--python-version", "3.11", "--generate-hashes"]
        + ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        + (["--constraint", str(constraint)] if constraint else []),
        cwd=ROOT,
        check=True,
    )
    return target.read_text()


def split_pins(lock: str) -> list[str]:
    """The lock's entries, each a pin with its continued hash lines."""
    return [entry for entry in re.split(r"\n(?=\S)", lock.strip()) if not entry.startswith("#")]


def main() -> None:
    uv = sys.argv[1] if len(sys.argv) > 1 else "uv"
    with tempfile.TemporaryDirectory() as folder:
        runtime_file = Path(folder, "runtime")
        runtime = compile_lock(uv, RUNTIME, runtime_file)
        everything = compile_lock(uv, [*RUNTIME, "--group", "dev"], Path(folder, "all"), runtime_file)
    known = set(split_pins(runtime))
    development = [pin for pin in split_pins(everything) if pin not in known]
    LOCK.write_text(HEAD + runtime + f"\n{MARKER}\n" + "\n".join(development) + "\n")


if __name__ == "__main__":
    main()
