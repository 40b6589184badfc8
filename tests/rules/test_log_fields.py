"""Every call that writes an act names details its act declares: found by reading the code, not by running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from fitsvc.domain.audit import FIELDS, Act

CODE = Path(__file__).parents[2] / "fitsvc"
OWN_WORDS = {"at", "staff_id", "case_id", "why", "session", "act"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "record_act"
            ):
                yield f"{file.relative_to(CODE)}:{node.lineno}", node


def acts_of(call: ast.Call) -> set[Act]:
    """The acts a call names itself; one that is handed its act names none."""
    return {
        Act[node.attr]
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Act"
    }


def test_every_call_names_the_details_its_act_declares() -> None:
    wrong, seen = [], set()
    for where, call in calls():
        names = {keyword.arg for keyword in call.keywords if keyword.arg} - OWN_WORDS
        has_more = any(keyword.arg is None for keyword in call.keywords)
        for act in acts_of(call):
            seen.add(act)
            declared = FIELDS[act]
            if names - declared.possible or (declared.needed - names and not has_more):
                wrong.append(f"{where}: {act.name} {sorted(names)}")
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 40
