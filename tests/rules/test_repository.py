"""The repository as a whole: lock, machine paths, protected names, vendored files, sizes, templates."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import plotly.offline
import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
LARGEST_MODULE = 400  # lines

PIN = re.compile(r"[a-z0-9.-]+(\[[a-z,]+\])?==[\w.!+-]+( ; [^\\@]+?)?( \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
MACHINE_PATH = re.compile(r"/(?:work|root|tmp/\w+|home/\w+|Users/\w+)/")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|debian\.org/debian")
PROTECTED = re.compile(r"\b(?:Y?C?ORS|Y?C?SRS|FIT|Outcome Rating Scale|Session Rating Scale)\b")
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)


def tracked_texts(*folders: str) -> dict[str, str]:
    """Our own text files that git knows, vendored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    texts = {}
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and VENDOR not in path.parents:
            content = path.read_bytes()
            if b"\0" not in content:
                texts[name] = content.decode("utf-8", errors="replace")
    return texts


def places(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_lock_holds_names_versions_and_hashes_and_no_address() -> None:
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        assert not line or line.startswith("# ") or PIN.fullmatch(line) or HASH.fullmatch(line), line


def test_every_pin_of_the_lock_has_a_hash() -> None:
    lines = [
        line for line in (ROOT / "requirements.lock").read_text().splitlines() if line and line[0] != "#"
    ]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PIN.fullmatch(line):
            assert HASH.fullmatch(following), line


def test_every_dependency_of_the_project_is_locked_and_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    settings = tomllib.loads(text)
    wanted = settings["project"]["dependencies"] + settings["project"]["optional-dependencies"]["postgresql"]
    wanted += settings["dependency-groups"]["build"] + settings["dependency-groups"]["dev"]
    locked = {
        line.split("==")[0].split("[")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    for requirement in wanted:
        assert re.match(r"[\w-]+", requirement)[0] in locked, requirement  # type: ignore[index]
        assert re.search(re.escape(f'"{requirement}"') + r"[\],]* +# \S", text), (
            f"{requirement}: no reason given"
        )


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not places(MACHINE_PATH, tracked_texts())


def test_no_file_names_a_package_registry() -> None:
    assert not places(REGISTRY, tracked_texts())


def test_the_product_uses_no_protected_instrument_and_no_protected_name() -> None:
    assert not places(PROTECTED, tracked_texts("fitsvc", "templates", "static", "migrations"))


def test_every_vendored_file_is_recorded_with_its_checksum() -> None:
    record = dict(
        re.findall(r"^- `([^`]+)` ([0-9a-f]{64})$", (VENDOR / "VENDORED.md").read_text(), re.MULTILINE)
    )
    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.glob("*/**/*")
        if path.is_file()
    }
    assert present == record


def test_every_vendored_package_has_its_licence_beside_it() -> None:
    folders = [folder for folder in VENDOR.iterdir() if folder.is_dir()]
    assert folders
    for folder in folders:
        assert list(folder.glob("LICENSE*")), folder.name
        assert folder.name in (VENDOR / "VENDORED.md").read_text()


def test_vendored_styles_ask_for_nothing_that_is_not_there() -> None:
    for css in VENDOR.rglob("*.css"):
        text = css.read_text()
        assert "sourceMappingURL" not in text
        for reference in re.findall(r"url\(['\"]?(?!data:|#)([^)'\"]+)", text):
            assert (css.parent / reference).is_file(), reference


def test_the_vendored_plotly_is_the_one_the_python_library_draws_for() -> None:
    head = (VENDOR / "plotly" / "plotly-basic.min.js").read_text()[:200]
    assert f"v{plotly.offline.get_plotlyjs_version()}" in head


def test_no_module_is_larger_than_a_reader_can_hold() -> None:
    modules = tracked_texts("fitsvc/*.py", "static/*.js", "tests/*.py", "scripts/*.py")
    sizes = {name: len(text.splitlines()) for name, text in modules.items()}
    assert sizes
    assert not {name: lines for name, lines in sizes.items() if lines > LARGEST_MODULE}


@pytest.mark.parametrize(
    "pattern",
    [
        INLINE_HANDLER,
        INLINE_STYLE,
        re.compile(r"autoescape\s+false"),
        re.compile(r"(?:src|href)\s*=\s*[\"']https?://"),
    ],
    ids=["event handler", "style attribute", "autoescape off", "third party"],
)
def test_no_page_template_has(pattern: re.Pattern[str]) -> None:
    templates = tracked_texts("templates")
    assert templates
    pages = {name: text for name, text in templates.items() if not name.startswith("templates/messages/")}
    found = [name for name, text in pages.items() if pattern.search(text)]
    assert not found
