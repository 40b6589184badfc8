"""A case as everybody at its meeting may see it."""

from uuid import UUID

from fitsvc.domain.audit import Access
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.trajectories import compose
from fitsvc.web.current import actor, catalogue, now, session


def facts_at_meeting(case_id: UUID, access: Access) -> CaseTrajectories:
    """The case's facts without what was kept from meetings, and one row in the access log."""
    return compose(
        session(),
        by=actor(),
        case_id=case_id,
        catalogue=catalogue(),
        now=now(),
        access=access,
        at_meeting=True,
    )
