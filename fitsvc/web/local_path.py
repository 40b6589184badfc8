"""Addresses that stay within the service."""

from urllib.parse import urlsplit


def is_local_path(wanted: str) -> bool:
    """Whether a browser would read this as a path of the same site, and nothing else."""
    parts = urlsplit(wanted)
    starts_well = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return starts_well and not parts.netloc and not parts.scheme and wanted.isprintable()
