"""Every form and link of a page, as a browser would see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

UNSENT_TYPES = {"submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Form:
    """Where a form goes and what it sends when nobody touches it. `page` is where it stands."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def names(self) -> list[str]:
        return sorted({name for name, _ in self.fields} - {"csrf_token"})


def links_and_forms(address: str, html: str) -> tuple[set[str], list[Form]]:
    """Addresses within the service the page leads to, and its forms that are posted."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    links = {urljoin(address, one.get("href", "")) for one in tree.iter("a")}
    forms = [
        Form(address, urljoin(address, one.get("action") or address), tuple(_fields(one)))
        for one in tree.iter("form")
        if (one.get("method") or "get").lower() == "post"
    ]
    return {one.partition("#")[0] for one in links if not urlsplit(one).netloc}, forms


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    buttons, chosen_of = [], set()
    for field in form.iter():
        name = field.get("name")
        if not name:
            continue
        if field.tag == "textarea":
            yield name, "".join(field.itertext())
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            for one in chosen:
                yield name, one.get("value") or "".join(one.itertext())
        elif field.tag == "button" or field.get("type") in UNSENT_TYPES:
            buttons.append((name, field.get("value", "")))
        elif field.get("type") == "radio":
            if name not in chosen_of:
                yield name, field.get("value", "on")
            chosen_of.add(name)
        else:
            yield name, field.get("value", "on")  # boxes are ticked: there is more to get wrong
    yield from buttons[:1]
