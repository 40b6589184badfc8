"""What stands on the respondent's page, and what must not."""

import base64
import re
from dataclasses import replace
from hashlib import sha256

import html5lib
import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument
from fitsvc.storage.respondents import Person
from fitsvc.web.rating_form.page import build_form
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in
from tests.web.respond.conftest import Phone, youth_form


def inform(session: Session) -> None:
    session.execute(update(Person).values(informed_at=Person.created_at))
    session.commit()


@pytest.mark.parametrize(
    ("who", "form", "words"),
    [
        (
            "child",
            "wellbeing-child",
            ["Hvem spørger?", "på møder med dig og din familie", "Du bestemmer selv"],
        ),
        (
            "child",
            "wellbeing-youth",
            ["Hvem spørger?", "De fagfolk, der arbejder med din sag", "Børnetelefonen"],
        ),
        ("mother", "wellbeing-adult", ["Hvem spørger?", "På opfølgningsmøderne", "frivilligt"]),
        ("child", "session-child", ["Kun den voksne, du taler med her"]),
        ("child", "session-youth", ["Din socialrådgiver og din familie ser det ikke"]),
        ("mother", "session-adult", ["Hverken socialrådgiveren eller mødet ser det"]),
    ],
)
def test_before_the_first_rating_a_person_is_told_who_asks_and_who_sees_it(
    phone: Phone, cast: Cast, who: str, form: str, words: list[str]
) -> None:
    html = phone.open(phone.link(getattr(cast, who), form)).text
    assert "<details open>" in html
    for said in [*words, "6 måneder senere", ">112<", ">116\N{NO-BREAK SPACE}111<", "12\N{NO-BREAK SPACE}34"]:
        assert said in html


def test_who_has_been_told_before_can_unfold_it(phone: Phone, cast: Cast, session: Session) -> None:
    phone.send(phone.link(cast.child), youth_form())
    html = phone.open(phone.link(cast.child)).text
    assert "<details>" in html
    assert "<details open>" not in html
    assert "Hvem ser mine svar?" in html


def test_every_form_and_receipt_says_that_nobody_reads_round_the_clock(
    phone: Phone, cast: Cast, session: Session
) -> None:
    inform(session)
    link = phone.link(cast.child)
    form = re.sub(r"<details.*?</details>", "", phone.open(link).text, flags=re.DOTALL)
    for html in (form, phone.send(link, youth_form()).text, phone.open(link).text):
        assert "ikke læst døgnet rundt" in html
        assert 'href="tel:112"' in html


def test_no_name_stands_on_the_page(phone: Phone, cast: Cast) -> None:
    for respondent, form in ((cast.child, "wellbeing-youth"), (cast.mother, "wellbeing-adult")):
        html = phone.open(
            phone.link(respondent, form, label="Den store" if form != "wellbeing-youth" else "")
        ).text
        for name in (cast.case.display_name, cast.case.reference, "Person ", "Paula", "Carl"):
            assert name not in html


def test_a_label_stands_on_its_own_links_page_only(phone: Phone, cast: Cast, session: Session) -> None:
    inform(session)
    first = phone.link(cast.mother, "wellbeing-adult", label="Den <store> & glade")
    second = phone.link(cast.mother, "wellbeing-adult", label="Den lille")
    without = phone.link(cast.mother, "wellbeing-adult")
    assert "<b>Den &lt;store&gt; &amp; glade</b>" in phone.open(first).text
    assert "<b>Den lille</b>" in phone.open(second).text
    assert "glade" not in phone.open(second).text
    assert "Du svarer om:" not in phone.open(without).text


def test_nothing_is_chosen_beforehand(phone: Phone, cast: Cast) -> None:
    html = phone.open(phone.link(cast.teacher, "wellbeing-professional")).text
    assert '" checked' not in html
    assert html.count('value="skip"') == html.count('value="cannot_see"') == 5


def test_the_form_is_in_the_persons_language_and_can_be_switched(
    phone: Phone, cast: Cast, session: Session
) -> None:
    session.execute(update(Person).values(language="en"))
    session.commit()
    link = phone.link(cast.child)
    english = phone.open(link).text
    assert '<html lang="en"' in english
    assert "Send my answers" in english
    assert 'href="?lang=da"' in english
    assert '<html lang="da"' in phone.open(link + "?lang=da").text
    assert '<html lang="en"' in phone.open(link + "?lang=klingon").text
    assert "Answers" not in phone.send(link + "?lang=da", youth_form()).text
    assert phone.ratings[0].language == "da"


def test_a_language_the_form_lacks_becomes_danish(phone: Phone, cast: Cast, session: Session) -> None:
    session.execute(update(Person).values(language="so"))
    session.commit()
    assert '<html lang="da" dir="ltr"' in phone.open(phone.link(cast.child)).text


def test_the_policy_allows_exactly_the_style_and_script_that_stand_on_the_page(
    phone: Phone, cast: Cast
) -> None:
    answer = phone.open(phone.link(cast.child))
    policy = answer.headers["Content-Security-Policy"]
    for tag in ("style", "script"):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, flags=re.DOTALL)
        digest = base64.b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")


def test_the_headers_keep_the_page_to_itself(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    for answer in (phone.open(link), phone.send(link, youth_form()), phone.open(link), phone.open("/r/x")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_a_signed_in_browser_gets_no_cookie_either(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    with phone.browser.session_transaction() as cookie:
        cookie.update(signed_in(cast.practitioner))
    assert "Set-Cookie" not in phone.open(link).headers


def test_the_page_needs_nothing_else(phone: Phone, cast: Cast) -> None:
    tree = html5lib.parse(
        phone.open(phone.link(cast.child, "wellbeing-child")).text, namespaceHTMLElements=False
    )
    for element in tree.iter():
        for attribute in ("src", "srcset", "poster", "data", "action", "formaction", "background"):
            assert attribute not in element.attrib
        target = element.get("href")
        assert target is None or target.startswith(("#", "tel:", "?lang=", "data:,"))


def right_to_left(instrument: Instrument) -> Instrument:
    """The form in an invented right-to-left translation."""
    items = tuple(replace(item, texts={**item.texts, "ar": item.texts["da"]}) for item in instrument.items)
    return replace(
        instrument,
        items=items,
        languages=(*instrument.languages, "ar"),
        validated={**instrument.validated, "ar": False},
        texts={**instrument.texts, "ar": instrument.texts["da"]},
    )


def test_a_right_to_left_form_keeps_the_scales_own_order(app: Flask, catalogue: Catalogue) -> None:
    backwards = right_to_left(catalogue.get("wellbeing-youth"))
    with app.test_request_context():
        form = build_form(backwards, backwards.items, "ar")
    assert (form.language, form.ui_language, form.direction) == ("ar", "da", "rtl")
    assert [option.value for option in form.items[0].options] == [str(value) for value in range(11)]
    assert form.unvalidated


def test_a_stopped_goal_form_does_not_show_old_goals(phone: Phone, cast: Cast, build: Builder) -> None:
    build.goal(cast.case, cast.episode, number=1, text="Gammelt mål", closed_on=build.today, reached=True)
    assert phone.open(phone.link(cast.child, "goal")).status_code == 410
