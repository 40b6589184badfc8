"""What stands behind a point: who, when, how much, and the words their author lets the meeting read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from markupsafe import Markup

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Visibility
from fitsvc.services.case_facts import RatedPoint, SeriesFacts
from fitsvc.web.curves import Voice
from fitsvc.web.meeting_room.drawings import sample_of
from fitsvc.web.meeting_room.rated_series import RatedSeries
from fitsvc.web.picture_words import picture_words
from fitsvc.web.templates import day, points


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point, opened. `comment` and `note` are "" unless their author lets the meeting read them."""

    key: str
    series: str
    rater: str
    sample: Markup
    day: str
    value: str
    answers: tuple[tuple[str, str], ...]
    comment: str
    note: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """The same point in the table; `key` is "" where nothing can be opened."""

    key: str
    day: str
    rater: str
    sample: Markup
    about: str
    value: str


def cards_of(
    rated: Sequence[RatedSeries], named: Mapping[UUID, Voice], catalogue: Catalogue, language: str
) -> tuple[PointCard, ...]:
    """One card per point of these lines; the neighbours are those on the same line."""
    found = []
    for line in rated:
        voice = named[line.series.respondent_id]
        drawn = list(line.drawn())
        keys = ["", *(line.key(point) for point, _value in drawn), ""]
        for place, (point, value) in enumerate(drawn, start=1):
            found.append(
                PointCard(
                    key=keys[place],
                    series=line.series.key,
                    rater=voice.name,
                    sample=sample_of(voice.style),
                    day=day(point.on),
                    value=points(value),
                    answers=_answers(line.series, point, catalogue, language) if line.item_id is None else (),
                    comment=point.comment or "" if point.comment_at_meeting else "",
                    note=_note(point),
                    previous=keys[place - 1],
                    next=keys[place + 1],
                )
            )
    return tuple(found)


def rows_of(rated: Sequence[tuple[RatedSeries, str]], named: Mapping[UUID, Voice]) -> tuple[PointRow, ...]:
    """Every rating behind the lines, newest first, with what each line is about where a page has several graphs."""
    found: list[tuple[date, PointRow]] = []
    for line, about in rated:
        voice = named[line.series.respondent_id]
        for point in line.series.points:
            value = line.value(point)
            found.append(
                (
                    point.on,
                    PointRow(
                        key=line.key(point) if value is not None else "",
                        day=day(point.on),
                        rater=voice.name,
                        sample=sample_of(voice.style),
                        about=about,
                        value=points(value),
                    ),
                )
            )
    return tuple(row for _on, row in sorted(found, key=lambda pair: pair[0], reverse=True))


def _answers(
    series: SeriesFacts, point: RatedPoint, catalogue: Catalogue, language: str
) -> tuple[tuple[str, str], ...]:
    """The areas of the form with their values; what was not answered is left out."""
    instrument = catalogue.get(series.instrument_id, series.instrument_version)
    areas = instrument.text(language).areas
    return tuple(
        (areas[item.area], points(answer.value))
        for item in instrument.items
        if (answer := point.answers.get(item.id)) is not None and answer.value is not None
    )


def _note(point: RatedPoint) -> str:
    """The respondent's own words about the point, when they chose that the meeting may read them."""
    if point.note is None or point.note.visibility is not Visibility.MEETING:
        return ""
    picture = picture_words(point.note.picture)
    return ": ".join(part for part in (picture, point.note.text) if part)
