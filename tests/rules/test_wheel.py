"""The wheel alone is enough: built, installed into an empty environment, it makes and serves the demo."""

import json
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_MARKER = "# --- only for development ---"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_brings_its_bill_of_materials(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [one for one in archive.namelist() if ".dist-info/sboms/" in one]
        written = archive.read(name).decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    runtime = (ROOT / "requirements.lock").read_text().split(DEVELOPMENT_MARKER)[0]
    wanted = {line.split()[0].rstrip("\\") for line in runtime.splitlines() if line[:1].isalnum()}
    parts = {f"{one['name']}=={one['version']}" for one in json.loads(written)["components"]}
    assert wanted <= parts
    assert {one.split("==")[0] for one in parts - wanted} == {"dkfds", "plotly.js-basic-dist-min"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment with the wheel and its locked dependencies, nothing of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    runtime = folder / "runtime.lock"
    runtime.write_text((ROOT / "requirements.lock").read_text().split(DEVELOPMENT_MARKER)[0])
    pip = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-compile",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", runtime], check=True, env=bare_environment())
    subprocess.run([*pip, "--no-deps", wheel], check=True, env=bare_environment())
    return folder / "bin"


@pytest.fixture(scope="module")
def base_url() -> str:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{chosen.getsockname()[1]}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def settings(base_url: str, place: Path) -> dict[str, str]:
    demo = {
        "FITSVC_DEMO": "1",
        "FITSVC_BASE_URL": base_url,
        "FITSVC_DATABASE_URL": f"sqlite:///{place}/demo.sqlite",
    }
    return bare_environment() | demo


@pytest.fixture(scope="module")
def demo(installed: Path, place: Path, settings: dict[str, str]) -> dict[str, Any]:
    command = [installed / "fitsvc", "demo", "--json", "--reset"]
    result = subprocess.run(command, cwd=place, env=settings, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(result.stdout)  # one object and nothing else, or this fails


@pytest.fixture
def served(installed: Path, place: Path, settings: dict[str, str], demo: dict[str, Any]) -> Iterator[str]:
    url = demo["base_url"]
    command = [installed / "fitsvc", "serve", "--port", url.rsplit(":", 1)[1], "--workers", "1"]
    server = subprocess.Popen(
        command, cwd=place, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_it_answers(f"{url}/login", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def bare_environment() -> dict[str, str]:
    """This process's environment without what would lead back into the repository."""
    return {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("FITSVC_", "FLASK_", "PYTHON", "VIRTUAL_ENV"))
    }


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer from {url} within {seconds} s")


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_the_wheel_holds_every_template_static_file_migration_and_instrument(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    at_the_root = {
        f"fitsvc/_resources/{path.relative_to(ROOT)}"
        for folder in ("templates", "static", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    instruments = {str(path.relative_to(ROOT)) for path in (ROOT / "fitsvc/instruments").glob("*.toml")}
    assert at_the_root
    assert instruments
    assert at_the_root | instruments <= inside


def test_the_wheel_holds_the_compiled_danish(wheel: Path) -> None:
    assert "fitsvc/translations/da/LC_MESSAGES/messages.mo" in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_the_list_of_common_passwords_and_its_licences(wheel: Path) -> None:
    folder = ROOT / "fitsvc" / "common_passwords"
    with zipfile.ZipFile(wheel) as archive:
        for name in ("common_passwords.txt.gz", "LICENSE"):
            assert archive.read(f"fitsvc/common_passwords/{name}") == (folder / name).read_bytes()


def test_the_wheel_holds_no_tests_and_no_test_data(wheel: Path) -> None:
    roots = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert roots == {"fitsvc", next(name for name in roots if name.endswith(".dist-info"))}


def test_the_demo_runs_from_the_installed_wheel_in_an_empty_folder(
    demo: dict[str, Any], base_url: str
) -> None:
    instruments = {
        tomllib.loads(path.read_text())["id"] for path in (ROOT / "fitsvc" / "instruments").glob("*.toml")
    }
    assert demo["base_url"] == base_url
    assert len(demo["links"]) >= 30
    assert instruments <= {link["instrument"] for link in demo["links"]}
    assert len(demo["cases"]) >= 24
    assert {"role", "email", "password"} <= set(demo["staff"][0])


def test_the_installed_service_answers_with_its_pages_and_files(served: str, demo: dict[str, Any]) -> None:
    for url in (
        f"{served}/login",
        f"{served}/static/vendor/dkfds/css/dkfds.min.css",
        demo["links"][0]["url"],
    ):
        status, body = fetch(url)
        assert status == 200, url
        assert body, url
    assert 'lang="da"' in fetch(f"{served}/login")[1]
