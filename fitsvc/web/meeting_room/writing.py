"""What the meeting writes on this page: agenda, expectations, agreements, decision, next time."""

from dataclasses import dataclass

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_facts import MeetingBook
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.meeting_room.state import RoomState
from fitsvc.web.names import Names


@dataclass(frozen=True, slots=True)
class Writing:
    """The writing parts of the page, in words."""


def write_parts(
    seen: CaseTrajectories,
    book: MeetingBook,
    meeting: FollowUpMeeting,
    *,
    catalogue: Catalogue,
    language: str,
    state: RoomState,
    names: Names,
) -> Writing:
    """`seen` has its names hidden already when they are; texts from `book` go through `names.clean`."""
    return Writing()
