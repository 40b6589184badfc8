"""What the rows of follow-up meetings tell: planned, prepared, held, written down and stored."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.access_request import Row
from fitsvc.domain.meeting import ChildHeard, Decision, Minute
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.access_request.around import LONG_DAY, Around, Entry, on_moment, plain, said
from fitsvc.web.agenda_words import KINDS as AGENDA_KINDS
from fitsvc.web.minute_form import CHILD_HEARD, DECISIONS, LABELS
from fitsvc.web.templates import day
from fitsvc.web.words import DEVIATION_REASONS

EXPECTATIONS = {
    ExpectationKind.SHARED: _l("Expectation agreed at the meeting"),
    ExpectationKind.OWN: _l("One person's own expectation"),
}


def meeting(row: Row, around: Around) -> list[Entry]:
    state = _("held") if row["held_on"] else _("cancelled") if row["cancelled_at"] else _("planned")
    time = row["planned_at"].strftime("%H.%M") if row["planned_at"] else None
    return [
        Entry(
            row["held_on"] or row["planned_on"],
            None,
            _("Follow-up meeting, %(state)s", state=state),
            said(
                (_("Planned for"), row["planned_on"]),
                (_("Time"), time),
                (_("Cancelled"), row["cancelled_at"]),
                (_("Called by"), around.who(row["created_by_id"])),
            ),
        )
    ]


def agenda(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["changed_at"],
            _("The agenda was arranged"),
            (_("Meeting"), around.meeting(row["meeting_id"])),
            (_("Item"), AGENDA_KINDS[row["kind"]]),
            (_("Text"), row["text"]),
            (_("Place on the agenda"), row["position"]),
            (_("Taken out"), row["removed_at"]),
            (_("By"), around.who(row["changed_by_id"])),
        )
    ]


def minute(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["changed_at"],
            _("Minutes of the meeting"),
            (_("Meeting"), around.meeting(row["meeting_id"])),
            (str(LABELS[row["field"]]), _minute_text(row)),
            (_("By"), around.who(row["changed_by_id"])),
        )
    ]


def _minute_text(row: Row) -> str:
    text = str(row["text"])
    try:
        if row["field"] is Minute.DECISION:
            return str(DECISIONS[Decision(text)])
        if row["field"] is Minute.CHILD_HEARD:
            return str(CHILD_HEARD[ChildHeard(text)])
        if row["field"] is Minute.NEXT_ON:
            return day(date.fromisoformat(text), LONG_DAY)
    except ValueError:
        return text
    return text


def agreement(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["created_at"],
            _("An agreement"),
            (_("Meeting"), around.meeting(row["meeting_id"])),
            (_("What"), row["what"]),
            (_("Who"), row["who"]),
            (_("At the latest"), row["by_on"]),
            (_("Done"), row["done_on"]),
            (_("How it went"), row["how_it_went"]),
            (_("Taken out"), row["removed_at"]),
            (_("Written by"), around.who(row["created_by_id"])),
        )
    ]


def expectation(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["created_at"],
            str(EXPECTATIONS[row["kind"]]),
            (_("The series of"), around.respondent(row["respondent_id"])),
            (_("Form"), around.form(row["instrument_id"], row["instrument_version"])),
            (_("Area"), row["area"]),
            (_("Goal"), around.goal(row["goal_id"]) if row["goal_id"] else None),
            (_("From"), f"{plain(row['start_score'])} ({plain(row['start_on'])})"),
            (_("To"), f"{plain(row['score'])} ({plain(row['due_on'])})"),
            (_("Stands no longer since"), row["withdrawn_at"]),
            (_("Set by"), around.who(row["set_by_id"])),
        )
    ]


def deviation(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["asked_at"],
            _("Follow-up on another day than the cadence says"),
            (_("By the cadence"), row["by_cadence_on"] or row["by_cadence_interval"]),
            (_("Chosen instead"), row["planned_on"] or row["chosen_interval"]),
            (_("Why"), DEVIATION_REASONS[row["reason_code"]]),
            (_("In words"), row["reason"]),
            (_("Decided by"), row["decided_by"]),
            (_("Asked by"), around.who(row["asked_by_id"])),
            (_("Answered by"), around.who(row["answered_by_id"]) if row["answered_by_id"] else None),
            (_("Answer"), row["answer"]),
        )
    ]


def brought(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["brought_at"],
            _("The family chose to bring session ratings to a meeting"),
            (_("Whose"), around.respondent(row["respondent_id"])),
            (_("Meeting"), around.meeting(row["meeting_id"])),
            (_("Taken back"), row["taken_back_at"]),
            (_("Noted by"), around.who(row["brought_by_id"])),
        )
    ]


def frozen(row: Row, around: Around) -> list[Entry]:
    files = {one.report_id: one.name for one in around.whole.papers}
    locked = _("locked, because somebody took their answers back") if row["locked_at"] else None
    return [
        on_moment(
            row["frozen_at"],
            _("The paper of a meeting was stored"),
            (_("Meeting"), around.meeting(row["meeting_id"])),
            (_("File"), files.get(row["id"])),
            (_("State"), locked),
            (_("SHA-256"), row["pdf_sha256"]),
            (_("Version of the rules"), row["rules_version"]),
            (_("Stored by"), around.who(row["frozen_by_id"])),
        )
    ]
