"""Who runs an episode: a provider's practitioners join the case's team with it, and may leave with it."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.roles import Role
from fitsvc.services.case_teams import check_joining
from fitsvc.services.invalid import Invalid
from fitsvc.storage.accounts import Staff, list_staff
from fitsvc.storage.cases import Case, TeamMember, TeamPart, list_team
from fitsvc.storage.episodes import Episode, list_episodes
from fitsvc.storage.organisation import UnitKind, find_unit
from fitsvc.storage.special_reading import list_substitutions


def list_practitioners(session: Session) -> list[Staff]:
    """Everybody who can run an episode, by unit and name."""
    found = [one for one in list_staff(session) if one.active and _is_practitioner(one)]
    return sorted(found, key=lambda one: (one.unit.name, one.name))


def check_people(session: Session, unit_id: UUID, practitioner_ids: tuple[UUID, ...]) -> None:
    """Invalid unless a provider's unit and at least one of its practitioners are named."""
    unit = find_unit(session, unit_id)
    if unit is None or unit.kind is UnitKind.AUTHORITY:
        raise Invalid("unit_id", "not_a_choice")
    of_unit = {one.id for one in list_practitioners(session) if one.unit_id == unit.id}
    if not practitioner_ids:
        raise Invalid("practitioner_ids", "missing")
    if not of_unit.issuperset(practitioner_ids):
        raise Invalid("practitioner_ids", "not_of_the_unit")


def join_team(session: Session, by: Actor, case: Case, staff_ids: tuple[UUID, ...]) -> list[UUID]:
    """Those who were not on the case yet join it today."""
    there = {one.staff_id for one in list_team(session, case.id) if one.part is TeamPart.PRACTITIONER}
    joining = [one for one in dict.fromkeys(staff_ids) if one not in there]
    for one in joining:
        _check_joining(by, case, one)
    session.add_all(
        TeamMember(case_id=case.id, staff_id=one, part=TeamPart.PRACTITIONER, from_on=by.today, until_on=None)
        for one in joining
    )
    return joining


def let_team_leave(session: Session, by: Actor, case: Case, ended: Episode) -> list[UUID]:
    """The ended measure's practitioners leave, unless another one of their unit is still running."""
    still_running = any(
        one.unit_id == ended.unit_id and one.ended_on is None for one in list_episodes(session, case.id)
    )
    if still_running:
        return []
    of_unit = {one.id for one in list_staff(session) if one.unit_id == ended.unit_id}
    leaving = [
        one
        for one in list_team(session, case.id)
        if one.part is TeamPart.PRACTITIONER and one.staff_id in of_unit
    ]
    for member in leaving:
        # They may still look at it today, and write the last note.
        last_day = max(by.today, member.from_on, ended.ended_on or by.today)
        member.until_on = last_day + timedelta(days=1)
    _let_substitutes_leave(session, by, case, {one.staff_id: one.until_on for one in leaving})
    return [one.staff_id for one in leaving]


def _let_substitutes_leave(
    session: Session, by: Actor, case: Case, leaving: Mapping[UUID, date | None]
) -> None:
    """Nobody stands longer on a case in somebody's place than that one does."""
    for one in list_substitutions(session, by.today):
        ends = leaving.get(one.substitute_for_id) if one.substitute_for_id else None
        if one.case_id != case.id or ends is None or one.until_on is None or one.until_on <= ends:
            continue
        if one.from_on >= ends:
            session.delete(one)  # it never began
        else:
            one.until_on = ends


def _check_joining(by: Actor, case: Case, staff_id: UUID) -> None:
    try:
        check_joining(by, case, staff_id)
    except Invalid as invalid:
        raise Invalid("practitioner_ids", invalid.code) from invalid


def _is_practitioner(staff: Staff) -> bool:
    return any(role.name == Role.PRACTITIONER for role in staff.roles)
