"""`make audit` says what is known, and never that all is well when nobody could be asked."""

import pytest

from scripts import audit

KNOWN = {"name": "flask", "version": "3.1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1.1"]}]}
CLEAN = {"name": "click", "version": "8.1.0", "vulns": []}
SKIPPED = {"name": "segno", "skip_reason": "not found"}


def answers(*packages: dict[str, object]) -> audit.Findings:
    findings = audit.Findings()
    audit.read_pip_audit({"dependencies": packages}, findings)
    return findings


def test_a_known_vulnerability_is_named_with_its_package() -> None:
    assert answers(KNOWN, CLEAN).known == ["flask 3.1.0: PYSEC-2026-1"]


def test_what_one_list_does_not_have_is_asked_of_the_next() -> None:
    findings = answers(CLEAN, SKIPPED)
    assert findings.unanswered == {"segno"}
    audit.read_pip_audit({"dependencies": [SKIPPED | {"version": "1.6", "vulns": []}]}, findings)
    assert findings.unanswered == {"segno"}
    audit.read_pip_audit({"dependencies": [{"name": "segno", "version": "1.6", "vulns": []}]}, findings)
    assert (findings.unanswered, findings.looked_up) == (set(), {"click", "segno"})


def test_vendored_files_count_only_when_npm_answered() -> None:
    findings = audit.Findings(unanswered={"dkfds"})
    audit.read_npm_audit({"message": "audit endpoint returned an error"}, {"dkfds": "11"}, findings)
    assert findings.unanswered == {"dkfds"}
    audit.read_npm_audit({"vulnerabilities": {"dkfds": {"severity": "high"}}}, {"dkfds": "11"}, findings)
    assert (findings.unanswered, findings.known) == (set(), ["dkfds: high"])


@pytest.mark.parametrize(("known", "unanswered", "code"), [([], set(), 0), (["x"], {"y"}, 1), ([], {"y"}, 2)])
def test_the_exit_code_tells_the_three_apart(
    monkeypatch: pytest.MonkeyPatch, known: list[str], unanswered: set[str], code: int
) -> None:
    def answer(findings: audit.Findings) -> None:
        findings.known += known
        findings.unanswered |= unanswered

    monkeypatch.setattr(audit, "ask_about_python", answer)
    monkeypatch.setattr(audit, "ask_about_vendored", lambda findings: None)
    assert audit.main() == code


def test_everything_locked_and_vendored_is_asked_about() -> None:
    assert {"flask", "sqlalchemy", "cryptography"} <= set(audit.locked())
    assert set(audit.vendored()) == {"dkfds", "plotly.js-basic-dist-min"}
