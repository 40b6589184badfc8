"""Reading an instrument from its TOML text. Everything that is not understood is refused, never guessed."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from fitsvc.domain.instrument import (
    Direction,
    Instrument,
    InstrumentError,
    InstrumentText,
    Item,
    ItemText,
    Kind,
    Scale,
    ScaleKind,
    ScoringMethod,
)
from fitsvc.domain.instrument_figures import read_alliance, read_assumptions, read_norms, read_scoring
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.toml_table import NOTHING, Table, is_number

OLDEST = 25
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")
Value = TypeVar("Value")


def parse_instrument(text: str, *, file: str, local_pack: bool = False) -> Instrument:
    """The instrument a file describes; `file` names it in errors.

    Norms, and drafts with `structure_only`, belong to local packs alone. Raises InstrumentError.
    """
    normal = normalised(text)
    try:
        content = tomllib.loads(normal)
    except (ValueError, RecursionError) as error:  # also numbers and nesting beyond what Python reads
        raise InstrumentError(file, "(the file)", "valid TOML", str(error)) from error
    table = Table(content, file)
    instrument = _instrument(table, local_pack, hashlib.sha256(normal.encode()).hexdigest())
    table.finish()
    return instrument


def normalised(text: str) -> str:
    """The text without what editors and version control change on their own; the checksum is taken over it.

    That is the byte order mark, line ends, trailing blanks, and letters composed of two signs.
    """
    lines = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).splitlines()
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _instrument(table: Table, local_pack: bool, checksum: str) -> Instrument:
    identity = table.slug("id")
    version = _version(table)
    licence, source = table.text("licence"), table.text("source")
    licence_number = table.optional_text("licence_number")
    kind = table.code("kind", Kind)
    direction = table.code("direction", Direction)
    structure_only = table.flag("structure_only")
    if structure_only and not local_pack:
        table.refuse("structure_only", "an own instrument to have its texts", True)
    age_from, age_to = table.optional_whole("age_from", 0, OLDEST), table.optional_whole("age_to", 0, OLDEST)
    if age_from is not None and age_to is not None and age_to < age_from:
        table.refuse("age_to", f"an age from {age_from} up", age_to)
    roles = _roles(table)
    languages = _languages(table)
    validated = _validated(table, languages)
    scale = _scale(table.table("scale"))
    forms = _by_language(table, languages)
    ends = {one: ItemText("", part.draft_text("low"), part.draft_text("high")) for one, part in forms.items()}
    items = _items(table.tables("items"), languages, ends, structure_only)
    areas = tuple(dict.fromkeys(item.area for item in items))
    with_comment = any(part.has("comment") for part in forms.values()) and not structure_only
    for part in forms.values():
        if with_comment and not part.has("comment"):
            part.refuse("comment", "a text, as in the other languages", NOTHING)
    texts = {one: _form_text(part, scale, areas, structure_only) for one, part in forms.items()}
    scoring = read_scoring(table.table("scoring"), kind, scale, len(items))
    on_curve = kind is Kind.WELLBEING and scoring.method is not ScoringMethod.NONE
    return Instrument(
        id=identity,
        version=version,
        kind=kind,
        rater_roles=roles,
        age_from=age_from,
        age_to=age_to,
        languages=languages,
        validated=validated,
        licence=licence,
        licence_number=licence_number,
        source=source,
        direction=direction,
        scale=scale,
        items=items,
        scoring=scoring,
        texts=MappingProxyType(texts),
        assumptions=read_assumptions(table, on_curve, scoring),
        norms=read_norms(table, on_curve and local_pack, scoring),
        alliance=read_alliance(table, kind, scoring),
        structure_only=structure_only,
        checksum=checksum,
        notice_at=table.optional_number("notice_at", scale.minimum, scale.maximum),
        local_pack=local_pack,
    )


def _version(table: Table) -> str:
    version = table.text("version")
    if not VERSION.fullmatch(version):
        table.refuse("version", 'numbers and full stops, as in "1.0"', version)
    return version


def _distinct(table: Table, key: str, values: list[Value]) -> tuple[Value, ...]:
    for place, value in enumerate(values):
        if value in values[:place]:
            table.refuse(key, "each only once", value)
    return tuple(values)


def _roles(table: Table) -> tuple[RaterRole, ...]:
    expected = "a list of rater roles (" + ", ".join(RaterRole) + ")"
    found = table.values("rater_roles", expected)
    for role in found:
        if not isinstance(role, str) or role not in set(RaterRole):
            table.refuse("rater_roles", expected, role)
    return _distinct(table, "rater_roles", [RaterRole(role) for role in found])


def _languages(table: Table) -> tuple[str, ...]:
    expected = 'a list of language codes, the original first, as in ["da", "en"]'
    found = table.values("languages", expected)
    for language in found:
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            table.refuse("languages", expected, language)
    return _distinct(table, "languages", found)


def _validated(table: Table, languages: tuple[str, ...]) -> Mapping[str, bool]:
    """Not validated unless the file says so."""
    part = table.optional_table("validated")
    if part is None:
        return MappingProxyType(dict.fromkeys(languages, False))
    said = {language: part.flag(language) for language in languages}
    part.finish()
    return MappingProxyType(said)


def _scale(table: Table) -> Scale:
    kind = table.code("kind", ScaleKind)
    expected = "two or more different numbers, ascending"
    values = table.values("values", expected)
    for value in values:
        if not is_number(value):
            table.refuse("values", expected, value)
    if len(values) < 2 or any(right <= left for left, right in pairwise(values)):
        table.refuse("values", expected, values)
    if kind is ScaleKind.FACES and len(values) not in (3, 5):
        table.refuse("values", "3 or 5 values for faces", values)
    table.finish()
    return Scale(kind, tuple(float(value) for value in values))


def _by_language(table: Table, languages: tuple[str, ...]) -> dict[str, Table]:
    """The tables `text.da`, `text.en` …; a language that was not declared is refused."""
    whole = table.table_or_empty("text")
    parts = {language: whole.table_or_empty(language) for language in languages}
    whole.finish()
    return parts


def _read_text(table: Table, key: str, draft: bool) -> str:
    return table.draft_text(key) if draft else table.text(key)


def _form_text(table: Table, scale: Scale, areas: tuple[str, ...], draft: bool) -> InstrumentText:
    """A form's words in one language, all but the end labels, which the items have taken."""
    title, intro = _read_text(table, "title", draft), _read_text(table, "intro", draft)
    names = table.table_or_empty("areas")
    area_names = {area: _read_text(names, area, draft) for area in areas}
    names.finish()
    steps = _steps(table, scale, draft)
    comment = table.optional_text("comment")
    table.finish()
    return InstrumentText(title, intro, MappingProxyType(area_names), steps, comment)


