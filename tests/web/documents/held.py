"""A meeting held and frozen, for the tests of what is stored."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff
from fitsvc.storage.frozen import FrozenKind, FrozenReport, find_frozen_report
from fitsvc.storage.organisation import UnitKind
from fitsvc.web.documents.freezing import freeze_meeting
from tests.builders import Builder
from tests.cast import Cast

Freeze = Callable[..., None]


def actor_of(staff: Staff, build: Builder) -> Actor:
    return Actor(
        staff_id=staff.id,
        unit_id=staff.unit.id,
        roles=frozenset(Role(role.name) for role in staff.roles),
        today=build.today,
        external=staff.unit.kind is UnitKind.EXTERNAL_PROVIDER,
    )


def freeze(
    app: Flask,
    session: Session,
    build: Builder,
    cast: Cast,
    meeting_id: UUID,
    *,
    names_hidden: bool = False,
    language: str = "da",
    by: Staff | None = None,
) -> None:
    session.flush()
    actor = actor_of(by or cast.caseworker, build)
    with app.test_request_context("/"):
        freeze_meeting(
            session,
            by=actor,
            now=build.now,
            case_id=cast.case.id,
            meeting_id=meeting_id,
            names_hidden=names_hidden,
            language=language,
        )
    session.flush()


def frozen(session: Session, cast: Cast, meeting_id: UUID, kind: str = "report") -> FrozenReport:
    found = find_frozen_report(session, cast.case.id, meeting_id, FrozenKind(kind))
    assert found is not None
    return found
