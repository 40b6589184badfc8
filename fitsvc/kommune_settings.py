"""Settings of sign-in through the kommune's own identity provider, read with the others by `config`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from fitsvc.domain.kommune_mapping_file import KommuneMappingError, parse_kommune_mapping
from fitsvc.domain.kommune_person import KommuneMapping

NAMES = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE", "OIDC_MAPPING")
LARGEST_MAPPING = 200_000


@dataclass(frozen=True, slots=True)
class KommuneProvider:
    """One OpenID provider. `issuer` exactly as the provider writes it in its tokens."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    mapping: KommuneMapping


def is_set(environment: Mapping[str, str], prefix: str) -> bool:
    return any(environment.get(prefix + name, "").strip() for name in NAMES)


def parse_issuer(sent: str) -> str:
    """An address over https; without it on this machine only. Raises ValueError."""
    parts = urlsplit(sent)
    if not parts.hostname or parts.query or parts.fragment or parts.username or len(sent) > 255:
        raise ValueError
    if not is_safe_address(sent):
        raise ValueError
    return sent


def is_safe_address(address: str) -> bool:
    """Whether what is sent there cannot be read on the way: https, or this machine itself."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname or ""))
    )


def parse_word(sent: str) -> str:
    if len(sent) > 500 or not sent.isprintable():
        raise ValueError
    return sent


def read_mapping(path: str) -> KommuneMapping:
    """The mapping in a file. Raises KommuneMappingError, which says what is wrong with it and where."""
    file = Path(path)
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_MAPPING + 1)
        if len(content) > LARGEST_MAPPING:
            raise KommuneMappingError(f"{file.name}: larger than {LARGEST_MAPPING} bytes")
        return parse_kommune_mapping(content.decode("utf-8-sig"), file=file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise KommuneMappingError("expected a text file that can be read") from error


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
