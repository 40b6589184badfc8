"""The fields of a meeting's minutes as every page shows and reads them, each with the version its reader has seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.meeting import ChildHeard, Decision, Lacking, Minute
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.meeting_facts import NOTHING_WRITTEN, MinuteFacts
from fitsvc.services.minutes import ChangedMeanwhile, write_minute
from fitsvc.storage.minutes import MinuteText, list_minutes
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import DATE_FORMATS
from fitsvc.web.names import Names
from fitsvc.web.templates import moment

VERSION = "-version"
"""Ends the name of the hidden field that says which version of a field stood in the page."""

DECISIONS = {
    Decision.CONTINUE: _l("We continue as now"),
    Decision.ADJUST: _l("We continue, and adjust something"),
    Decision.END: _l("The measure ends"),
    Decision.NEW_MEASURE: _l("Another measure takes over"),
}
CHILD_HEARD = {
    ChildHeard.PRESENT: _l("The child takes part in the meeting"),
    ChildHeard.BEFORE: _l("Somebody talked with the child before the meeting"),
    ChildHeard.BY_RATING: _l("We looked at the child's own ratings and words"),
    ChildHeard.NOT: _l("The child was not heard this time"),
}
LABELS = {
    Minute.PARTICIPANTS: _l("Who takes part?"),
    Minute.CHILD_HEARD: _l("How was the child heard?"),
    Minute.CHILD_HEARD_HOW: _l("What did the child say? Or: why was the child not heard?"),
    Minute.DECISION: _l("What do we decide?"),
    Minute.DECISION_REASON: _l("Why?"),
    Minute.GOALS_CHANGED: _l("Do the goals change?"),
    Minute.NEXT_ON: _l("When do we meet next?"),
    Minute.NEXT_REASON: _l("Why that day? In words the child understands"),
    Minute.HELPED: _l("What helped, in the family's own words?"),
    Minute.IF_HARDER: _l("What do we do if it gets harder again?"),
}
LACKING = {
    Lacking.DECISION: (Minute.DECISION, _l("Choose what the meeting decides.")),
    Lacking.CHILD_HEARD: (Minute.CHILD_HEARD, _l("Choose how the child was heard.")),
    Lacking.WHY_NOT_HEARD: (Minute.CHILD_HEARD_HOW, _l("Write why the child was not heard this time.")),
    Lacking.NEXT_DATE: (Minute.NEXT_ON, _l("Choose the day you meet next.")),
}
_CHOICES: dict[Minute, Mapping[Any, Any]] = {Minute.DECISION: DECISIONS, Minute.CHILD_HEARD: CHILD_HEARD}
_ROWS = {Minute.PARTICIPANTS: 2, Minute.GOALS_CHANGED: 2, Minute.NEXT_REASON: 2}


@dataclass(frozen=True, slots=True)
class MinuteOption:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MinuteField:
    """One field. `kind`: "choice", "day" or "text". `is_locked`: it holds names that are hidden here, so it rests.

    `text` is what stands in the field, `said` the same in words to read.
    """

    name: str
    kind: str
    label: str
    text: str
    said: str
    version: int
    options: tuple[MinuteOption, ...]
    rows: int
    saved: str
    problem: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts for one field: theirs, which is stored, and the one that was just sent."""

    field: Minute
    theirs: MinuteText
    mine: str


@dataclass(frozen=True, slots=True)
class SentMinutes:
    """What became of the fields a form sent. `refused`: the meeting is over, and the `unsaved` texts stand nowhere."""

    written: Mapping[Minute, MinuteText | None]
    conflicts: tuple[Conflict, ...]
    problems: dict[Minute, str]
    refused: str = ""
    unsaved: tuple[Minute, ...] = ()


