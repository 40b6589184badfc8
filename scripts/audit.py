"""Look the locked packages and the vendored files up in the public lists of known vulnerabilities.

Python packages: pip-audit asks PyPI's advisory data, and what is not found there OSV; the versions are those of
requirements.lock, nothing is installed. Vendored npm packages (static/vendor/VENDORED.md): `npm audit`.
Nothing is sent but names and versions.

Exit 0: everything was looked up and nothing is known. 1: something is known. 2: something could not be looked up
(no network, no npm); what could is told all the same.

Usage: make audit
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDORED = re.compile(r"^\| (?P<name>[^ |]+) \| (?P<version>\d[^ |]*) \|", re.MULTILINE)
SERVICES = ("pypi", "osv")


@dataclass
class Findings:
    """What was asked, what is known (`package version: id`), and what nobody could say anything about."""

    looked_up: set[str] = field(default_factory=set)
    known: list[str] = field(default_factory=list)
    unanswered: set[str] = field(default_factory=set)


def locked() -> dict[str, str]:
    """Names and versions in requirements.lock."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line) for line in lines)
    return {one[1]: one[2] for one in found if one}


def vendored() -> dict[str, str]:
    """Names and versions of the npm packages in static/vendor."""
    text = (ROOT / "static" / "vendor" / "VENDORED.md").read_text()
    return {one["name"]: one["version"] for one in VENDORED.finditer(text)}


def read_pip_audit(report: dict[str, Any], findings: Findings) -> None:
    """Add what pip-audit's JSON says; a package it skipped stays unanswered until another service knows it."""
    for package in report["dependencies"]:
        name = package["name"]
        if "skip_reason" in package:
            findings.unanswered.add(name)
            continue
        findings.unanswered.discard(name)
        findings.looked_up.add(name)
        findings.known += [f"{name} {package['version']}: {one['id']}" for one in package["vulns"]]


def ask_about_python(findings: Findings) -> None:
    wanted = locked()
    findings.unanswered |= set(wanted)
    for service in SERVICES:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("\n".join(f"{name}=={wanted[name]}" for name in sorted(findings.unanswered)))
            file.flush()
            command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json"]
            done = subprocess.run(
                [*command, "--vulnerability-service", service, "--requirement", file.name, "--timeout", "30"],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.stdout.strip().startswith("{"):
            read_pip_audit(json.loads(done.stdout), findings)
        if not findings.unanswered:
            return


def read_npm_audit(report: dict[str, Any], wanted: dict[str, str], findings: Findings) -> None:
    if "vulnerabilities" not in report:
        return
    findings.looked_up |= set(wanted)
    findings.unanswered -= set(wanted)
    findings.known += [f"{name}: {one['severity']}" for name, one in report["vulnerabilities"].items()]


def ask_about_vendored(findings: Findings) -> None:
    wanted = vendored()
    findings.unanswered |= set(wanted)
    npm = shutil.which("npm")
    if npm is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        package = {"name": "vendored", "version": "1.0.0", "dependencies": wanted}
        (Path(folder) / "package.json").write_text(json.dumps(package))
        for step in (["install", "--package-lock-only", "--ignore-scripts"], ["audit", "--json"]):
            done = subprocess.run([npm, *step], cwd=folder, capture_output=True, text=True, check=False)
    if done.stdout.strip().startswith("{"):
        read_npm_audit(json.loads(done.stdout), wanted, findings)


def main() -> int:
    findings = Findings()
    ask_about_python(findings)
    ask_about_vendored(findings)
    total = len(findings.looked_up | findings.unanswered)
    print(f"{len(findings.looked_up)} of {total} packages were looked up, {len(findings.known)} findings.")
    for one in findings.known:
        print(f"KNOWN VULNERABILITY  {one}")
    if findings.unanswered:
        print("Nobody could say anything about: " + ", ".join(sorted(findings.unanswered)))
    return 1 if findings.known else 2 if findings.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
