"""Encrypted columns: unreadable in the file, never compared by the database, each engine with its own keys."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, String, Text, create_engine, func, select, text
from sqlalchemy.orm import Session

from fitsvc.demo.build import build_demo
from fitsvc.domain.catalogue import Catalogue
from fitsvc.keyring import KEY_BYTES, Keyring, WrongKey
from fitsvc.storage.accounts import Staff
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.organisation import Unit
from fitsvc.storage.respondents import Person, Respondent
from fitsvc.storage.secret import EncryptedBytes, EncryptedText
from tests.builders import Builder
from tests.demo.conftest import MONDAY, quick_hash
from tests.keys import KEYS

_NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
CODES = "code or id of ours"
STAFF = "a member of staff or a unit at work, found and listed by name"
HASHED = "a hash, or encrypted by the library that writes it"
BOOKKEEPING = "of the installation, about nobody"
READABLE = {
    "access_log.access": CODES,
    "access_log.origin": "an address, link, device or command: what the auditor searches",
    "audit_log.act": CODES,
    "audit_log.origin": "an address, link, device or command: what the auditor searches",
    "cases.reference": "the case system's number, searched by its beginning; never CPR",
    "external_series.name": "what is counted, chosen from a list or as neutral as one (absence)",
    "external_series.value_unit": "days, per cent",
    "instrument_versions.checksum": BOOKKEEPING,
    "installation_facts.name": BOOKKEEPING,
    "installation_facts.value": BOOKKEEPING,
    "own_standards.name": "a standard for everybody, decided in public",
    "own_standards.source": "a standard for everybody, decided in public",
    "staged_targets.reference": "the case system's number, searched by its beginning; never CPR",
    "episodes.measure_type": CODES,
    "episodes.legal_basis": CODES,
    "episodes.cadence_standard": CODES,
    "own_standard_rows.measure_type": CODES,
    "roles.name": CODES,
    "roles.description": CODES,
    "roles.permissions": CODES,
    "staff.email": STAFF,
    "account_links.new_email": STAFF,
    "staff.name": STAFF,
    "staff.oidc_issuer": STAFF,
    "staff.oidc_subject": STAFF,
    "staff.password": HASHED,
    "staff.pin_hash": HASHED,
    "staff.tf_primary_method": CODES,
    "staff.mf_recovery_codes": HASHED,
    "staff.fs_uniquifier": CODES,
    "staff.fs_webauthn_user_handle": CODES,
    "passkeys.extensions": CODES,
    "passkeys.name": STAFF,
    "passkeys.transports": CODES,
    "passkeys.usage": CODES,
    "passkeys.device_type": CODES,
    "sign_ins.browser": STAFF,
    "sign_ins.origin": STAFF,
    "sign_ins.oidc_sid": CODES,
    "units.name": STAFF,
    "limit_counters.key": HASHED,
}
"""Columns that can hold words and are not encrypted, each with its reason. Anything else is an oversight."""

CODE_LENGTH = 40
CODE_NAMES = (
    "_id",
    "_version",
    "_hash",
    "_sha256",
    "digest",
    "import_key",
    "key_id",
    "mac",
    "last_mac",
    "login_key",
)
"""What ends so is made by us: an id, a version, a fingerprint."""
CODE_COLUMNS = {
    "agenda_entries.subject", "agreed_expectations.area", "cases.reference", "external_series.series_key",
    "follow_up_meetings.cadence", "point_notes.picture", "own_standards.slug",
}  # fmt: skip


def test_every_text_is_encrypted_or_readable_for_a_reason() -> None:
    words = {
        f"{table.name}.{column.name}": column.type
        for table in Base.metadata.sorted_tables
        for column in table.c
        if isinstance(getattr(column.type, "impl_instance", column.type), String | Text)
    }
    oversights = [
        name
        for name, kind in words.items()
        if not isinstance(kind, EncryptedText)
        and name not in READABLE
        and name not in CODE_COLUMNS
        and not name.endswith(CODE_NAMES)
        and (getattr(kind, "length", None) or 1_000) > CODE_LENGTH
    ]
    assert oversights == []
    secret = {name for name, kind in words.items() if isinstance(kind, EncryptedText)}
    assert secret & READABLE.keys() == set()
    assert READABLE.keys() <= words.keys()


def test_an_empty_text_and_none_stay_what_they_are(session: Session, build: Builder) -> None:
    respondent = build.respondent(build.case(), label="")
    session.commit()
    session.expire_all()
    found = session.get_one(Respondent, respondent.id)
    person = session.get_one(Person, respondent.person_id)
    assert (found.label, person.email) == ("", None)
    assert session.scalar(text("SELECT label FROM respondents")) == ""


def test_what_is_stored_is_another_text_and_comes_back(session: Session, build: Builder) -> None:
    case = build.case(display_name="Ravn ÆØÅ 🦉")
    session.commit()
    session.expire_all()
    stored = str(session.scalar(text("SELECT display_name FROM cases")))
    assert stored.startswith("test:")
    assert "Ravn" not in stored
    assert session.get_one(Case, case.id).display_name == "Ravn ÆØÅ 🦉"


@pytest.mark.parametrize(
    "compare",
    [
        lambda: Case.display_name == "Ravn",
        lambda: Case.display_name.contains("Ravn"),
        lambda: Case.display_name.like("R%"),
        lambda: Case.display_name.in_(["Ravn"]),
        lambda: Case.display_name.desc(),
        lambda: Case.display_name < "S",
    ],
)
def test_a_query_that_compares_what_it_cannot_read_is_refused(compare: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match="within the actor's scope"):
        compare()


def test_none_can_be_asked_for() -> None:
    assert "email IS NULL" in str(select(Person.id).where(Person.email.is_(None)))


def test_two_engines_in_one_process_have_their_own_keys(tmp_path: Path) -> None:
    other = Keyring.of({"other": bytes(KEY_BYTES)})
    engines = {
        name: build_engine(f"sqlite:///{tmp_path / name}", keys) for name, keys in (("a", KEYS), ("b", other))
    }
    stored = {}
    for name, engine in engines.items():
        Base.metadata.tables["persons"].create(engine)
        with Session(writing(engine)) as session:
            session.add(Person(name="Mor Ravn", language="da", created_at=_NOON))
            session.commit()
            stored[name] = str(session.scalar(text("SELECT name FROM persons")))
            session.expire_all()
            assert session.scalar(select(Person.name)) == "Mor Ravn"
    assert [one.partition(":")[0] for one in stored.values()] == ["test", "other"]
    wrong = build_engine(f"sqlite:///{tmp_path / 'b'}", KEYS)
    with Session(wrong) as session, pytest.raises(WrongKey):
        session.scalar(select(Person.name))
    for engine in (*engines.values(), wrong):
        engine.dispose()


def test_an_engine_without_keys_says_so(engine: Engine) -> None:
    bare = create_engine(engine.url)
    with Session(bare) as session:
        session.add(Person(name="x", language="da", created_at=_NOON))
        with pytest.raises(Exception, match="without data keys"):
            session.flush()
    bare.dispose()


def test_a_whole_demo_holds_no_name_contact_or_word_that_can_be_read(
    engine: Engine, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitsvc.demo.build.hash_secret", quick_hash)
    demo = build_demo(MONDAY, catalogue)
    with Session(writing(engine)) as session:
        demo.rows.store(session)
        session.commit()
        secrets = _read_secrets(session)
        reference = session.scalar(select(Case.reference))
    engine.dispose()
    assert len(secrets) > 150
    stored = _raw(engine)
    assert str(reference).encode() in stored  # what may be read is found: this look does see the rows
    assert [one for one in secrets if one.encode() in stored] == []


def _read_secrets(session: Session) -> set[str]:
    """Every encrypted text in clear, but for days, staff (who rate too) and words so short that chance spells them."""
    found: set[str] = set()
    known = {*session.scalars(select(Staff.name)), *session.scalars(select(Unit.name)), *_MINUTE_CODES}
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, EncryptedText):
                found |= {one for one in session.scalars(select(column)) if one and len(one) >= SHORTEST}
            elif isinstance(column.type, EncryptedBytes):
                assert all(not bytes(one).startswith(b"test:") for one in session.scalars(select(column)))
    return {one for one in found - known if any(letter.isalpha() for letter in one)}


SHORTEST = 6
_MINUTE_CODES = {"before", "present"}  # ticks in the minutes, which are names of other things too


def _raw(engine: Engine) -> bytes:
    """All that lies in the database: the file's bytes, or every value as PostgreSQL has it."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        return b"".join(
            one.read_bytes() for one in (path, path.with_name(f"{path.name}-wal")) if one.exists()
        )
    with engine.connect() as connection:
        rows = (
            str(row[0])
            for table in Base.metadata.sorted_tables
            for row in connection.execute(
                select(func.row_to_json(text(f'"{table.name}"'))).select_from(table)
            )
        )
        return "\n".join(rows).encode()
