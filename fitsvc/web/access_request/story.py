"""A case's rows as things that happened, in order of time. One function for each table that tells of a day."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.access_request import Row
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.rating import AnswerKind, Mode, from_stored
from fitsvc.storage.events import EventKind
from fitsvc.web.access_request import meetings
from fitsvc.web.access_request.around import Answered, Around, Entry, on_moment, said
from fitsvc.web.agenda_words import THOUGHTS
from fitsvc.web.picture_words import picture_words
from fitsvc.web.templates import points
from fitsvc.web.words import MEASURE_TYPES, SIGNALS

MODES = {
    Mode.OWN_DEVICE: _l("on own device"),
    Mode.HANDED_OVER: _l("on a handed-over device"),
    Mode.PAPER: _l("on paper"),
    Mode.READ_ALOUD: _l("read aloud"),
    Mode.HELPER_PRESENT: _l("with a helper"),
}
ANSWER_KINDS = {
    AnswerKind.BLANK: _l("left blank"),
    AnswerKind.SKIPPED: _l("skipped"),
    AnswerKind.CANNOT_SEE: _l("cannot see"),
}
EVENT_KINDS = {
    EventKind.SCHOOL: _l("School"),
    EventKind.HOME: _l("Home"),
    EventKind.FAMILY: _l("Family"),
    EventKind.MEASURE: _l("Measure"),
    EventKind.OTHER: _l("Other"),
}
READERS = {
    Visibility.ONLY_ME: _l("Only the author"),
    Visibility.PRACTITIONER: _l("The author and the practitioner"),
    Visibility.MEETING: _l("Everybody at the meeting"),
}


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


def _rating(row: Row, around: Around) -> list[Entry]:
    form = around.whole.instruments.get((row["instrument_id"], row["instrument_version"]))
    marks = [
        (_("Answered for"), around.respondent(row["respondent_id"])),
        (_("How"), str(MODES[row["mode"]])),
        (_("Language"), around.language(row["language"])),
        (_("Seconds used"), row["seconds_used"]),
        (_("Score"), _score(row, form)),
        (_("Kept from the meeting by the respondent"), row["withheld"] or None),
        (_("Replaced by a later answer"), row["superseded_at"]),
        (_("Entered by"), around.who(row["entered_by_id"]) if row["entered_by_id"] else None),
        (_("To be read the same day, because of a low answer"), row["notice"] or None),
        (_("Read by"), around.who(row["notice_read_by_id"]) if row["notice_read_by_id"] else None),
    ]
    heading = _("Rating: %(form)s", form=around.form(row["instrument_id"], row["instrument_version"]))
    return [Entry(row["rated_on"], row["submitted_at"], heading, said(*marks), _answers(row, form))]


def _score(row: Row, form: Instrument | None) -> str:
    if row["score"] is None:
        return _("no score")
    if form is None:
        return points(row["score"])
    return _(
        "%(score)s on a scale from %(low)s to %(high)s",
        score=points(row["score"]),
        low=points(form.scoring.minimum),
        high=points(form.scoring.maximum),
    )


def _answers(row: Row, form: Instrument | None) -> tuple[Answered, ...]:
    told = []
    for item_id, answer in from_stored(row["answers"]).items():
        item = form.find_item(item_id) if form else None
        question = item.texts[form.language_for("da")].prompt if form and item else item_id
        if answer.value is None:
            words = str(ANSWER_KINDS[answer.kind])
        else:
            words = _value(answer.value, form, item_id if item else None)
        told.append(Answered(question, words))
    return tuple(told)


def _value(value: float, form: Instrument | None, item_id: str | None) -> str:
    """The number with what its scale's ends are called, or the face's name."""
    if form is None or item_id is None:
        return points(value)
    steps = form.text("da").steps
    if steps and value in form.scale.values:
        return f"{points(value)} ({steps[form.scale.values.index(value)]})"
    text = form.item_text(item_id, "da")
    low, high = points(form.scale.minimum), points(form.scale.maximum)
    return f"{points(value)} ({low} = {text.low}, {high} = {text.high})"


def _comment(row: Row, around: Around) -> list[Entry]:
    rating = around.by_id.get(row["rating_id"])
    return [
        on_moment(
            row["created_at"],
            _("Comment with a rating"),
            (_("From"), around.respondent(rating["respondent_id"]) if rating else None),
            (_("Text"), row["text"]),
            (_("May be shown at meetings"), row["at_meeting"]),
            (_("Read by"), around.who(row["read_by_id"]) if row["read_by_id"] else None),
        )
    ]


def _wish(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["created_at"],
            _("A wish for the meeting"),
            (_("From"), around.respondent(row["respondent_id"])),
            (_("Text"), row["text"]),
            (_("Who may read it"), READERS[row["visibility"]]),
        )
    ]


def _note(row: Row, around: Around) -> list[Entry]:
    rating = around.by_id.get(row["rating_id"])
    return [
        on_moment(
            row["created_at"],
            _("A note on the own curve"),
            (_("From"), around.respondent(row["respondent_id"])),
            (_("About the rating of"), rating["rated_on"] if rating else None),
            (_("Picture"), picture_words(row["picture"])),
            (_("Text"), row["text"]),
            (_("Who may read it"), READERS[row["visibility"]]),
        )
    ]


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
    "ratings": _rating,
    "comments": _comment,
    "agenda_wishes": _wish,
    "point_notes": _note,
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
