"""Data keys: what they write only they read, and nothing that was changed is ever shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.keyring import KEY_BYTES, Keyring, WrongKey, new_key

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OLD, NEW = bytes(range(KEY_BYTES)), bytes(range(1, KEY_BYTES + 1))
RING = Keyring.of({"old": OLD})


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    stored = RING.encrypt_text(text)
    assert RING.decrypt_text(stored) == text
    assert stored.startswith("old:")


@given(st.binary())
def test_any_bytes_come_back(value: bytes) -> None:
    assert RING.decrypt(RING.encrypt(value)) == value


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert RING.encrypt_text("Ravn") != RING.encrypt_text("Ravn")


@given(st.binary(min_size=1), st.data())
def test_a_changed_value_is_never_read(value: bytes, data: st.DataObject) -> None:
    stored = bytearray(RING.encrypt(value))
    place = data.draw(st.integers(0, len(stored) - 1))
    stored[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WrongKey):
        RING.decrypt(bytes(stored))


@pytest.mark.parametrize(
    "stored", ["", "Ravn", "old:", "old:Ravn", "old:!!!", ":", "old:" + "A" * 8, "Ørn:abcd"]
)
def test_what_is_no_value_is_refused_clearly(stored: str) -> None:
    with pytest.raises(WrongKey):
        RING.decrypt_text(stored)


def test_a_value_cut_short_is_refused() -> None:
    stored = RING.encrypt(b"Ravn")
    for length in range(len(stored)):
        with pytest.raises(WrongKey):
            RING.decrypt(stored[:length])


def test_another_key_of_the_same_id_reads_nothing_and_has_another_check_value() -> None:
    other = Keyring.of({"old": NEW})
    with pytest.raises(WrongKey, match="does not open"):
        other.decrypt_text(RING.encrypt_text("Ravn"))
    assert other.check_value("old") != RING.check_value("old")
    assert OLD.hex() not in RING.check_value("old")


def test_an_unknown_id_is_said_to_be_missing() -> None:
    with pytest.raises(WrongKey, match="not among FITSVC_DATA_KEYS"):
        Keyring.of({"new": NEW}).decrypt_text(RING.encrypt_text("Ravn"))


def test_the_id_is_part_of_what_is_authenticated() -> None:
    both = Keyring.of({"old": OLD, "same": OLD})
    with pytest.raises(WrongKey):
        both.decrypt(b"same" + both.encrypt(b"Ravn").removeprefix(b"old"))


def test_the_first_key_writes_and_every_key_reads() -> None:
    both = Keyring.parse(f"new:{new_key()}, old:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    assert both.encrypt_text("Ravn").startswith("new:")
    assert both.decrypt_text(RING.encrypt_text("Ravn")) == "Ravn"


@pytest.mark.parametrize(
    "written",
    [
        "", "old", "old:", "old:short", "OLD:" + KEY, "a-name-that-is-too-long:" + KEY, "old:***",
        f"one:{KEY} one:{KEY}", ":" + KEY, "old:" + KEY + KEY,
    ],
)  # fmt: skip
def test_settings_that_are_no_keys_are_refused_without_repeating_them(written: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        Keyring.parse(written)
    secret = written.partition(":")[2]
    assert not secret or secret not in str(refused.value)


def test_no_key_is_shown_where_objects_are_printed() -> None:
    assert repr(OLD) not in repr(RING)
    assert OLD.hex() not in repr(RING)


def test_the_logs_are_sealed_with_a_key_of_their_own() -> None:
    assert RING.log_key("old") not in {OLD, bytes.fromhex(RING.check_value("old"))}
    with pytest.raises(WrongKey):
        RING.log_key("new")
