"""A case's rows as things that happened, in order of time. One function for each table that tells of a day."""

from collections.abc import Callable

from flask_babel import gettext as _

from fitsvc.domain.access_request import Row
from fitsvc.web.access_request import answers, meetings
from fitsvc.web.access_request.around import Around, Entry, on_moment, said
from fitsvc.web.agenda_words import THOUGHTS
from fitsvc.web.templates import points
from fitsvc.web.words import EVENT_KINDS, MEASURE_TYPES, SIGNALS


def tell(around: Around) -> tuple[Entry, ...]:
    """Every entry, oldest first."""
    rows = around.whole.rows
    told = [entry for table, render in TOLD.items() for row in rows[table] for entry in render(row, around)]
    return tuple(
        sorted(told, key=lambda one: (one.on, one.at is not None, one.at.timestamp() if one.at else 0))
    )


def _episode(row: Row, around: Around) -> list[Entry]:
    name = str(MEASURE_TYPES.get(row["measure_type"], row["measure_type"]))
    rhythm = f"{row['chosen_interval']} {row['chosen_interval_unit']}" if row["chosen_interval"] else None
    begins = Entry(
        row["started_on"],
        None,
        _("A measure began: %(measure)s", measure=name),
        said(
            (_("Unit"), around.whole.units.get(row["unit_id"])),
            (_("Purpose"), row["purpose"]),
            (_("Legal basis"), row["legal_basis"]),
            (_("Step on the ladder of measures"), row["ladder_step"]),
            (_("Expected weeks"), row["expected_weeks"]),
            (_("Standard for follow-up"), row["cadence_standard"]),
            (_("Rhythm chosen for the case"), rhythm),
            (_("A parallel investigation ends"), row["investigation_ends_on"]),
        ),
    )
    if row["ended_on"] is None:
        return [begins]
    return [begins, Entry(row["ended_on"], None, _("The measure ended: %(measure)s", measure=name))]


def _goal(row: Row, around: Around) -> list[Entry]:
    entry = Entry(
        row["set_on"],
        row["created_at"],
        _("A goal was set"),
        said(
            (_("Goal"), row["text"]),
            (_("From"), row["start_value"]),
            (_("Towards"), row["target_value"]),
            (_("At the latest"), row["due_on"]),
        ),
    )
    if row["closed_on"] is None:
        return [entry]
    closed = said((_("Goal"), row["text"]), (_("Reached"), row["reached"]))
    return [entry, Entry(row["closed_on"], None, _("A goal was closed"), closed)]


def _status(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["written_at"],
            _("Status of a goal"),
            (_("Goal"), around.goal(row["goal_id"])),
            (_("Status"), row["text"]),
            (_("For the meeting"), around.meeting(row["meeting_id"])),
            (_("Written by"), around.who(row["written_by_id"])),
        )
    ]


def _signal(row: Row, around: Around) -> list[Entry]:
    thoughts = zip(
        THOUGHTS.values(), ("about_goals", "about_method", "about_relation", "about_life"), strict=True
    )
    return [
        Entry(
            row["taken_on"],
            row["created_at"],
            _("A signal was answered with a next step"),
            said(
                (_("Signal"), SIGNALS[row["signal"]]),
                (_("The series of"), around.respondent(row["respondent_id"])),
                (_("Form"), around.form(row["instrument_id"], row["instrument_version"])),
                (_("Confirmed by the score of"), row["confirmed_on"]),
                (_("Next step"), row["next_step"]),
                *((str(label), row[name]) for label, name in thoughts),
                (_("On the agenda"), row["on_agenda"]),
                (_("By"), around.who(row["taken_by_id"])),
            ),
        )
    ]


def _event(row: Row, around: Around) -> list[Entry]:
    return [
        Entry(
            row["happened_on"],
            row["created_at"],
            _("Event: %(kind)s", kind=str(EVENT_KINDS[row["kind"]])),
            said((_("Text"), row["text"]), (_("Recorded by"), around.who(row["recorded_by_id"]))),
        )
    ]


def _external(row: Row, around: Around) -> list[Entry]:
    series = around.by_id.get(row["series_id"])
    name, unit = (series["name"], series["value_unit"]) if series else ("–", "")
    return [
        Entry(
            row["measured_on"],
            row["created_at"],
            _("Number from elsewhere: %(name)s", name=name),
            said(
                (_("Value"), f"{points(row['value'])} {unit}".strip()),
                (_("Entered by"), around.who(row["entered_by_id"]) if row["entered_by_id"] else _("import")),
            ),
        )
    ]


def _session(row: Row, around: Around) -> list[Entry]:
    return [
        Entry(
            row["held_on"],
            row["started_at"],
            _("Session with the family"),
            said((_("Practitioner"), around.who(row["practitioner_id"]))),
        )
    ]


def _emergency(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["opened_at"],
            _("The case was opened in an emergency"),
            (_("By"), around.who(row["staff_id"])),
            (_("Why"), row["reason"]),
        )
    ]


def _sharing(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["created_at"],
            _("Session ratings were shared with the provider's leader"),
            (_("By"), around.who(row["shared_by_id"])),
            (_("With"), around.who(row["shared_with_id"])),
            (_("Until"), row["until_on"]),
            (_("Why"), row["purpose"]),
            (_("Ended"), row["ended_at"]),
        )
    ]


def _deletion(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["deleted_at"],
            _("Something was deleted"),
            (_("What"), str(row["kind"])),
            (_("By the rule"), row["rule"]),
            (_("Rows"), ", ".join(f"{name}: {number}" for name, number in sorted(row["counts"].items()))),
        )
    ]


TOLD: dict[str, Callable[[Row, Around], list[Entry]]] = {
    "episodes": _episode,
    "ratings": answers.rating,
    "comments": answers.comment,
    "agenda_wishes": answers.wish,
    "point_notes": answers.note,
    "goals": _goal,
    "goal_statuses": _status,
    "signal_actions": _signal,
    "follow_up_meetings": meetings.meeting,
    "agenda_entries": meetings.agenda,
    "minute_texts": meetings.minute,
    "agreements": meetings.agreement,
    "agreed_expectations": meetings.expectation,
    "follow_up_deviations": meetings.deviation,
    "case_events": _event,
    "external_values": _external,
    "care_sessions": _session,
    "brought_sessions": meetings.brought,
    "frozen_reports": meetings.frozen,
    "emergency_accesses": _emergency,
    "session_sharings": _sharing,
    "deletions": _deletion,
}
"""The tables that tell of a day. The others stand in sections of their own (`page`)."""