def minute_field(
    field: Minute, facts: MinuteFacts, names: Names, *, suggested: str = "", problem: str = ""
) -> MinuteField:
    """`suggested` stands in a field nobody has written in yet."""
    text = _shown(field, facts.text) or ("" if facts.version else suggested)
    choices = _CHOICES.get(field, {})
    cleaned = names.clean(text)
    return MinuteField(
        name=field.value,
        kind="choice" if choices else "day" if field is Minute.NEXT_ON else "text",
        label=str(LABELS[field]),
        text=text,
        said=str(choices[text]) if text in choices else cleaned,
        version=facts.version,
        options=tuple(MinuteOption(str(code), str(words), code == text) for code, words in choices.items()),
        rows=_ROWS.get(field, 3),
        saved=_("Saved %(moment)s", moment=moment(facts.changed_at)) if facts.changed_at else "",
        problem=problem,
        is_locked=cleaned != text,
    )


def minute_fields(
    minutes: Mapping[Minute, MinuteFacts],
    names: Names,
    *,
    suggested: Mapping[Minute, str] | None = None,
    problems: Mapping[Minute, str] | None = None,
    sent: Mapping[Minute, str] | None = None,
) -> dict[str, MinuteField]:
    """Every field by its name. `sent`: texts of this request that stand in their fields instead of the stored ones."""
    facts = dict(minutes) | {
        field: replace(minutes.get(field, NOTHING_WRITTEN), text=_stored(field, text))
        for field, text in (sent or {}).items()
    }
    return {
        field.value: minute_field(
            field,
            facts.get(field, NOTHING_WRITTEN),
            names,
            suggested=(suggested or {}).get(field, ""),
            problem=(problems or {}).get(field, ""),
        )
        for field in Minute
    }


def write_sent(case_id: UUID, meeting_id: UUID) -> SentMinutes:
    """Write every minute field this request sent. A field in trouble keeps no other from being written."""
    written: dict[Minute, MinuteText | None] = {}
    conflicts: list[Conflict] = []
    problems: dict[Minute, str] = {}
    for field, text in sent_fields().items():
        try:
            written[field] = write_minute(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                meeting_id=meeting_id,
                field=field,
                text=_stored(field, text),
                seen_version=sent_version(field),
            )
        except ChangedMeanwhile as changed:
            conflicts.append(Conflict(field, changed.theirs, text))
        except Invalid as invalid:
            problems[field] = str(REFUSALS.get(invalid.code, REFUSALS["refused"]))
        except Refused as refused:
            words = str(REFUSALS.get(refused.code, REFUSALS["refused"]))
            return SentMinutes(written, (), {}, words, _unsaved(case_id, meeting_id))
    return SentMinutes(written, tuple(conflicts), problems)


def _unsaved(case_id: UUID, meeting_id: UUID) -> tuple[Minute, ...]:
    """The fields of this request with a text that is not what stands in the minutes."""
    standing = {
        one.field: one.text for one in list_minutes(session(), case_id) if one.meeting_id == meeting_id
    }
    texts = {
        field: _stored(field, text).replace("\r\n", "\n").strip() for field, text in sent_fields().items()
    }
    return tuple(field for field, text in texts.items() if text and text != standing.get(field))


def sent_fields() -> dict[Minute, str]:
    """The minute fields of this request. A next date is none where the measure ends here."""
    found = {field: request.form[field.value] for field in Minute if field.value in request.form}
    if found.get(Minute.DECISION) in {Decision.END, Decision.NEW_MEASURE}:
        found.pop(Minute.NEXT_ON, None)
    return found


def shown_conflict(conflict: Conflict, names: Names) -> MinuteField:
    """The writer's own text in the field, ready to take the place of theirs."""
    mine = MinuteFacts(_stored(conflict.field, conflict.mine), conflict.theirs.version)
    return minute_field(conflict.field, mine, names)


def said(field: Minute, text: str) -> str:
    """A stored text as people read it."""
    choices = _CHOICES.get(field, {})
    return str(choices[text]) if text in choices else _shown(field, text)


def _shown(field: Minute, text: str) -> str:
    if field is not Minute.NEXT_ON or not text:
        return text
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def _stored(field: Minute, text: str) -> str:
    """A day as it is kept; what is no day stays as it was written, and is refused."""
    text = text.replace("\0", "")
    if field is not Minute.NEXT_ON:
        return text
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return text


def sent_version(field: Minute) -> int:
    sent = request.form.get(field.value + VERSION, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
