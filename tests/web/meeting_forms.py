"""The addresses of everything that is sent around a follow-up meeting, with fields that fill each one in well."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.services.series import series_key
from fitsvc.storage.cadences import OwnStandard
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement
from tests.builders import Builder
from tests.cast import Cast

MINUTES = {
    "participants": "Ravn, mor og Paula",
    "child_heard": "present",
    "child_heard_how": "Ravn vil helst i skole",
    "decision": "adjust",
    "decision_reason": "Skolen er svær",
    "goals_changed": "Nej",
    "next_on": "16.06.2026",
    "next_reason": "Efter sommerferien starter den nye klasse",
}
GROUNDS = {"reason_code": "worry", "meeting_reason": "Skolen bekymrer os", "decided_by": "Lena"}


@dataclass(frozen=True)
class Sent:
    """One form: who sends it, where, and what. `buttons` say what the form does; anything else in them is another
    form.
    """

    who: str
    path: str
    fields: dict[str, Any]
    buttons: dict[str, str] = field(default_factory=dict)


def meeting_forms(cast: Cast, build: Builder, meeting: FollowUpMeeting) -> dict[str, Sent]:
    """Furnishes the case with one of everything and commits."""
    on, case = build.today, f"/cases/{cast.case.id}"
    at = f"{case}/meetings/{meeting.id}"
    goal = build.goal(cast.case, cast.episode)
    build.rating(cast.child, 4, on)
    build.plan(cast.child)
    version = build.catalogue.get("wellbeing-youth").version
    series = series_key(cast.child.id, "wellbeing-youth", version)
    agreement = Agreement(
        case_id=cast.case.id,
        meeting_id=meeting.id,
        what="Ring",
        who="Paula",
        created_by_id=cast.caseworker.id,
        created_at=build.now,
    )
    standard = OwnStandard(
        slug="own-ravnby", name="Ravnby", source="x", added_by_id=cast.administrator.id, added_at=build.now
    )
    deviation = Deviation(
        case_id=cast.case.id,
        episode_id=cast.episode.id,
        meeting_id=meeting.id,
        kind=DeviationKind.LATER,
        reason_code=DeviationReason.OTHER,
        reason="x",
        planned_on=meeting.planned_on,
        by_cadence_on=on,
        state=DeviationState.AWAITING,
        asked_by_id=cast.caseworker.id,
        asked_at=build.now,
    )
    build.session.add_all([agreement, standard, deviation])
    build.session.commit()
    promise = {"what": "Mor ringer til læreren", "who": "Mor", "by_on": "01.04.2026", "version": "1"}
    own = f"{case}/respondents/{cast.child.id}"
    return {
        "plan": Sent(
            "caseworker",
            f"{case}/meetings/plan",
            {"planned_on": "20.03.2026", "planned_at": "10:30", **GROUNDS},
        ),
        "move": Sent(
            "caseworker",
            f"{at}/move",
            {"planned_on": "20.03.2026", "planned_at": "10:30", "seen": on.isoformat(), **GROUNDS},
        ),
        "cancel": Sent("caseworker", f"{at}/cancel", {}),
        "hold": Sent(
            "caseworker",
            f"{at}/hold",
            {"held_on": "16.03.2026", "next_at": "09:00", "names_hidden": "y", **MINUTES},
        ),
        "minutes": Sent(
            "caseworker", f"{at}/minutes", MINUTES | {"decision-version": "0"}, {"part": "decision"}
        ),
        "agreement": Sent("caseworker", f"{at}/agreements", promise),
        "agreement again": Sent(
            "caseworker",
            f"{case}/agreements/{agreement.id}?meeting={meeting.id}",
            promise,
            {"do": "save"},
        ),
        "agreement done": Sent(
            "caseworker",
            f"{case}/agreements/{agreement.id}?meeting={meeting.id}",
            {"how_it_went": "Det gik godt"},
            {"do": "done"},
        ),
        "expectation": Sent(
            "caseworker",
            f"{at}/expectations",
            {"expect": f"shared.{series}", "about": "", "score": "6", "due_on": "16.06.2026"},
        ),
        "bring": Sent("practitioner", f"{at}/bring/{cast.child.id}", {"family_chose": "yes"}),
        "take back": Sent("practitioner", f"{at}/take-back/{cast.child.id}", {}),
        "item": Sent("caseworker", f"{at}/prepare", {"text": "Sommerferien"}),
        "arrange": Sent(
            "caseworker",
            f"{at}/prepare/item",
            {"item": f"free:{uuid4()}", "down": f"free:{uuid4()}"},
            {"change": "down"},
        ),
        "ending": Sent(
            "caseworker",
            f"{at}/ending",
            {
                "helped": "At nogen lyttede",
                "helped_version": "0",
                "if_harder": "Vi ringer",
                "if_harder_version": "0",
            },
        ),
        "afterwards": Sent("caseworker", f"{at}/ending/ratings", {"ask": f"{cast.child.id}:3"}),
        "status": Sent(
            "practitioner",
            f"{at}/status",
            {f"status-{goal.id}": "Tre dage om ugen nu", f"seen-{goal.id}": ""},
        ),
        "ask": Sent("practitioner", f"{at}/ask", {"asks_wish": "y", "respondent": ""}),
        "deviation": Sent(
            "authority_leader",
            f"{case}/deviations/{deviation.id}",
            {"answer": "I må gerne vente"},
            {"wanted": "refuse"},
        ),
        "own curve": Sent("practitioner", f"{own}/own-curve", {"on": "yes"}),
        "withdraw": Sent("practitioner", f"{own}/withdraw", {"confirmed": "y"}),
        "days": Sent(
            "administrator", "/admin/follow-up", {"ask_days_before": "9", "status_days_before": "5"}
        ),
        "standard": Sent(
            "administrator",
            "/admin/follow-up/standards/add",
            {
                "name": "Ravnby 2027",
                "source": "Byrådet i marts",
                "preventive-first": "6",
                "preventive-first-unit": "weeks",
                "preventive-then": "3",
                "preventive-then-unit": "months",
                "preventive-first_year": "2",
                "preventive-first_year-unit": "months",
            },
        ),
        "retire": Sent("administrator", f"/admin/follow-up/standards/{standard.id}/retire", {}),
        "calendar": Sent("caseworker", "/account/calendar-link", {}),
        "no calendar": Sent("caseworker", "/account/calendar-link/revoke", {}),
    }
