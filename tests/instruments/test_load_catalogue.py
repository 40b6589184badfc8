"""Bundled instruments and local packs become one catalogue, or a message saying which file and key."""

import os
from pathlib import Path

import pytest

from fitsvc.domain.instrument import InstrumentError
from fitsvc.domain.rater import RaterRole
from fitsvc.instruments import load_catalogue

PACKS = Path(__file__).parents[1] / "packs"
MOONBEAM = (PACKS / "moonbeam" / "moonbeam.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [PACKS, PACKS / "moonbeam"])
def test_a_pack_is_found_in_the_folder_or_in_a_folder_of_its_own(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert len(catalogue) == len(load_catalogue()) + 1
    assert catalogue.get("moonbeam").local_pack
    assert not catalogue.get("wellbeing-youth").local_pack
    assert catalogue.for_rater(RaterRole.CHILD, 14)[-1].id == "moonbeam"


def test_an_empty_folder_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not an instrument")
    assert len(load_catalogue(tmp_path)) == len(load_catalogue())


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "packs"
    with pytest.raises(InstrumentError) as raised:
        load_catalogue(missing)
    assert (
        str(raised.value) == f"{missing}: (the folder): expected a folder with instrument packs, got nothing"
    )


def test_a_file_in_place_of_the_folder_is_refused() -> None:
    with pytest.raises(InstrumentError, match=r"expected a folder with instrument packs, got a file"):
        load_catalogue(PACKS / "moonbeam" / "moonbeam.toml")


def test_the_id_of_an_own_instrument_is_taken_whatever_the_version(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MOONBEAM.replace('"moonbeam"', '"goal"'), encoding="utf-8")
    with pytest.raises(InstrumentError) as raised:
        load_catalogue(tmp_path)
    assert str(raised.value) == "mine.toml: id: expected an id that no own instrument has, got 'goal'"


def test_the_same_version_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "moon.toml").write_text(MOONBEAM, encoding="utf-8")
    with pytest.raises(InstrumentError) as raised:
        load_catalogue(tmp_path)
    assert (raised.value.file, raised.value.key) == ("b/moon.toml", "version")


def test_two_versions_live_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_text(MOONBEAM, encoding="utf-8")
    (tmp_path / "new.toml").write_text(MOONBEAM.replace('"2.1"', '"2.2"'), encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.get("moonbeam").version == "2.2"
    assert catalogue.get("moonbeam", "2.1").version == "2.1"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(MOONBEAM.encode("cp1252"))
    with pytest.raises(
        InstrumentError, match=r"latin\.toml: \(the file\): expected text in UTF-8, got byte \d+"
    ):
        load_catalogue(tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "moon.toml").mkdir()  # a folder by that name: unreadable even for root
    with pytest.raises(
        InstrumentError, match=r"moon\.toml: \(the file\): expected a readable file, got Is a dir"
    ):
        load_catalogue(tmp_path)


def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        os, "access", lambda *_: False
    )  # root, who often runs the tests, may read every folder
    with pytest.raises(InstrumentError, match="expected a readable folder, got one that may not be read"):
        load_catalogue(tmp_path)


def test_an_error_in_a_pack_names_its_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "moon.toml").write_text(MOONBEAM.replace("licence =", "license ="), encoding="utf-8")
    with pytest.raises(InstrumentError) as raised:
        load_catalogue(tmp_path)
    assert str(raised.value) == "moon.toml: licence: expected a non-empty text, got nothing"
