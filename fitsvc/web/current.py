"""What a view may ask of the running request: the database session, the time, who is asking."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from fitsvc.config import Config
from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.roles import Role
from fitsvc.services.clock import local_day
from fitsvc.services.emergencies import is_read_in_emergency
from fitsvc.storage.organisation import UnitKind
from fitsvc.storage.own_part import limit_to_own_part
from fitsvc.web.database import db

READ_IN_EMERGENCY = frozenset({"cases.show", "report.show", "report.pdf"})
"""The pages a case opened in an emergency may be read on: no form is reached, and nothing can be written."""

WHOLE_CASES = frozenset({"figures.show", "figures.download"})
"""Key figures count episodes that have ended, too; they show no case."""


def session() -> Session:
    return db.session


def config() -> Config:
    found: Config = current_app.extensions["fitsvc_config"]
    return found


def catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["fitsvc_catalogue"]
    return found


def moment_now() -> datetime:
    """The one place that reads the clock."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of this request, the same throughout. A demo made for another day keeps living on that day."""
    if "now" not in g:
        g.now = moment_now() + timedelta(days=current_app.extensions["fitsvc_days_ahead"])
    moment: datetime = g.now
    return moment


def today() -> date:
    return local_day(now())


def is_emergency() -> bool:
    """Whether this page shows a case to somebody who only sees it because they opened it in an emergency today."""
    if "is_emergency" not in g:
        case_id = (request.view_args or {}).get("case_id")
        g.is_emergency = isinstance(case_id, UUID) and is_read_in_emergency(
            session(), by=actor(), case_id=case_id
        )
    found: bool = g.is_emergency
    return found


def actor() -> Actor:
    """The signed-in member of staff; the access register has seen to it that there is one."""
    if "actor" not in g:
        g.actor = Actor(
            staff_id=current_user.id,
            unit_id=current_user.unit_id,
            roles=frozenset(Role(role.name) for role in current_user.roles),
            today=today(),
            external=current_user.unit.kind is UnitKind.EXTERNAL_PROVIDER,
            looking=request.method in {"GET", "HEAD"} and request.endpoint in READ_IN_EMERGENCY,
        )
        if request.endpoint not in WHOLE_CASES:
            limit_to_own_part(session(), g.actor)
    found: Actor = g.actor
    return found
