"""Secret links: what they lead to, and when they no longer do."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.roles import Role
from fitsvc.services.administrations import Gone
from fitsvc.services.errors import Refused
from fitsvc.services.links import (
    UnknownLink,
    cancel_link,
    create_link,
    hash_token,
    open_link,
    replace_link,
)
from fitsvc.storage.administrations import Administration, AdministrationState, Link
from fitsvc.storage.logs import AuditLog
from tests.builders import Builder
from tests.cast import Cast


@pytest.fixture
def paula(cast: Cast, build: Builder) -> Actor:
    return Actor(cast.practitioner.id, cast.practitioner.unit_id, frozenset({Role.PRACTITIONER}), build.today)


@pytest.fixture
def asked(cast: Cast, build: Builder) -> Administration:
    return build.administration(cast.child)


def give(session: Session, asked: Administration, by: Actor | None, now: datetime, label: str = "") -> str:
    return create_link(session, administration=asked, label=label, by=by, now=now, link_days=21)


def test_a_link_leads_to_its_form(
    session: Session, asked: Administration, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    token = give(session, asked, paula, now)
    opened = open_link(session, token=token, now=now, catalogue=catalogue)
    assert (opened.administration_id, opened.instrument.id) == (asked.id, "wellbeing-youth")
    assert opened.gone is None
    assert not opened.informed


def test_the_token_is_long_and_only_its_hash_is_stored(
    session: Session, asked: Administration, paula: Actor, now: datetime
) -> None:
    token = give(session, asked, paula, now)
    assert len(token) >= 32
    stored = session.scalars(select(Link)).one()
    assert stored.token_hash == hash_token(token)
    audit = session.scalars(select(AuditLog).where(AuditLog.act == Act.LINK_CREATED)).one()
    assert token not in str(stored.__dict__) + str(audit.details)


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "\udcff", "ø" * 500])
def test_an_unknown_token_opens_nothing(
    session: Session, token: str, now: datetime, catalogue: Catalogue
) -> None:
    with pytest.raises(UnknownLink):
        open_link(session, token=token, now=now, catalogue=catalogue)


def test_opening_takes_one_query(
    session: Session, asked: Administration, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    token = give(session, asked, paula, now)
    session.commit()
    statements: list[str] = []
    event.listen(session.bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    open_link(session, token=token, now=now, catalogue=catalogue)
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_a_link_expires(
    session: Session, asked: Administration, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    token = give(session, asked, paula, now)
    last = now + timedelta(days=21) - timedelta(seconds=1)
    assert open_link(session, token=token, now=last, catalogue=catalogue).gone is None
    late = now + timedelta(days=21)
    assert open_link(session, token=token, now=late, catalogue=catalogue).gone is Gone.EXPIRED


def test_a_cancelled_link_is_gone(
    session: Session, asked: Administration, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    token = give(session, asked, paula, now)
    cancel_link(session, administration=asked, by=paula, now=now)
    assert open_link(session, token=token, now=now, catalogue=catalogue).gone is Gone.CANCELLED
    assert asked.state is AdministrationState.CANCELLED


def test_a_resent_link_takes_the_place_of_the_old_one(
    session: Session, asked: Administration, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    old = give(session, asked, paula, now)
    new = replace_link(session, administration=asked, label="", by=paula, now=now, link_days=21)
    assert open_link(session, token=old, now=now, catalogue=catalogue).gone is Gone.CANCELLED
    assert open_link(session, token=new, now=now, catalogue=catalogue).gone is None
    acts = session.scalars(select(AuditLog.act)).all()
    assert sorted(acts) == [Act.LINK_CANCELLED, Act.LINK_CREATED, Act.LINK_CREATED]


def test_an_administration_has_one_working_link(
    session: Session, asked: Administration, paula: Actor, now: datetime
) -> None:
    give(session, asked, paula, now)
    with pytest.raises(Refused, match="has_link"):
        give(session, asked, paula, now)
    give(session, asked, paula, now + timedelta(days=22))  # the first has expired


def test_a_closed_case_and_a_former_respondent_are_not_asked(
    session: Session, build: Builder, cast: Cast, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    left = give(session, build.administration(cast.teacher, "wellbeing-professional"), paula, now)
    cast.teacher.ended_on = build.today - timedelta(days=1)
    session.flush()
    assert open_link(session, token=left, now=now, catalogue=catalogue).gone is Gone.CANCELLED
    closed = give(session, build.administration(cast.child), paula, now)
    cast.case.closed_on = build.today
    session.flush()
    assert open_link(session, token=closed, now=now, catalogue=catalogue).gone is Gone.CANCELLED


def test_somebody_else_sees_the_chosen_label_and_the_child_never_does(
    session: Session, build: Builder, cast: Cast, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    mothers = give(
        session, build.administration(cast.mother, "wellbeing-adult"), paula, now, label="Den store"
    )
    childs = give(session, build.administration(cast.child), paula, now, label="Ravn")
    assert open_link(session, token=mothers, now=now, catalogue=catalogue).label == "Den store"
    assert open_link(session, token=childs, now=now, catalogue=catalogue).label == ""


def test_the_goal_form_asks_about_the_open_goals_in_the_familys_words(
    session: Session, build: Builder, cast: Cast, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    build.goal(cast.case, cast.episode, number=1, closed_on=build.today, reached=True)
    build.goal(cast.case, cast.episode, number=2, text="Vi spiser sammen")
    token = give(session, build.administration(cast.mother, "goal"), paula, now)
    opened = open_link(session, token=token, now=now, catalogue=catalogue)
    assert [(item.id, item.texts["da"].prompt) for item in opened.items] == [("goal-2", "Vi spiser sammen")]


def test_a_goal_form_without_goals_is_gone(
    session: Session, build: Builder, cast: Cast, paula: Actor, now: datetime, catalogue: Catalogue
) -> None:
    token = give(session, build.administration(cast.child, "goal"), paula, now)
    assert open_link(session, token=token, now=now, catalogue=catalogue).gone is Gone.CANCELLED
    assert session.scalar(select(func.count()).select_from(Administration)) == 1


def test_an_answered_administration_gets_no_new_link(
    session: Session, build: Builder, cast: Cast, paula: Actor, now: datetime
) -> None:
    done = build.administration(cast.child, state=AdministrationState.ANSWERED, answered_on=build.today)
    with pytest.raises(Refused, match="answered"):
        give(session, done, None, now)
    with pytest.raises(Refused, match="answered"):
        cancel_link(session, administration=done, by=paula, now=now)
