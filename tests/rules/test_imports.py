"""What the import contracts in pyproject.toml cannot say: single names, the standard library, the clock."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "fitsvc"

SQLALCHEMY_AT_HOME = (
    "fitsvc/storage/",
    "fitsvc/web/database.py",  # opens the request's one transaction
    "fitsvc/web/limit_storage.py",  # a storage for the library `limits`: short transactions outside the request's
    "fitsvc/schema.py",  # runs the migrations
    "fitsvc/setting_values.py",  # reads the database's address
)
SESSION_ONLY = {"sqlalchemy.orm.Session"}
IMPURE_MODULES = {
    "os",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
}
IMPURE_CALLS = (
    ".datetime.now",
    ".datetime.utcnow",
    ".date.today",
    ".datetime.today",
    ".open",
    ".uuid1",
    ".uuid4",
)


def parse_modules(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(), filename=str(path))


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Full dotted names: `from a.b import c` is a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_outside_storage_nothing_of_sqlalchemy_is_used_but_the_session_type() -> None:
    strangers = [
        f"{path}: {name}"
        for path, tree in parse_modules(PACKAGE)
        if not path.startswith(SQLALCHEMY_AT_HOME)
        for name in imported_names(tree)
        if name.split(".")[0] == "sqlalchemy" and name not in SESSION_ONLY
    ]
    assert not strangers, "\n".join(strangers)


def test_the_domain_imports_only_itself_and_the_standard_library() -> None:
    strangers = [
        f"{path}: {name}"
        for path, tree in parse_modules(PACKAGE / "domain")
        for name in imported_names(tree)
        if not name.startswith("fitsvc.domain.") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert not strangers, "\n".join(strangers)


def test_the_domain_has_no_clock_no_chance_and_no_files() -> None:
    impure = []
    for path, tree in parse_modules(PACKAGE / "domain"):
        impure += [f"{path}: {name}" for name in imported_names(tree) if name.split(".")[0] in IMPURE_MODULES]
        calls = (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
        impure += [f"{path}: {call}()" for call in calls if f".{call}".endswith(IMPURE_CALLS)]
    assert not impure, "\n".join(impure)
