"""Danish is complete: every message of the code and the templates is translated, and nothing else is kept."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import check_and_call_extract_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
DANISH = ROOT / "fitsvc" / "translations" / "da" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "N_": None,  # marks a message that is translated later
    "nN_": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%")

Text = str | tuple[str, ...]
Key = tuple[str | None, Text]  # context, message id (singular and plural)


def extract_messages() -> dict[Key, str]:
    """Every message with the place it was found at."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[Key, str] = {}
    for folder in ("fitsvc", "templates"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            messages = check_and_call_extract_file(
                path,
                methods,
                options,
                callback=None,
                keywords=KEYWORDS,
                comment_tags=(),
                strip_comment_tags=False,
                dirpath=ROOT,
            )
            for name, line, message, _comments, context in messages:
                found.setdefault((context, message), f"{name}:{line}")
    return found


@pytest.fixture(scope="module")
def used() -> dict[Key, str]:
    return extract_messages()


@pytest.fixture(scope="module")
def danish() -> Catalog:
    with DANISH.open("rb") as file:
        return read_po(file, locale="da")


def entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def as_forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def is_translated(key: Key, catalog: Catalog) -> bool:
    context, text = key
    message = catalog.get(as_forms(text)[0], context)
    return message is not None and all(as_forms(message.string))


def test_messages_are_found_in_code_and_in_templates(used: dict[Key, str]) -> None:
    assert {Path(place).parts[0] for place in used.values()} == {"fitsvc", "templates"}


def test_every_message_has_a_danish_translation(used: dict[Key, str], danish: Catalog) -> None:
    missing = [f"{place}: {key[1]!r}" for key, place in used.items() if not is_translated(key, danish)]
    assert not missing, "\n".join(missing)


def test_every_translation_is_of_a_message_in_use(used: dict[Key, str], danish: Catalog) -> None:
    # by all forms: a plural that lost its plural in the code is found too
    unused = [message.id for message in entries(danish) if (message.context, message.id) not in used]
    assert not unused, "\n".join(map(repr, unused))


def test_no_translation_is_fuzzy_or_kept_as_obsolete(danish: Catalog) -> None:
    assert not [message.id for message in entries(danish) if message.fuzzy]
    assert not danish.obsolete


def test_a_translation_has_the_placeholders_of_its_message(danish: Catalog) -> None:
    wrong = []
    for message in entries(danish):
        for original, translated in zip(as_forms(message.id), as_forms(message.string), strict=True):
            if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(translated)):
                wrong.append(f"{original!r} -> {translated!r}")
    assert not wrong, "\n".join(wrong)


def test_message_ids_are_english(used: dict[Key, str]) -> None:
    danish_letters = [
        f"{place}: {text!r}"
        for (_, text), place in used.items()
        if re.search("[æøåÆØÅ]", "".join(as_forms(text)))
    ]
    assert not danish_letters, "\n".join(danish_letters)
