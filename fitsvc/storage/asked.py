"""What the respondent's page reads and writes: one reading of everything a link leads to, and what correcting needs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from fitsvc.storage.administrations import Administration, AdministrationState, Link
from fitsvc.storage.cases import Case, has_practitioner
from fitsvc.storage.installation import RETENTION_RULES, InstallationFact
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Person, Respondent

_ASKED = (
    select(
        Administration.id,
        Administration.case_id,
        Administration.respondent_id,
        Administration.instrument_id,
        Administration.instrument_version,
        Administration.state,
        Administration.asks_wish,
        Administration.meeting_id,
        Respondent.person_id,
        Respondent.rater_role,
        Respondent.label.label("respondent_label"),
        Respondent.ended_on,
        Respondent.shows_own_curve,
        Respondent.withdrawn_at,
        Person.language,
        Person.informed_at,
        Case.closed_on,
        Case.opened_on,
        has_practitioner(Case.id).label("has_practitioner"),
        select(InstallationFact.value)
        .where(InstallationFact.name == RETENTION_RULES)
        .scalar_subquery()
        .label("retention_rules"),
    )
    .join(Respondent, Respondent.id == Administration.respondent_id)
    .join(Person, Person.id == Respondent.person_id)
    .join(Case, Case.id == Administration.case_id)
)
_ASKED_BY_LINK = (
    _ASKED.add_columns(
        Link.id.label("link_id"),
        Link.label.label("link_label"),
        Link.expires_at,
        Link.cancelled_at,
        Link.failed_guesses,
    )
    .join(Link, Link.administration_id == Administration.id)
    .where(Link.token_hash == bindparam("token_hash"))
)

_CLAIM = (
    update(Administration.__table__)  # type: ignore[arg-type]
    .where(
        Administration.id == bindparam("administration_id"), Administration.state == AdministrationState.OPEN
    )
    .values(state=AdministrationState.ANSWERED, answered_on=bindparam("on"))
)
_INSERT_RATING = insert(Rating.__table__)  # type: ignore[arg-type]
_RATING_COLUMNS = frozenset(Rating.__table__.columns.keys())


def find_asked_by_link(session: Session, token_hash: str) -> Any:
    """What a link leads to: the administration, its respondent and the state of both, in one reading."""
    return session.connection().execute(_ASKED_BY_LINK, {"token_hash": token_hash}).one_or_none()


def find_asked(session: Session, administration_id: UUID) -> Any:
    """The same without a link: for a handed-over device and for paper."""
    return session.execute(_ASKED.where(Administration.id == administration_id)).one_or_none()


def lock_administration(session: Session, administration_id: UUID) -> AdministrationState:
    """The administration's state, locked against a second send at the same moment (in SQLite by its write lock)."""
    query = select(Administration.state).where(Administration.id == administration_id).with_for_update()
    return session.execute(query).scalar_one()


def claim_administration(session: Session, administration_id: UUID, on: date) -> bool:
    """Mark an open administration as answered and lock it; False, and nothing done, when it is not open any more.

    Of two sends at the same moment the second waits here for the first, and is then told False.
    """
    session.flush()
    values = {"administration_id": administration_id, "on": on}
    if session.connection().execute(_CLAIM, values).rowcount == 0:
        return False
    loaded = session.identity_map.get(identity_key(Administration, administration_id))
    if loaded is not None:
        session.expire(loaded, ["state", "answered_on"])
    return True


def insert_rating(session: Session, rating: Rating) -> None:
    """Insert a new rating by one plain statement; the object is then as good as loaded.

    This is the busiest write of the service, and the unit of work would take as long again as all the rest.
    """
    given = vars(rating)
    session.connection().execute(_INSERT_RATING, {name: given.get(name) for name in _RATING_COLUMNS})
    for name in _RATING_COLUMNS - given.keys():
        set_committed_value(rating, name, None)
    make_transient_to_detached(rating)
    session.add(rating)


def list_live_links(session: Session, administration_id: UUID) -> list[Link]:
    """The administration's links that nobody has cancelled (they may have expired)."""
    return list(
        session.scalars(
            select(Link).where(Link.administration_id == administration_id, Link.cancelled_at.is_(None))
        )
    )


def list_of_administration(session: Session, administration_id: UUID) -> list[Rating]:
    """The current rating and those it superseded, newest first."""
    return list(
        session.scalars(
            select(Rating)
            .where(Rating.administration_id == administration_id)
            .order_by(Rating.submitted_at.desc())
        )
    )


def find_comment(session: Session, rating_id: UUID) -> Comment | None:
    return session.scalars(select(Comment).where(Comment.rating_id == rating_id)).one_or_none()


def note_informed(session: Session, person_id: UUID, at: datetime) -> None:
    """Remember when somebody was first shown who asks, why, and who will see the answers."""
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.informed_at.is_(None))
        .values(informed_at=at)
        .execution_options(synchronize_session=False)
    )
