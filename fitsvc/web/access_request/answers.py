"""What respondents have answered and written, as the story tells it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.access_request import Row
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.rating import from_stored
from fitsvc.web.access_request.around import Answered, Around, Entry, on_moment, said
from fitsvc.web.picture_words import picture_words
from fitsvc.web.templates import points
from fitsvc.web.words import ANSWER_KINDS, MODES

READERS = {
    Visibility.ONLY_ME: _l("Only the author"),
    Visibility.PRACTITIONER: _l("The author and the practitioner"),
    Visibility.MEETING: _l("Everybody at the meeting"),
}


def rating(row: Row, around: Around) -> list[Entry]:
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


def comment(row: Row, around: Around) -> list[Entry]:
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


def wish(row: Row, around: Around) -> list[Entry]:
    return [
        on_moment(
            row["created_at"],
            _("A wish for the meeting"),
            (_("From"), around.respondent(row["respondent_id"])),
            (_("Text"), row["text"]),
            (_("Who may read it"), READERS[row["visibility"]]),
        )
    ]


def note(row: Row, around: Around) -> list[Entry]:
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
