"""What all that is sent around a follow-up meeting promises: a clear answer, nothing lost, nothing half-stored."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.domain.meeting import Minute
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.web.meeting_forms import Sent, meeting_forms
from tests.web.plain_forms import ABSURD, UNKNOWN

ODD = ("\x00", "x" * 100_000, "1e400", "<script>alert(1)</script>", "barnet 010114-1234 sagde det")
"""In each field by itself; these and the others in every field at once."""
EVERYWHERE = (
    *ABSURD,
    *ODD,
    str(UNKNOWN),
    "-0",
    "1e999",
    "6.5",
    "29.02.2027",
    "9999-12-31",
    "2026-02-30T99:99",
    "2147483648",
    "9" * 30,
    "free:\x00",
    "a\x01b",
)
TYPED = {
    *("planned_on", "planned_at", "meeting_reason", "decided_by", "held_on", "next_at", "participants"),
    *(
        "child_heard_how",
        "decision_reason",
        "goals_changed",
        "next_on",
        "next_reason",
        "what",
        "who",
        "by_on",
    ),
    *("how_it_went", "due_on", "text", "helped", "if_harder", "answer", "ask_days_before"),
    *("status_days_before", "name", "source", "preventive-first", "preventive-then"),
}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
KEPT_BESIDE_A_MISTAKE = {"AccessLog", "MinuteText", "AuditLog"}


class Stored:
    """What each request would have stored: it is written to the database and taken back, so that every try finds the
    same case.
    """

    def __init__(self) -> None:
        self.now: set[str] = set()
        self.last: set[str] = set()

    def flushed(self, session: Session, _context: object) -> None:
        self.now |= {type(one).__name__ for one in (*session.new, *session.dirty, *session.deleted)}

    def undone(self, _session: Session) -> None:
        self.now = set()

    def commit(self, session: Session) -> None:
        session.flush()
        self.last = self.now
        session.rollback()


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    build.meeting(cast.episode, build.today - timedelta(days=42), held_on=build.today - timedelta(days=42))
    return build.meeting(cast.episode, build.today)


@pytest.fixture
def forms(cast: Cast, build: Builder, meeting: FollowUpMeeting) -> dict[str, Sent]:
    return meeting_forms(cast, build, meeting)


@pytest.fixture
def stored(forms: dict[str, Sent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    found = Stored()
    event.listen(Session, "after_flush", found.flushed)
    event.listen(Session, "after_rollback", found.undone)
    monkeypatch.setattr(Session, "commit", lambda session: found.commit(session))
    yield found
    event.remove(Session, "after_flush", found.flushed)
    event.remove(Session, "after_rollback", found.undone)


def token(client: StaffClient) -> str:
    found = CSRF.search(client.get("/account").text)
    assert found
    return found[1]


def lost(answer: TestResponse, fields: dict[str, str]) -> list[str]:
    """What was typed by hand and is not on the page that asks for another look."""
    page = unescape(answer.text)
    typed = {
        name: text for name, text in fields.items() if name in TYPED and text.strip() and text.isprintable()
    }
    return [name for name, text in typed.items() if text not in page]


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


FORMS = (
    "plan", "move", "cancel", "hold", "minutes", "agreement", "agreement again", "agreement done", "expectation",
    "bring", "take back", "item", "arrange", "ending", "afterwards", "status", "ask", "deviation", "own curve",
    "withdraw", "days", "standard", "retire", "calendar", "no calendar",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_odd_input_gets_a_clear_answer_and_stores_nothing_by_half(
    client: StaffClient, cast: Cast, forms: dict[str, Sent], stored: Stored, form: str
) -> None:
    sent = forms[form]
    client.sign_in(cast.staff[sent.who])
    own = {"csrf_token": token(client)}
    tries = [{name: odd} for name in (*sent.fields, *sent.buttons, "key") for odd in ODD]
    tries += [dict.fromkeys((*sent.fields, "key"), odd) for odd in EVERYWHERE]
    wrong = []
    for odd in tries:
        fields = sent.fields | sent.buttons | odd
        stored.last = set()
        answer = client.post(sent.path, data=own | fields)
        what = (*next(iter(odd.items())), answer.status_code)
        if answer.status_code not in {200, 303, 400, 404, 409, 413, 422}:
            wrong.append((*what, "failed"))
        if answer.status_code == 422:
            saved_before = set(Minute) if form in {"minutes", "hold"} else set()
            shown_again = {name: text for name, text in fields.items() if name not in saved_before} | odd
            if not (saved_before and len(odd) > 1):
                wrong += [(*what, f"{name} is lost") for name in lost(answer, shown_again)]
            if stored.last - KEPT_BESIDE_A_MISTAKE:
                wrong.append((*what, f"stored {stored.last}"))
        assert "<script>alert" not in answer.text
    assert not wrong, "\n".join(f"{name} {str(odd)[:20]!r}: {rest}" for name, odd, *rest in wrong)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("form", FORMS)
def test_with_the_token_of_an_old_sign_in_what_was_written_can_be_sent_again(
    client: StaffClient, cast: Cast, forms: dict[str, Sent], stored: Stored, form: str
) -> None:
    sent = forms[form]
    fields = sent.fields | sent.buttons
    offered = client.sign_in(cast.staff[sent.who]).post(sent.path, data={"csrf_token": "old"} | fields)
    assert (offered.status_code, stored.last) == (400, set())
    kept = hidden(offered.text)
    assert kept.items() >= fields.items()
    again = unescape(re.findall(r'<form class="form" method="post" action="([^"]+)"', offered.text)[-1])
    assert again == sent.path
    assert client.post(again, data=kept).status_code in {200, 303, 422}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("form", FORMS)
def test_signed_out_or_shut_out_nothing_is_stored_and_nothing_lost(
    client: StaffClient, cast: Cast, forms: dict[str, Sent], engine: Engine, stored: Stored, form: str
) -> None:
    sent = forms[form]
    fields = sent.fields | sent.buttons
    client.sign_in(cast.staff[sent.who])
    good = token(client)
    cast.staff[sent.who].active = False
    with engine.begin() as connection:
        connection.execute(update(Staff).where(Staff.id == cast.staff[sent.who].id).values(active=False))
    for who in (client, StaffClient(client.application)):
        answer = who.post(sent.path, data={"csrf_token": good} | fields)
        assert (answer.status_code, stored.last) == (401, set())
        assert 'name="kept" value="' in answer.text


SAYS = {"held": "Mødet er holdt.", "cancelled": "Mødet blev aflyst.", "closed": "Sagen er lukket."}
REFUSED = {
    "held": ("hold", "minutes", "agreement", "agreement again", "expectation", "item", "status", "ask"),
    "cancelled": ("hold", "minutes", "agreement", "agreement again", "expectation", "status", "ask"),
    "closed": (
        "plan",
        "move",
        "minutes",
        "agreement",
        "agreement again",
        "expectation",
        "item",
        "status",
        "ask",
    ),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", REFUSED)
def test_what_comes_too_late_is_told_so_and_comes_back(
    client: StaffClient,
    cast: Cast,
    meeting: FollowUpMeeting,
    forms: dict[str, Sent],
    engine: Engine,
    stored: Stored,
    state: str,
) -> None:
    late = {
        "held": update(FollowUpMeeting)
        .where(FollowUpMeeting.id == meeting.id)
        .values(held_on=meeting.planned_on),
        "cancelled": update(FollowUpMeeting)
        .where(FollowUpMeeting.id == meeting.id)
        .values(cancelled_at=meeting.created_at),
        "closed": update(Case).values(closed_on=meeting.planned_on),
    }[state]
    with engine.begin() as connection:
        connection.execute(late)
    wrong = []
    for form in REFUSED[state]:
        sent = forms[form]
        client.sign_in(cast.staff[sent.who])
        answer = client.post(sent.path, data={"csrf_token": token(client)} | sent.fields | sent.buttons)
        words = {name: text for name, text in sent.fields.items() if any(map(str.isalpha, text))}
        gone = lost(answer, words)
        if answer.status_code != 422 or SAYS[state] not in answer.text or gone or stored.last - {"AccessLog"}:
            wrong.append((form, answer.status_code, SAYS[state] in answer.text, gone, stored.last))
    assert not wrong, "\n".join(map(str, wrong))
