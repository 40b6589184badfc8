"""The passwords most often found in published leaks, looked up offline: 55,520 of them, from two lists (see LICENSE).

The domain's own rule (`domain.password`) knows stems, rows of keys and what belongs to the person.
"""

import gzip
import re
import unicodedata
from functools import cache
from importlib.resources import files

_LIST = "common_passwords.txt.gz"
_PLAIN = str.maketrans("013457@$!", "oieastasi")  # the swaps everybody knows: p4ssw0rd
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SEPARATORS = re.compile(r"[\W_]+")
_SHORTEST_PART = 4


def is_common(password: str) -> bool:
    """Whether a password stands on the list: as it is, with the usual swaps undone, without what is put before and
    after it, without separators; or is such a one repeated, or two of them in a row.
    """
    return any(_is_listed(form) for form in _forms(password))


def _forms(password: str) -> set[str]:
    small = unicodedata.normalize("NFKC", password).casefold().strip()
    versions = {small, small.translate(_PLAIN)}
    versions |= {_SEPARATORS.sub("", one) for one in versions}
    return versions | {_ENDS.sub("", one) for one in versions} | {_ENDS.sub("", small).translate(_PLAIN)}


def _is_listed(form: str) -> bool:
    listed = _listed()
    if form in listed:
        return True
    cuts = range(_SHORTEST_PART, len(form) - _SHORTEST_PART + 1)
    if any(form[:cut] in listed and form[cut:] in listed for cut in cuts):
        return True
    return any(
        form[:cut] in listed and form == form[:cut] * (len(form) // cut)
        for cut in range(_SHORTEST_PART, len(form) // 2 + 1)
    )


@cache
def _listed() -> frozenset[str]:
    """Read once in each process, when somebody first chooses a password."""
    packed = files(__name__).joinpath(_LIST).read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n")) - {""}
