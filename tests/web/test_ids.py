"""Changing an id: every id in every address and in every form, of another case, of another kind, guessed or malformed.

What is not one's own must look exactly like what is not there: status, page, headers and where one is sent. The other
case is a protected one in a unit nobody of the cast works in, so that no role reaches it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import html5lib
import pytest
from sqlalchemy.orm import Session
from werkzeug.routing import Rule, UUIDConverter

from fitsvc.domain.permissions import Permission
from fitsvc.storage.cases import Case
from fitsvc.web.access_register import REGISTER
from tests.builders import Builder
from tests.web.answers import Answer, answer_of
from tests.web.walk import IDS, PEOPLE, Walker, World, is_granted

# Who may do what does not depend on the kind of database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NO_SECRET = {"unit_id", "staff_id", "standard_id"}
"""Not a case's: whoever may open the page may see all of them; only other kinds and guesses are tried."""
OF_THE_LOG = {Permission.READ_LOG, Permission.CONTROL_LOG}
"""Whoever controls the log looks any case's rows up; the case itself stays shut."""
MALFORMED = ("0", "not-an-id", "00000000-0000-0000-0000-00000000000g", "%00", "..%2f..", "1%20or%201=1")
SEES_OWN = ("practitioner", "caseworker", "provider_leader", "authority_leader", "administrator", "auditor")

CONTROLS = {"input", "select", "textarea", "button"}


@pytest.fixture(autouse=True)
def confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being asked who one is once more would hide what comes after."""
    monkeypatch.setattr("fitsvc.web.access.FRESH", frozenset())


@pytest.fixture
def shut(world: World, build: Builder) -> World:
    build.session.get_one(Case, world.other.case.id).protected_at = build.now
    build.session.commit()
    return world


def ask(walker: Walker, who: str, method: str, path: str, *sent: object) -> Answer:
    return answer_of(walker.ask(who, method, path), path, *sent)


def rules_with_ids(world: World, method: str) -> Iterator[Rule]:
    for rule in world.rules(method):
        if ids_of(rule):
            yield rule


def ids_of(rule: Rule) -> set[str]:
    return {name for name, kind in rule._converters.items() if isinstance(kind, UUIDConverter)}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_case_looks_like_no_case_to_every_role(shut: World, method: str) -> None:
    walker, wrong = Walker(shut), []
    for rule in rules_with_ids(shut, method):
        if "case_id" not in rule.arguments or REGISTER[rule.endpoint] in OF_THE_LOG:
            continue
        for who in PEOPLE:
            if not is_granted(shut, rule, who):
                continue
            guess, theirs = uuid4(), shut.other.case.id
            not_there = ask(walker, who, method, shut.path(rule, shut.other, case_id=guess), guess)
            for found in (shut.path(rule, shut.other), shut.path(rule, shut.own, case_id=theirs)):
                not_yours = ask(walker, who, method, found, theirs)
                if not_there.status != 404 or not_yours != not_there:
                    wrong.append(f"{rule.rule} as {who}: {not_yours} for theirs, {not_there} for none")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_anothers_or_of_another_kind_looks_like_a_guess(shut: World, method: str) -> None:
    """One id changed at a time, the rest one's own."""
    walker, wrong = Walker(shut), []
    for rule in rules_with_ids(shut, method):
        who = next((one for one in SEES_OWN if is_granted(shut, rule, one)), None)
        if who is None:
            continue
        for name in sorted(ids_of(rule)):
            own = shut.own
            wrong_kind = own.goal_id if name != "goal_id" else own.respondent_id
            theirs = (
                [] if name in NO_SECRET or REGISTER[rule.endpoint] in OF_THE_LOG else [IDS[name](shut.other)]
            )
            guess = uuid4()
            not_there = ask(walker, who, method, shut.path(rule, own, **{name: guess}), guess)
            if not_there.status == 200 or ("case_id" in rule.arguments and not_there.status != 404):
                wrong.append(f"{rule.rule} as {who}: {not_there} for a guess at {name}")
            for sent in [wrong_kind, own.case.id if name != "case_id" else own.meeting_id, *theirs]:
                not_yours = ask(walker, who, method, shut.path(rule, own, **{name: sent}), sent)
                if not_yours != not_there:
                    wrong.append(f"{rule.rule} as {who}: {not_yours} for {name}, {not_there} for a guess")
    assert not wrong, "\n".join(wrong)


