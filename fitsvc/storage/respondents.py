"""Respondents: who rates, in which case and role; what they are asked; on what basis it is shared."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from fitsvc.domain.actor import Actor
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.cases import Case, in_scope
from fitsvc.storage.secret import Secret


class Person(Base):
    """Somebody who rates; one person may be respondent in several cases (a mother of siblings).

    `informed_at`: when they were first shown who asks, why, and who will see the answers.
    """

    __tablename__ = "persons"

    id: Mapped[Key]
    name: Mapped[Secret]
    email: Mapped[Secret | None]
    phone: Mapped[Secret | None]
    language: Mapped[str] = mapped_column(String(8), default="da")
    informed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Respondent(Base):
    """`label` is what somebody who rates another person sees on the form, chosen deliberately by staff
    (never shown to the child about itself); `setting` is where they see the child ("3.b", "hjemme hos mor").
    `shows_own_curve`: the practitioner lets them see their own curve after rating. `withdrawn_at`: they took their
    answers back; nothing of theirs is shown any more.
    """

    __tablename__ = "respondents"
    __table_args__ = (
        CheckConstraint(
            "(rater_role = 'parent') = (has_custody IS NOT NULL)", name="custody_known_for_parents_only"
        ),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        Index("ix_respondents_case", "case_id"),
        Index("ix_respondents_person", "person_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    rater_role: Mapped[RaterRole] = mapped_column(code(RaterRole))
    setting: Mapped[Secret] = mapped_column(default="")
    label: Mapped[Secret] = mapped_column(default="")
    has_custody: Mapped[bool | None]
    shows_own_curve: Mapped[bool] = mapped_column(default=False, server_default=false())
    withdrawn_at: Mapped[datetime | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class RatingPlan(Base):
    """What a respondent is asked, how often and why. `target_score` is the level agreed to be good enough.

    `chosen_against_age` is the reason when staff chose another form than the child's age suggests.
    """

    __tablename__ = "rating_plans"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_rating_plans_respondent", "respondent_id"),
    )

    id: Mapped[Key]
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    instrument_id: Mapped[str] = mapped_column(String(80))
    rhythm: Mapped[Rhythm] = mapped_column(code(Rhythm))
    purpose: Mapped[Secret] = mapped_column(default="")
    target_score: Mapped[float | None]
    chosen_against_age: Mapped[Secret | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]


class SharingBasis(Base):
    """Why answers may be shared with or come from this respondent (a school), how far, and since when.

    `family_told_on`: when the child and those with custody were told. Without it the basis carries no asking: no child
    is rated behind its parents' backs. (None only on rows older than the rule.)
    """

    __tablename__ = "sharing_bases"
    __table_args__ = (Index("ix_sharing_bases_respondent", "respondent_id"),)

    id: Mapped[Key]
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    basis: Mapped[Secret]
    sharing_scope: Mapped[Secret]
    decided_on: Mapped[date]
    family_told_on: Mapped[date | None]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


def list_respondents(session: Session, case_id: UUID) -> list[Respondent]:
    """A case's respondents with their persons, oldest first."""
    return list(
        session.scalars(
            select(Respondent)
            .where(Respondent.case_id == case_id)
            .options(joinedload(Respondent.person))
            .order_by(Respondent.started_on, Respondent.id)
        )
    )


def find_respondent(session: Session, case_id: UUID, respondent_id: UUID) -> Respondent | None:
    return session.scalars(
        select(Respondent)
        .where(Respondent.id == respondent_id, Respondent.case_id == case_id)
        .options(joinedload(Respondent.person))
    ).one_or_none()


def lock_respondent(session: Session, respondent_id: UUID) -> None:
    """Let nobody else ask this respondent until the transaction ends (SQLite's write lock does it there)."""
    session.execute(select(Respondent.id).where(Respondent.id == respondent_id).with_for_update())


def list_plans(session: Session, case_id: UUID) -> list[RatingPlan]:
    """All rating plans of a case's respondents, oldest first."""
    return list(
        session.scalars(
            select(RatingPlan)
            .join(Respondent, Respondent.id == RatingPlan.respondent_id)
            .where(Respondent.case_id == case_id)
            .order_by(RatingPlan.starts_on, RatingPlan.id)
        )
    )


def list_sharing_bases(session: Session, case_id: UUID) -> list[SharingBasis]:
    """Every recorded basis of a case's respondents, oldest first."""
    return list(
        session.scalars(
            select(SharingBasis)
            .join(Respondent, Respondent.id == SharingBasis.respondent_id)
            .where(Respondent.case_id == case_id)
            .order_by(SharingBasis.created_at, SharingBasis.id)
        )
    )


def search_persons(
    session: Session, actor: Actor, name_part: str, *, not_in: UUID, limit: int = 20
) -> list[tuple[Person, RaterRole, str]]:
    """Persons who rate in another of this actor's cases: with their role there and that case's display name."""
    rows = session.execute(
        select(Person, Respondent.rater_role, Case.display_name)
        .join(Respondent, Respondent.person_id == Person.id)
        .join(Case, Case.id == Respondent.case_id)
        .where(in_scope(actor), Case.id != not_in)
    )
    wanted = name_part.casefold()
    found = [(person, role, name) for person, role, name in rows if wanted in person.name.casefold()]
    found.sort(key=lambda one: (one[0].name, one[0].id, one[2]))
    return found[:limit]


def find_person_in_scope(session: Session, actor: Actor, person_id: UUID) -> Person | None:
    """The person when they rate in a case this actor may see, else None."""
    return session.scalars(
        select(Person).where(
            Person.id == person_id,
            Person.id.in_(
                select(Respondent.person_id).join(Case, Case.id == Respondent.case_id).where(in_scope(actor))
            ),
        )
    ).one_or_none()
