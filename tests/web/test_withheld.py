"""Answers "not to the meeting", and those taken back: every page, as everybody, compared with and without them.

The pages come from the register, so a new route is compared as soon as it stands there.
"""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile, is_zipfile

import pikepdf
import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Visibility
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.signal import SignalCode
from fitsvc.services.ratings import rescore_series
from fitsvc.services.withdrawal import withdraw
from fitsvc.storage.administrations import Administration, AdministrationState, Link
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.signals import SignalAction
from tests.actors import acting
from tests.builders import Builder
from tests.client import StaffClient
from tests.web.report.pdf_text import read_text
from tests.web.walk import World

# Who sees what does not depend on the kind of database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = timedelta(days=1)
OTHERS = (
    "caseworker", "provider_leader", "authority_leader", "colleague", "administrator", "auditor", "outsider",
)  # fmt: skip
THEIR_OWN = {
    "static", "security.static", "security.login", "respond.link",
    "devices.show", "own_factors.add_passkey", "own_factors.renew_app",
    "log_pages.show", "log_pages.download", "log_pages.citizen_copy",
}  # fmt: skip
"""Pages that are not about a case, new at every look, or (the log) tell of this very walk."""

AT_THE_MEETING = ("report.", "meeting_room.", "frozen.", "ending.")
"""Pages everybody looks at together: the practitioner's are as everybody's."""

RANDOM = (
    re.compile(r'(name="csrf_token"[^>]*value=")[^"]*'),
    re.compile(r'(name="key"[^>]*value=")[^"]*'),
    re.compile(r'(value=")[^"]*("[^>]*name="key")'),
    re.compile(r'(csrf[-_]token"? content=")[^"]*'),
)
SECRET = "Hemmelighed"


def look(world: World, who: str, child: Respondent, father: Respondent | None = None) -> dict[str, str]:
    """What every page shows this person about the child, by endpoint, and what the father was asked."""
    browser = world.browser(who)
    found = {}
    for rule in world.rules("GET"):
        if rule.endpoint not in THEIR_OWN:
            replaced = {"respondent_id": child.id} if "respondent_id" in rule.arguments else {}
            found[rule.endpoint] = shown(browser, world.path(rule, world.own, **replaced))
            if father is not None and rule.endpoint == "respondents.links":
                found["of father"] = shown(browser, world.path(rule, world.own, respondent_id=father.id))
    found["caseload.search"] = shown(browser, "/cases/search?q=Ravn") + shown(browser, "/cases?attention=all")
    return found


def shown(browser: StaffClient, path: str) -> str:
    response = browser.get(path)
    assert response.status_code < 500, path
    data = response.get_data()
    response.close()
    told = f"{response.status_code} {response.location} "
    if data.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(data)) as pdf:
            return told + read_text(pdf)
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as parts:
            return told + " ".join(parts.namelist())
    text = data.decode("utf-8", "replace")
    for pattern in RANDOM:
        text = pattern.sub(lambda match: "".join(match.groups()), text)
    return told + text


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    found = []
    for endpoint in before:
        if before[endpoint] != after[endpoint]:
            old, new = before[endpoint], after[endpoint]
            place = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
            found.append(f"{endpoint}: …{old[place - 60 : place + 60]!r} → …{new[place - 60 : place + 60]!r}")
    return found


def answer(build: Builder, child: Respondent, worker_id: UUID, **columns: Any) -> None:
    """Scores falling far below the expected course, words, a note for the meeting, a next step on the signal, and an
    expectation that starts at the last score.
    """
    on = build.today
    build.rating(child, 9, on - 70 * DAY, **columns)
    for days, value in ((30, 1), (16, 1), (2, 0)):
        rating = build.rating(child, value, on - days * DAY, **columns)
    build.session.add_all(
        [
            Comment(rating_id=rating.id, text=SECRET, at_meeting=True, created_at=build.now),
            PointNote(
                case_id=child.case_id,
                respondent_id=child.id,
                rating_id=rating.id,
                picture="rain",
                text=SECRET,
                visibility=Visibility.MEETING,
                created_at=build.now,
                changed_at=build.now,
            ),
            SignalAction(
                case_id=child.case_id,
                respondent_id=child.id,
                instrument_id=rating.instrument_id,
                instrument_version=rating.instrument_version,
                signal=SignalCode.BELOW_EXPECTED,
                confirmed_on=rating.rated_on,
                next_step=SECRET,
                taken_on=on,
                taken_by_id=worker_id,
                created_at=build.now,
            ),
            AgreedExpectation(
                case_id=child.case_id,
                respondent_id=child.id,
                instrument_id=rating.instrument_id,
                instrument_version=rating.instrument_version,
                kind=ExpectationKind.SHARED,
                start_on=rating.rated_on,
                start_score=0.0,
                due_on=on + 40 * DAY,
                score=6.5,
                set_by_id=worker_id,
                created_at=build.now,
            ),
        ]
    )
    build.session.flush()
    build.rating(child, {"goal-1": 1.0}, on - DAY, "goal", **columns)


def somebody(world: World, build: Builder) -> tuple[Respondent, Respondent]:
    """A child with a plan, one rating everybody sees and one form not answered; and a father."""
    case = build.session.merge(world.own.case)
    child = build.respondent(case, RaterRole.CHILD)
    father = build.respondent(case, RaterRole.PARENT, setting="hos far")
    build.plan(child)
    build.rating(child, 6, build.today - 44 * DAY)
    build.administration(child, due_on=build.today - 20 * DAY)
    build.session.commit()
    return child, father


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_the_practitioner_can_tell_that_something_was_withheld(
    world: World, build: Builder, session: Session, who: str
) -> None:
    child, father = somebody(world, build)
    before = look(world, who, child, father)
    answer(build, child, world.cast.practitioner.id, withheld=True)
    build.rating(father, 1, build.today, "safety", withheld=True, notice=True)
    session.commit()
    after = look(world, who, child, father)
    assert differing(before, after) == []


