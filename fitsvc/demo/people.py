"""The staff and units of the demo. Every name is plainly invented."""

import secrets
from dataclasses import dataclass

from fitsvc.domain.roles import Role
from fitsvc.storage.organisation import UnitKind

UNITS: dict[str, tuple[str, UnitKind]] = {
    "authority": ("Børn og Unge", UnitKind.AUTHORITY),
    "provider": ("Fyrtårnet", UnitKind.PROVIDER),
    "external": ("Sivsøens Familieværk", UnitKind.EXTERNAL_PROVIDER),
}


@dataclass(frozen=True, slots=True)
class StaffPart:
    """One member of staff; `key` is also the name before the @ of the e-mail address."""

    key: str
    name: str
    role: Role
    unit: str

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


STAFF: tuple[StaffPart, ...] = (
    StaffPart("solvej", "Solvej Prøvestrup", Role.PRACTITIONER, "provider"),
    StaffPart("bjarke", "Bjarke Opdigtsen", Role.PRACTITIONER, "provider"),
    StaffPart("tilde", "Tilde Påfund", Role.PRACTITIONER, "external"),
    StaffPart("malthe", "Malthe Eksempelholm", Role.CASEWORKER, "authority"),
    StaffPart("runa", "Runa Skitsegaard", Role.CASEWORKER, "authority"),
    StaffPart("gerda", "Gerda Modellund", Role.AUTHORITY_LEADER, "authority"),
    StaffPart("villads", "Villads Attrapskov", Role.PROVIDER_LEADER, "provider"),
    StaffPart("ylva", "Ylva Kulissedal", Role.PROVIDER_LEADER, "external"),
    StaffPart("konrad", "Konrad Prøveby", Role.ADMINISTRATOR, "authority"),
    StaffPart("dagny", "Dagny Tænktborg", Role.AUDITOR, "authority"),
)

# For passwords that can be typed from a terminal into a browser.
_WORDS = (
    "ravn", "lygte", "birk", "havn", "sten", "mose", "kilde", "fjord", "kompas", "trappe", "vinter", "sommer", "mark",
    "skov", "bro", "sejl", "hytte", "kande", "urt", "brise", "dal", "lod", "nordlys", "rav", "spand", "tinde",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secrets:
    """One account's password and, for practitioners, the PIN that unlocks a handed-over device."""

    password: str
    pin: str | None


def draw_secrets(part: StaffPart) -> Secrets:
    """New ones every time a demo is built."""
    words = "-".join(secrets.choice(_WORDS) for _ in range(4))
    pin = f"{secrets.randbelow(1_000_000):06}" if part.role is Role.PRACTITIONER else None
    return Secrets(f"{words}-{secrets.randbelow(100):02}", pin)
