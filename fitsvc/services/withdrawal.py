"""A respondent takes their answers back: nothing of theirs is shown any more, to anybody, in any list or report.

Fourteen days later they are deleted, with the frozen papers that show them (`services.deletion`). Until then they lie
in the database, read by no page, and a mistake can be undone.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.freezing import lock_for_respondent
from fitsvc.services.links import cancel_link
from fitsvc.services.rating_plans import plans_of
from fitsvc.services.respondents import get_respondent
from fitsvc.storage.administrations import AdministrationState, list_administrations, list_links_of
from fitsvc.storage.frozen import list_locked_for
from fitsvc.storage.logs import record_act
from fitsvc.storage.respondents import Respondent, lock_respondent


def withdraw(session: Session, *, by: Actor, now: datetime, case_id: UUID, respondent_id: UUID) -> Respondent:
    """Take back everything a respondent answered. In a closed case too; done twice it is done once.

    Plans end, what is still asked is cancelled, no link of theirs works or opens the own curve, and frozen reports with
    their answers are locked: the bytes are shown to nobody any more.
    """
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    if respondent.withdrawn_at is not None:
        return respondent
    lock_respondent(session, respondent.id)
    respondent.withdrawn_at = now
    respondent.shows_own_curve = False
    if respondent.ended_on is None or respondent.ended_on > by.today:
        respondent.ended_on = max(by.today, respondent.started_on)
    for plan in plans_of(session, respondent):
        if plan.ends_on is None or plan.ends_on > by.today:
            plan.ends_on = max(by.today, plan.starts_on)
    for administration in list_administrations(session, case.id):
        if administration.respondent_id == respondent.id and administration.state is AdministrationState.OPEN:
            cancel_link(session, administration=administration, by=by, now=now)
    for link in list_links_of(session, respondent.id):
        link.cancelled_at = link.cancelled_at or now
    lock_for_respondent(session, by=by, now=now, respondent_id=respondent.id)
    record_act(
        session,
        Act.RESPONDENT_WITHDRAWN,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        respondent=str(respondent.id),
    )
    session.flush()
    return respondent


def undo_withdrawal(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, respondent_id: UUID
) -> Respondent:
    """It was a mistake: the answers are shown again, and so are the papers that no other withdrawal locks.

    Nobody is asked anew by it: plans that ended and links that were cancelled stay so.
    """
    _case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    if respondent.withdrawn_at is None:
        return respondent
    lock_respondent(session, respondent.id)
    respondent.withdrawn_at = None
    session.flush()
    for row, still_for in list_locked_for(session, respondent.id):
        row.locked_for_respondent_id = still_for
        row.locked_at = row.locked_at if still_for else None
    record_act(
        session,
        Act.WITHDRAWAL_UNDONE,
        at=now,
        staff_id=by.staff_id,
        case_id=case_id,
        respondent=str(respondent.id),
    )
    session.flush()
    return respondent