@pytest.mark.parametrize("who", OTHERS)
def test_to_everybody_else_an_answer_kept_back_has_not_come(
    world: World, build: Builder, session: Session, who: str
) -> None:
    """The page before is that of a family that was asked and is silent; so is the page after they answered."""
    child, father = somebody(world, build)
    asked_before = {"created_at": build.now - 9 * DAY, "due_on": build.today - 8 * DAY}
    waiting = [
        build.administration(child, **asked_before),
        build.administration(father, "wellbeing-adult", **asked_before),
    ]
    session.add_all(
        Link(
            administration_id=one.id,
            token_hash=uuid4().hex,
            created_at=one.created_at,
            expires_at=build.now + 9 * DAY,
        )
        for one in waiting
    )
    session.commit()
    before = look(world, who, child, father)
    for one, of in zip(waiting, (child, father), strict=True):
        one.state, one.answered_on = AdministrationState.ANSWERED, build.today - DAY
        stray = build.rating(of, 1, build.today - DAY, one.instrument_id, withheld=True)
        stray_asking, stray.administration_id = stray.administration_id, one.id
        session.flush()
        session.delete(session.get_one(Administration, stray_asking))
        session.add(Comment(rating_id=stray.id, text=SECRET, at_meeting=True, created_at=build.now))
    session.commit()
    after = look(world, who, child, father)
    assert differing(before, after) == []


def test_the_practitioner_is_told_in_words_and_gets_the_low_safety_notice(
    world: World, build: Builder, session: Session
) -> None:
    child, father = somebody(world, build)
    before = look(world, "practitioner", child)
    answer(build, child, world.cast.practitioner.id, withheld=True)
    build.rating(father, 1, build.today, "safety", withheld=True, notice=True)
    session.commit()
    after = look(world, "practitioner", child)
    case = after["cases.show"]
    assert "ikke til mødet: kun du ser det" in case
    assert "4 svar skal ikke med til mødet" in case
    assert SECRET in case
    assert SECRET in after["today.show"]
    assert "hos far" in after["today.show"]
    shared = [one for one in before if one.startswith(AT_THE_MEETING)]
    assert "report.show" in shared
    assert differing({one: before[one] for one in shared}, {one: after[one] for one in shared}) == []


@pytest.mark.parametrize("who", ["practitioner", *OTHERS])
def test_what_was_taken_back_is_shown_to_nobody(
    world: World, build: Builder, session: Session, who: str
) -> None:
    child, _father = somebody(world, build)
    answer(build, child, world.cast.practitioner.id)
    session.commit()
    withdraw(
        session,
        by=acting(world.cast.caseworker, build.today),
        now=build.now,
        case_id=child.case_id,
        respondent_id=child.id,
    )
    session.commit()
    for endpoint, page in look(world, who, child).items():
        assert SECRET not in page, endpoint


@pytest.mark.parametrize("who", ["practitioner", *OTHERS])
def test_a_note_on_a_point_is_shown_to_those_its_author_chose(
    world: World, build: Builder, session: Session, who: str
) -> None:
    child, _father = somebody(world, build)
    for days, visibility in enumerate(Visibility, start=1):
        rating = build.rating(child, 6, build.today - days * DAY)
        session.add(
            PointNote(
                case_id=child.case_id, respondent_id=child.id, rating_id=rating.id, picture=None,
                text=f"<i>{SECRET} {visibility}</i>", visibility=visibility,
                created_at=build.now, changed_at=build.now,
            )
        )  # fmt: skip
    session.commit()
    pages = look(world, who, child)
    assert all(f"<i>{SECRET}" not in page for page in pages.values())
    of_the_case = {"practitioner", "caseworker", "provider_leader", "authority_leader"}
    readers = {
        Visibility.ONLY_ME: set(),
        Visibility.PRACTITIONER: {"practitioner"},
        Visibility.MEETING: of_the_case,
    }
    for visibility, allowed in readers.items():
        seen_on = {endpoint for endpoint, page in pages.items() if f"{SECRET} {visibility}" in page}
        assert ("cases.show" in seen_on) == (who in allowed), visibility
        assert who in allowed or not seen_on, visibility
        if visibility is Visibility.PRACTITIONER:
            assert not [one for one in seen_on if one.startswith(AT_THE_MEETING)]


def test_a_score_everybody_sees_does_not_depend_on_one_withheld(session: Session, build: Builder) -> None:
    """What a rater cannot see is fixed by the first rating that is not withheld."""
    case = build.case()
    teacher = build.respondent(case, RaterRole.TEACHER)
    form = build.catalogue.get("wellbeing-professional")
    items = [one.id for one in form.items]
    first = build.rating(teacher, dict.fromkeys(items, 4.0), build.today - 9 * DAY, form.id, withheld=True)
    first.answers = first.answers | {items[0]: {"kind": "cannot_see"}}
    shared = build.rating(teacher, dict.fromkeys(items[1:], 5.0) | {items[0]: 10.0}, build.today, form.id)
    rescore_series(session, respondent_id=teacher.id, instrument=form)
    assert session.get(Rating, shared.id).score == 6.0  # type: ignore[union-attr]
