"""Access beside the usual, once each: a protected case, a substitute, an emergency and shared session ratings."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fitsvc.demo.rows import Rows, at, key
from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.notices import Notice
from fitsvc.storage.special_access import EmergencyAccess, SessionSharing

PROTECTED, EMERGENCY, SHARED, COVERED = "Lyng", "Saga", "Dis", "Ravn"
_PROTECTED_WHY = "Barnets far arbejder i forvaltningen."
_EMERGENCY_WHY = "Skolen ringede om barnet klokken 16.40; sagens rådgiver og udfører var begge på ferie."
_PURPOSE = "Råd fra min leder, før familien og jeg taler om samarbejdet."


def add_special_access(rows: Rows, cases: dict[str, Case]) -> None:
    """For the demo's leader Gerda, who has an emergency to look at; the case protected is hers to open."""
    _protect(rows, cases[PROTECTED])
    _open_in_emergency(rows, cases[EMERGENCY])
    _share(rows, cases[SHARED])
    _cover(rows, cases[COVERED])


def _protect(rows: Rows, case: Case) -> None:
    on = rows.today - timedelta(days=20)
    gerda = key("staff", "gerda")
    case.protected_at = at(on, 10)
    rows.add(
        TeamMember(id=key("named", case.id), case_id=case.id, staff_id=gerda, part=TeamPart.NAMED, from_on=on)
    )
    _act(rows, Act.CASE_PROTECTED, gerda, case, at(on, 10), why=_PROTECTED_WHY, named=[str(gerda)])


def _open_in_emergency(rows: Rows, case: Case) -> None:
    on = rows.today - timedelta(days=1)
    malthe, moment = key("staff", "malthe"), at(on, 16, 55)
    access = rows.add(
        EmergencyAccess(
            id=key("emergency", case.id),
            case_id=case.id,
            staff_id=malthe,
            on_day=on,
            reason=_EMERGENCY_WHY,
            opened_at=moment,
        )
    )
    rows.add(
        Notice(
            id=key("notice", access.id),
            kind=NoticeKind.EMERGENCY_ACCESS,
            unit_id=None,
            about_staff_id=malthe,
            by_staff_id=malthe,
            case_id=case.id,
            details={"access": str(access.id), "protected": False},
            created_at=moment,
        )
    )
    _act(rows, Act.EMERGENCY_OPENED, malthe, case, moment, why=_EMERGENCY_WHY, protected=False)


def _share(rows: Rows, case: Case) -> None:
    on, until = rows.today - timedelta(days=3), rows.today + timedelta(days=11)
    solvej, villads = key("staff", "solvej"), key("staff", "villads")
    sharing = rows.add(
        SessionSharing(
            id=key("sharing", case.id),
            case_id=case.id,
            shared_by_id=solvej,
            shared_with_id=villads,
            from_on=on,
            until_on=until,
            purpose=_PURPOSE,
            created_at=at(on, 14),
        )
    )
    details = {"sharing": str(sharing.id), "leader": str(villads), "until_on": until.isoformat()}
    _act(rows, Act.SESSION_RATINGS_SHARED, solvej, case, at(on, 14), why=_PURPOSE, **details)


def _cover(rows: Rows, case: Case) -> None:
    first = rows.today + timedelta(days=7)
    malthe, runa = key("staff", "malthe"), key("staff", "runa")
    rows.add(
        TeamMember(
            id=key("substitute", case.id),
            case_id=case.id,
            staff_id=runa,
            part=TeamPart.CASEWORKER,
            from_on=first,
            until_on=first + timedelta(days=14),
            substitute_for_id=malthe,
        )
    )


def _act(
    rows: Rows, act: Act, staff_id: UUID, case: Case, moment: datetime, *, why: str, **details: Any
) -> None:
    rows.add(AuditLog(at=moment, staff_id=staff_id, act=act, case_id=case.id, details=details, why=why))
