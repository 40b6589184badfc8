"""Sending a respondent's page: compressed, with its own policy, and fresh forms from memory.

A fresh form depends on the instrument, the language, whom it speaks to and whether the person has been informed; only
the label and the words of goals belong to one case, and those are never kept.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from flask import Response, current_app, request
from markupsafe import escape

from fitsvc.domain.instrument import Instrument, Item, Kind
from fitsvc.domain.rating import BLANK, Answer, Answers
from fitsvc.services.administrations import OpenedForm
from fitsvc.web.compression import QUICK, THOROUGH, choose_encoding, compress
from fitsvc.web.current import config, today
from fitsvc.web.rating_form.document import content_security_policy
from fitsvc.web.respond.curve_view import CurveView
from fitsvc.web.respond.pages import answer_words, form_page, receipt_page

LABEL_PLACE = "\ue000"
"""Stands for the label in a kept page, and the signs after it for goals: private signs that no text of ours has."""
CORRECTION_PLACE, UNTIL_PLACE, ANSWER_PLACE = "\ue0f0", "\ue0f1", "\ue100"
Key = tuple[str | bool, ...]


class KeptForms:
    """Fresh forms by what they depend on: as HTML, and compressed. As many as there are forms and languages."""

    def __init__(self) -> None:
        self.pages: dict[Key, str] = {}
        self.bodies: dict[tuple[Key, str | None], bytes] = {}
        self.answers: dict[tuple[str, str, Answer, str], str] = {}

    def page(self, key: Key, render: Callable[[], str]) -> str:
        if key not in self.pages:
            self.pages[key] = render()
        return self.pages[key]

    def answer(self, instrument: Instrument, answer: Answer, language: str) -> str:
        key = (instrument.id, instrument.version, answer, language)
        if key not in self.answers:
            self.answers[key] = answer_words(instrument, answer, language)
        return self.answers[key]

    def body(self, key: Key, encoding: str | None, render: Callable[[], str]) -> bytes:
        if (key, encoding) not in self.bodies:
            self.bodies[key, encoding] = _encode(self.page(key, render), encoding, THOROUGH)
        return self.bodies[key, encoding]


def fresh_form(opened: OpenedForm, language: str) -> Response:
    """The empty form for a first look."""
    encoding = choose_encoding(request.accept_encodings)
    generic, own_words = _without_own_words(opened, language)
    key: Key = (
        opened.instrument.id,
        opened.instrument.version,
        language,
        opened.rater_role,
        opened.informed,
        opened.asks_wish,
        opened.may_withhold,
        bool(opened.label),
        str(opened.months_kept(today(), default=config().retention_months)),
        *(item.id for item in opened.items),
    )

    def render() -> str:
        return form_page(generic, language, config(), label=generic.label)

    kept = _kept()
    if not own_words:
        return _send(kept.body(key, encoding, render), encoding)
    page = kept.page(key, render)
    for place, words in own_words.items():
        page = page.replace(place, escape(words))
    return _send(_encode(page, encoding), encoding)


def receipt(
    opened: OpenedForm,
    language: str,
    *,
    answers: Answers,
    comment: str,
    correction: str,
    until: str,
    curve: CurveView | None,
) -> Response:
    """What was answered, put into the places of a receipt from memory; a text or goals of one case are never kept."""
    kept = _kept()
    given = [kept.answer(opened.instrument, answers.get(item.id, BLANK), language) for item in opened.items]
    if comment or curve or opened.instrument.kind is Kind.GOAL:
        return reply(
            receipt_page(
                opened,
                language,
                config(),
                given=given,
                comment=comment,
                correction=correction,
                until=until,
                curve=curve,
            )
        )
    places = [chr(ord(ANSWER_PLACE) + number) for number in range(len(given))]

    def render() -> str:
        return receipt_page(
            opened,
            language,
            config(),
            given=places,
            comment="",
            correction=CORRECTION_PLACE if correction else "",
            until=UNTIL_PLACE,
        )

    key: Key = (
        "receipt",
        opened.instrument.id,
        opened.instrument.version,
        language,
        opened.rater_role,
        bool(correction),
    )
    page = kept.page(key, render).replace(CORRECTION_PLACE, correction).replace(UNTIL_PLACE, until)
    for place, words in zip(places, given, strict=True):
        page = page.replace(place, escape(words))
    return reply(page)


def _without_own_words(opened: OpenedForm, language: str) -> tuple[OpenedForm, dict[str, str]]:
    """The form with signs in the places of the words that belong to one case, and those words by their sign."""
    own_words = {LABEL_PLACE: opened.label} if opened.label else {}
    items = opened.items
    if opened.instrument.kind is Kind.GOAL:
        spoken = opened.instrument.language_for(language)
        own_words |= {_goal_place(n): item.texts[spoken].prompt for n, item in enumerate(items)}
        items = tuple(_renamed(item, spoken, _goal_place(n)) for n, item in enumerate(items))
    return replace(opened, label=LABEL_PLACE if opened.label else "", items=items), own_words


def _goal_place(number: int) -> str:
    return chr(ord(LABEL_PLACE) + 1 + number)


def _renamed(item: Item, language: str, prompt: str) -> Item:
    return replace(item, texts={language: replace(item.texts[language], prompt=prompt)})


def reply(page: str, status: int = HTTPStatus.OK) -> Response:
    """A page made for this one request. It is compressed after the commit: meanwhile nobody else could write."""
    return _send(page.encode(), None, status)


def _kept() -> KeptForms:
    found: KeptForms = current_app.extensions.setdefault("fitsvc_kept_forms", KeptForms())
    return found


def _encode(page: str, encoding: str | None, quality: int = QUICK) -> bytes:
    body = page.encode()
    return compress(body, encoding, quality) if encoding else body


def _send(body: bytes, encoding: str | None, status: int = HTTPStatus.OK) -> Response:
    response = Response(body, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = content_security_policy()
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response
