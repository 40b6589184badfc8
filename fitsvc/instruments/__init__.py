"""The instruments that come with the service and the kommune's licensed ones, read into one catalogue."""

import os
from importlib.resources import files
from pathlib import Path

from fitsvc.domain.catalogue import Catalogue, build_catalogue
from fitsvc.domain.instrument import Instrument, InstrumentError
from fitsvc.domain.instrument_file import parse_instrument


def load_catalogue(pack_folder: Path | None = None) -> Catalogue:
    """The bundled instruments and every `*.toml` in and under the pack folder. Raises InstrumentError."""
    own = [
        _parse(source.name, source.read_bytes(), local_pack=False)
        for source in sorted(files(__name__).iterdir(), key=lambda one: one.name)
        if source.name.endswith(".toml")
    ]
    return build_catalogue([*own, *_load_packs(pack_folder, {one.id for one in own})])


def _load_packs(folder: Path | None, own_ids: set[str]) -> list[Instrument]:
    """Licensed instruments. They cannot take the id of an own one, nor the same id and version twice."""
    if folder is None:
        return []
    if not folder.is_dir():
        got = "a file" if folder.exists() else "nothing"
        raise InstrumentError(str(folder), "(the folder)", "a folder with instrument packs", got)
    if not os.access(folder, os.R_OK | os.X_OK):  # rglob would find nothing and say nothing
        raise InstrumentError(str(folder), "(the folder)", "a readable folder", "one that may not be read")
    found: dict[tuple[str, str], Instrument] = {}
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        one = _parse(name, _read(path, name), local_pack=True)
        if one.id in own_ids:
            raise InstrumentError(name, "id", "an id that no own instrument has", repr(one.id))
        if (one.id, one.version) in found:
            raise InstrumentError(name, "version", f"a version of {one.id} not yet there", repr(one.version))
        found[one.id, one.version] = one
    return list(found.values())


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InstrumentError(name, "(the file)", "a readable file", error.strerror or str(error)) from error


def _parse(name: str, content: bytes, *, local_pack: bool) -> Instrument:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InstrumentError(
            name, "(the file)", "text in UTF-8", f"byte {error.start + 1} that is not"
        ) from error
    return parse_instrument(text, file=name, local_pack=local_pack)