def _steps(table: Table, scale: Scale, draft: bool) -> tuple[str, ...]:
    """A word for each value. Faces need them: they are all that somebody who cannot see the face has."""
    if not table.has("steps") and (draft or scale.kind is not ScaleKind.FACES):
        return table.absent("steps", ())
    expected = f"a list of {len(scale.values)} texts, one for each value of the scale"
    found = table.values("steps", expected)
    if len(found) != len(scale.values) or not all(isinstance(step, str) and step.strip() for step in found):
        table.refuse("steps", expected, found)
    return tuple(step.strip() for step in found)


def _items(
    tables: list[Table], languages: tuple[str, ...], ends: Mapping[str, ItemText], draft: bool
) -> tuple[Item, ...]:
    """The items in the order they are shown. End labels left out of an item are the form's."""
    items: list[Item] = []
    for table in tables:
        identity = table.slug("id")
        if identity in {item.id for item in items}:
            table.refuse("id", "an id that no other item has", identity)
        area, cannot_see = table.slug("area"), table.flag("cannot_see")
        texts = {
            language: _item_text(part, ends[language], draft)
            for language, part in _by_language(table, languages).items()
        }
        table.finish()
        items.append(Item(identity, area, MappingProxyType(texts), cannot_see))
    return tuple(items)


def _item_text(table: Table, ends: ItemText, draft: bool) -> ItemText:
    prompt = _read_text(table, "prompt", draft)
    low = ends.low if ends.low and not table.has("low") else _read_text(table, "low", draft)
    high = ends.high if ends.high and not table.has("high") else _read_text(table, "high", draft)
    table.absent("low", None)
    table.absent("high", None)
    table.finish()
    return ItemText(prompt, low, high)