def test_a_malformed_id_is_no_page(shut: World) -> None:
    walker, wrong = Walker(shut), []
    for rule in rules_with_ids(shut, "GET"):
        for name in ids_of(rule):
            value = str(IDS[name](shut.own))
            path = shut.path(rule, shut.own)
            for sent in MALFORMED:
                asked = ask(walker, "practitioner", "GET", path.replace(value, sent, 1), sent)
                if asked.status != 404:
                    wrong.append(f"{rule.rule} with {sent!r} as {name}: {asked}")
    assert not wrong, "\n".join(wrong)


@dataclass(frozen=True)
class SentForm:
    """A form as the page shows it; `ids` are its fields that offer ids, with what they offer."""

    action: str
    fields: tuple[tuple[str, str], ...]
    ids: dict[str, frozenset[str]]


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def forms_of(page: str, path: str) -> list[SentForm]:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    found = []
    for form in tree.iter("form"):
        if form.get("method") != "post":
            continue
        fields: list[tuple[str, str]] = []
        offered: dict[str, set[str]] = {}
        for control in form.iter():
            name = control.get("name")
            if control.tag not in CONTROLS or not name or name == "csrf_token":
                continue
            if control.tag == "select":
                values = [option.get("value") or "" for option in control.iter("option")]
                offered.setdefault(name, set()).update(values)
                fields += [(name, one) for one in values if one][:1]
                continue
            value = control.get("value") or (control.text or "") or "x"
            if control.get("type") in {"radio", "checkbox", "hidden"}:
                offered.setdefault(name, set()).add(value)
            if control.get("type") != "radio" or name not in dict(fields):
                fields.append((name, value))
        ids = {
            name: frozenset(values)
            for name, values in offered.items()
            if name != "key" and any(is_id(one) for one in values)
        }
        if ids:
            found.append(SentForm(form.get("action") or path, tuple(fields), ids))
    return found


@pytest.mark.parametrize("who", ["practitioner", "caseworker", "authority_leader", "administrator"])
def test_an_id_the_form_did_not_offer_is_taken_like_a_guess(shut: World, session: Session, who: str) -> None:
    """Every form this person is shown, every field of it that carries ids."""
    walker, wrong, tried = Walker(shut), [], 0
    other = shut.other
    foreign = [
        str(one)
        for one in (
            other.respondent_id, other.staff_id, other.meeting_id, other.goal_id, other.unit_id, other.case.id,
            other.episode_id, other.rating_id, shut.own.goal_id,
        )
    ]  # fmt: skip
    for rule in shut.rules("GET"):
        if not is_granted(shut, rule, who) or not isinstance(REGISTER[rule.endpoint], Permission):
            continue
        path = shut.path(rule, shut.own)
        response = walker.ask(who, "GET", path)
        page = response.get_data().decode("utf-8", "replace") if response.mimetype == "text/html" else ""
        response.close()
        for form in forms_of(page, path):
            for name, offered in form.ids.items():
                guess = str(uuid4())
                not_there = send(walker, who, form, name, guess)
                tried += 1
                if not_there.status in {200, 302, 303}:
                    wrong.append(f"{form.action} as {who}: {not_there} for a guess in {name}")
                for sent in foreign:
                    if sent in offered:
                        continue
                    not_yours = send(walker, who, form, name, sent)
                    if not_yours != not_there:
                        wrong.append(
                            f"{form.action} as {who}: {not_yours} for {name}, {not_there} for a guess"
                        )
    assert tried > 0
    assert not wrong, "\n".join(wrong)


def send(walker: Walker, who: str, form: SentForm, name: str, value: str) -> Answer:
    data: dict[str, list[str]] = {"csrf_token": [walker.token(who)]}
    for field, usual in form.fields:
        if field != name:
            data.setdefault(field, []).append(usual)
    data[name] = [value]
    return answer_of(walker.browser(who).post(form.action, data=data), value)
