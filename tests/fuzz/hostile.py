"""What hostile input looks like, and how to see what it did."""

import re
import sqlite3
from pathlib import Path

from werkzeug.test import TestResponse

from tests.web.plain_forms import ABSURD

BOOKKEEPING = {
    "access_log",
    "audit_log",
    "case_readings",
    "limit_counters",
    "log_seals",
    "sign_ins",
    "spent",  # a challenge is spent by a wrong answer, too
    "sqlite_sequence",
}
TRACE = re.compile(r"Traceback|File &#34;|File \"/|sqlalchemy|jinja2|werkzeug|sqlite3|psycopg", re.IGNORECASE)
HOSTILE = (
    *ABSURD,
    "{{config}}",
    "\u202e\u0000\ufffe",
    "00000000-0000-0000-0000-000000000000",
    "=cmd|' /C calc'!A0",
    "2026-02-30",
    "٣",
    "\r\nSet-Cookie: a=b",
    "-0",
    "1,5",
    "on",
)
RAW = (
    b"",
    b"%",
    b"a=%ff%fe",
    b"csrf_token",
    b"&&&==;;",
    b"=" * 500,
    b"\xff\x00\xfe",
    b"a=1" + b"&a=1" * 3000,
)


class Changes:
    """From now on, every table that holds more than bookkeeping notes that it was changed."""

    def __init__(self, file: Path) -> None:
        with sqlite3.connect(file) as writer:
            names = [row[0] for row in writer.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            writer.execute("CREATE TABLE changed (name TEXT)")
            for name in sorted({*names} - BOOKKEEPING):
                for what in ("INSERT", "UPDATE", "DELETE"):
                    writer.execute(
                        f"CREATE TRIGGER noted_{name}_{what} AFTER {what} ON {name} "
                        f"BEGIN INSERT INTO changed VALUES ('{name}'); END"
                    )
        self.reader = sqlite3.connect(file)

    def so_far(self) -> int:
        """How many rows were changed and kept."""
        return int(self.reader.execute("SELECT coalesce(max(rowid), 0) FROM changed").fetchone()[0])

    def since(self, place: int) -> set[str]:
        rows = self.reader.execute("SELECT DISTINCT name FROM changed WHERE rowid > ?", (place,))
        return {row[0] for row in rows}


def check(answer: TestResponse, said: str) -> None:
    assert answer.status_code < 500, f"{said}: {answer.status_code}"
    if answer.mimetype.startswith("text/"):
        assert not TRACE.search(answer.text), said
    assert "Set-Cookie: a=b" not in str(answer.headers), said
