"""docs/security.md lists twenty attacks, and each names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ATTACKS = re.findall(r"^### (\d+)\. [^\n]*\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"tests/[\w/.]+(?:::\w+)?")


def test_there_are_twenty_in_order() -> None:
    assert [int(number) for number, _ in ATTACKS] == list(range(1, 21))


@pytest.mark.parametrize(("number", "text"), ATTACKS)
def test_each_has_a_command_that_runs_tests_and_says_what_should_happen(number: str, text: str) -> None:
    command = re.search(r'^    make test PYTEST_ARGS="(.+)"$', text, re.MULTILINE)
    assert command, "the command stands on a line of its own"
    assert re.search(r"\n\n\S[^\n]+(?:\n\S[^\n]*)*\s*$", text), "what should happen stands after the command"
    named = NAMED.findall(command.group(1))
    assert named
    for one in named:
        path, _, test = one.partition("::")
        assert (ROOT / path).exists(), one
        if test:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, one
