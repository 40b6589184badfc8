"""One card per series: whose it is, its signal in words, what is missing, and what it asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Visibility
from fitsvc.services.case_facts import CaseTrajectories, PointNoteFacts, RatedPoint, SeriesFacts
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.cases.graphs import sample_of
from fitsvc.web.cases.links import link_if
from fitsvc.web.curves import Voice, listed
from fitsvc.web.picture_words import picture_words
from fitsvc.web.signal_words import trajectory_sentences
from fitsvc.web.templates import IN_SENTENCE, day, points
from fitsvc.web.words import ANSWER_KINDS, MODES, SIGNALS


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """`code` and `word` are the signal's, "" where there is none."""

    key: str
    rater: str
    form: str
    sample: Markup
    code: str
    word: str
    sentences: tuple[str, ...]
    expectations: tuple[str, ...]
    missing: tuple[str, ...]
    next_steps: tuple[str, ...]
    asks_next_step: bool
    next_step_url: str | None
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    day: str
    rater: str
    sample: Markup
    value: str
    note: str


def cards_of(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], catalogue: Catalogue, language: str
) -> tuple[SeriesCard, ...]:
    """The series in use; those that have ended are on the graph and in the table."""
    return tuple(
        _card(seen, series, named[series.respondent_id], catalogue, language)
        for series in seen.totals
        if series.is_current
    )


def rows_of(
    series: Iterable[SeriesFacts], named: Mapping[UUID, Voice], item_ids: dict[str, str]
) -> list[TableRow]:
    """Every rating behind a graph, newest first. `item_ids`: the item of each series' area, empty for totals."""
    found = [
        (
            point.on,
            TableRow(
                day=day(point.on),
                rater=named[one.respondent_id].name,
                sample=sample_of(named[one.respondent_id].style),
                value=_value(point, item_ids.get(one.key)),
                note=_note(point, item_ids.get(one.key)),
            ),
        )
        for one in series
        for point in one.points
    ]
    return [row for _on, row in sorted(found, key=lambda pair: pair[0], reverse=True)]


def missing_sentences(series: SeriesFacts) -> tuple[str, ...]:
    """Answers that did not come, and where the line is broken."""
    found = []
    if series.missed:
        days = listed([day(one, IN_SENTENCE) for one in series.missed[-4:]])
        found.append(
            ngettext(
                "%(num)d answer did not come (due %(days)s). Silence does not mean that all is well.",
                "%(num)d answers did not come (latest due %(days)s). Silence does not mean that all is well.",
                len(series.missed),
                days=days,
            )
        )
    if series.due:
        found.append(_("An answer is due now (%(day)s).", day=day(series.due[-1], IN_SENTENCE)))
    gaps = series.trajectory.gaps
    if gaps:
        last = gaps[-1]
        found.append(
            _(
                "The line is broken between %(start)s and %(end)s: there are no scores in between.",
                start=day(last.start, IN_SENTENCE),
                end=day(last.end, IN_SENTENCE),
            )
        )
    if series.unscored:
        found.append(
            ngettext(
                "%(num)d rating has too few answers for a score; the answers are kept.",
                "%(num)d ratings have too few answers for a score; the answers are kept.",
                len(series.unscored),
            )
        )
    return tuple(found)


def _card(
    seen: CaseTrajectories, series: SeriesFacts, voice: Voice, catalogue: Catalogue, language: str
) -> SeriesCard:
    signal = series.trajectory.signal
    instrument = catalogue.get(series.instrument_id, series.instrument_version)
    asks = series.open_confirmation is not None
    return SeriesCard(
        key=series.key,
        rater=voice.name,
        form=instrument.text(language).title,
        sample=sample_of(voice.style),
        code=signal.code.value if signal else "",
        word=str(SIGNALS[signal.code]) if signal else "",
        sentences=trajectory_sentences(series.trajectory),
        expectations=_expectations(series),
        missing=(*missing_sentences(series), *_withheld_sentences(series)),
        next_steps=tuple(
            _("Next step on %(day)s: %(step)s", day=day(step.taken_on), step=step.next_step)
            for step in seen.next_steps
            if step.series_key == series.key
        )[-2:],
        asks_next_step=asks,
        next_step_url=link_if("progress.answer_signal", case_id=seen.case.id, series=series.key)
        if asks
        else None,
        links=_links(seen, series),
    )


def _links(seen: CaseTrajectories, series: SeriesFacts) -> tuple[tuple[str, str], ...]:
    """Ways to the next answer, while the case is open."""
    if seen.case.closed_on is not None:
        return ()
    whose = {"case_id": seen.case.id, "respondent_id": series.respondent_id}
    offered = (
        (_("Link or QR code"), link_if("respondents.links", **whose)),
        (_("Enter a paper rating"), link_if("paper.choose", **whose)),
    )
    return tuple((name, url) for name, url in offered if url is not None)


def _expectations(series: SeriesFacts) -> tuple[str, ...]:
    """What was agreed, by whom, and the target; each with its source."""
    found = []
    for one in series.expectations:
        if not one.is_latest:
            continue
        numbers = {"score": points(one.line.score), "day": day(one.line.due), "meeting": day(one.meeting_on)}
        if one.kind is ExpectationKind.OWN:
            found.append(_("Own expectation: %(score)s by %(day)s.", **numbers))
        elif one.meeting_on is None:
            found.append(_("Shared expectation: %(score)s by %(day)s.", **numbers))
        else:
            found.append(
                _(
                    "Shared expectation, agreed at the meeting on %(meeting)s: %(score)s by %(day)s.",
                    **numbers,
                )
            )
    if series.target_score is not None:
        found.append(_("Agreed target: %(score)s or better.", score=points(series.target_score)))
    return tuple(found)


def _value(point: RatedPoint, item_id: str | None) -> str:
    if item_id is None:
        return points(point.score)
    answer = point.answers.get(item_id)
    return points(answer.value if answer else None)


def _note(point: RatedPoint, item_id: str | None) -> str:
    told = [str(MODES[point.mode])]
    if item_id is None:
        if point.score is None:
            told.append(_("too few answers for a score"))
    elif (answer := point.answers.get(item_id)) is not None and answer.value is None:
        told.append(str(ANSWER_KINDS[answer.kind]))
    if point.withheld:
        told.append(_("not to the meeting: only you see it"))
    if point.note is not None:
        told.append(note_words(point.note))
    return ", ".join(told)


def note_words(note: PointNoteFacts) -> str:
    """What the respondent says about the point, and whom they let read it."""
    said = " – ".join(part for part in (picture_words(note.picture), note.text) if part)
    if note.visibility is Visibility.PRACTITIONER:
        return _("own note, only for you: %(said)s", said=said)
    return _("own note, also for the meeting: %(said)s", said=said)


def _withheld_sentences(series: SeriesFacts) -> tuple[str, ...]:
    count = sum(point.withheld for point in series.points)
    if not count:
        return ()
    return (
        ngettext(
            "%(num)d answer is not to go to the meeting. Only you see it, and that there is one.",
            "%(num)d answers are not to go to the meeting. Only you see them, and that there are any.",
            count,
        ),
    )
