"""The catalogue: every instrument in use, and which form to suggest for whom."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fitsvc.domain.instrument import Instrument, Kind, ScaleKind
from fitsvc.domain.rater import RaterRole

YOUNGEST_SELF_REPORT = 6
"""Whole years. Below this a child is not asked to rate."""
YOUNGEST_ON_POINTS = 8
"""Whole years. Below this a child is only offered faces, never a line of numbers."""


class UnknownInstrumentError(LookupError):
    """No instrument with this id (and version) is in the catalogue."""


def version_key(version: str) -> tuple[int, ...]:
    """A version such as "1.10" as numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part) for part in version.split("."))


_KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every instrument in use, by id and version. Old versions stay, so that old ratings can be read."""

    instruments: Mapping[tuple[str, str], Instrument] = field(hash=False)

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.instruments.values())

    def __len__(self) -> int:
        return len(self.instruments)

    def __contains__(self, key: object) -> bool:
        return key in self.instruments

    def find(self, instrument_id: str, version: str | None = None) -> Instrument | None:
        """This version (without one: the latest) of an instrument, or None."""
        if version is not None:
            return self.instruments.get((instrument_id, version))
        versions = [one for one in self if one.id == instrument_id]
        return max(versions, key=lambda one: version_key(one.version), default=None)

    def get(self, instrument_id: str, version: str | None = None) -> Instrument:
        """This version (without one: the latest) of an instrument; UnknownInstrumentError if not there."""
        found = self.find(instrument_id, version)
        if found is None:
            raise UnknownInstrumentError(f"{instrument_id} {version or '(any version)'}")
        return found

    def current(self) -> tuple[Instrument, ...]:
        """The latest version of each: own forms first, then local packs; by kind and id within each."""
        latest = {one.id: self.get(one.id) for one in self}
        return tuple(sorted(latest.values(), key=lambda one: (one.local_pack, _KIND_ORDER[one.kind], one.id)))

    def for_rater(self, role: RaterRole, age_years: int) -> tuple[Instrument, ...]:
        """The forms to suggest for this rater of a child of this age in whole years, ordered as `current`.

        A suggestion: the choice may be overridden. A child is not asked below 6, and gets only faces below 8.
        """
        return tuple(
            one
            for one in self.current()
            if one.may_be_given
            and role in one.rater_roles
            and one.fits_age(age_years)
            and (role is not RaterRole.CHILD or _suits_young_rater(one, age_years))
        )


def _suits_young_rater(instrument: Instrument, age_years: int) -> bool:
    if age_years < YOUNGEST_SELF_REPORT:
        return False
    return age_years >= YOUNGEST_ON_POINTS or instrument.scale.kind is ScaleKind.FACES


def build_catalogue(instruments: Iterable[Instrument]) -> Catalogue:
    """A catalogue of these; ValueError when the same id and version comes twice."""
    by_key: dict[tuple[str, str], Instrument] = {}
    for one in instruments:
        if (one.id, one.version) in by_key:
            raise ValueError(f"instrument {one.id} {one.version} is there twice")
        by_key[one.id, one.version] = one
    return Catalogue(MappingProxyType(by_key))


def changed_without_version(
    stored_checksums: Mapping[tuple[str, str], str], catalogue: Catalogue
) -> tuple[Instrument, ...]:
    """The instruments that are no longer what ratings were given under, though the version is the same."""
    return tuple(
        one for one in catalogue if stored_checksums.get((one.id, one.version), one.checksum) != one.checksum
    )
