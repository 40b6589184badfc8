"""What the page that asks before a meeting shows, ready to place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting_asking import AskState
from fitsvc.services.active_series import Obstacle
from fitsvc.services.meeting_asking import AskedSeries, AskedVoiceOfMeeting, MeetingAsking
from fitsvc.web.asking_words import ICONS, OBSTACLES
from fitsvc.web.case_rows import form_name
from fitsvc.web.new_links import message_of, picture_of
from fitsvc.web.templates import IN_SENTENCE, day
from fitsvc.web.words import days_until, rater_name

Token = tuple[str, str, str]
"""Respondent, form and token of a link that waits in the browser's session to be shown once."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form of a respondent: how it stands, since when."""

    form: str
    icon: str
    words: str
    more: str


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One respondent. `button` makes their link, `obstacle` says why there is none; "" when not needed."""

    id: UUID
    rater: str
    name: str
    forms: tuple[FormLine, ...]
    button: str
    obstacle: str
    mends_label: bool


@dataclass(frozen=True, slots=True)
class ShownForm:
    form: str
    url: str
    picture: str


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """The new links of one respondent, and one neutral text with all of them."""

    key: str
    rater: str
    name: str
    forms: tuple[ShownForm, ...]
    message: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """`to_press` are the respondents a press on the one button makes links for."""

    meeting_id: UUID
    when: str
    days: str
    opens: str
    state: str
    voices: tuple[VoiceLine, ...]
    shown: tuple[ShownVoice, ...]
    to_press: int
    may_ask: bool
    waits: bool


def ask_page(
    found: MeetingAsking,
    *,
    by: Actor,
    tokens: Sequence[Token],
    base_url: str,
    until: str,
    catalogue: Catalogue,
) -> AskPage:
    lines = tuple(_voice_line(one, catalogue, by, may_ask=not found.is_closed) for one in found.voices)
    wanting = [one for one in found.voices if _wants_press(one)]
    return AskPage(
        meeting_id=found.meeting_id,
        when=day(found.planned_on, "EEEE d. MMMM yyyy"),
        days=days_until(found.planned_on, by.today) if found.held_on is None else "",
        opens=_opens(found, by.today),
        state=_state(found),
        voices=lines,
        shown=_shown(found, tokens, base_url, until, catalogue),
        to_press=0 if found.is_closed else len(wanting),
        may_ask=not found.is_closed,
        waits=any(one.state is not AskState.ANSWERED for one in found.voices),
    )


def _opens(found: MeetingAsking, today: date) -> str:
    values = {"day": day(found.opens_on, "d. MMMM"), "days": found.days_before}
    if found.held_on is None and today < found.opens_on:
        return _("Ratings are asked for from %(day)s on, %(days)s days before the meeting.", **values)
    return _("A rating from %(day)s on, %(days)s days before the meeting, is fresh enough for it.", **values)


def _state(found: MeetingAsking) -> str:
    if found.held_on is not None:
        return _("The meeting was held on %(day)s. This is how it stood that day.", day=day(found.held_on))
    if found.is_cancelled:
        return _("The meeting was cancelled. Nobody is asked for it.")
    if found.is_closed:
        return _("The meeting's day has gone by, or the case is closed. Nobody is asked for it.")
    return ""


def _wants_press(one: AskedVoiceOfMeeting) -> bool:
    """Whether the one button makes something for this respondent."""
    return one.voice.obstacle is None and any(
        form.asking.state is AskState.TO_ASK
        or (form.asking.state is AskState.ASKED and not form.series.has_link)
        for form in one.forms
    )


def _voice_line(one: AskedVoiceOfMeeting, catalogue: Catalogue, by: Actor, *, may_ask: bool) -> VoiceLine:
    voice = one.voice
    is_open = one.state in (AskState.TO_ASK, AskState.ASKED)
    button = ""
    if may_ask and is_open and voice.obstacle is None:
        has_link = any(form.series.has_link for form in one.forms)
        button = _("New link") if has_link else _("Make a link")
    obstacle = ""
    if may_ask and voice.obstacle is not None and one.state is not AskState.ANSWERED:
        obstacle = str(OBSTACLES[voice.obstacle])
    return VoiceLine(
        id=voice.respondent_id,
        rater=rater_name(voice.rater_role, voice.setting),
        name=voice.name,
        forms=tuple(_form_line(form, catalogue) for form in one.forms),
        button=button,
        obstacle=obstacle,
        mends_label=voice.obstacle is Obstacle.NO_LABEL,
    )


def _form_line(one: AskedSeries, catalogue: Catalogue) -> FormLine:
    since = day(one.asking.since, IN_SENTENCE)
    latest = one.series.facts.latest_rated_on
    before = _("latest rating %(day)s", day=day(latest)) if latest else _("no rating yet")
    state = one.asking.state
    if state is AskState.ANSWERED:
        words = _("Answered %(day)s", day=since)
        more = _("not for the meeting: only you see it") if one.series.withheld else ""
    elif state is AskState.ASKED:
        words = _("No answer since %(day)s", day=since)
        more = _("a link is out") if one.series.has_link else _("no link works")
    elif state is AskState.TO_ASK:
        words, more = _("Not asked yet, time for it since %(day)s", day=since), before
    else:
        words, more = _("To be asked from %(day)s on", day=since), before
    return FormLine(form_name(catalogue, one.series.instrument.id), ICONS[state], words, more)


def _shown(
    found: MeetingAsking, tokens: Sequence[Token], base_url: str, until: str, catalogue: Catalogue
) -> tuple[ShownVoice, ...]:
    """The links just made, a voice at a time, in the usual order of voices."""
    shown = []
    for one in found.voices:
        key = one.voice.respondent_id.hex
        forms = tuple(
            ShownForm(form_name(catalogue, form), url, picture_of(url))
            for respondent, form, token in tokens
            if respondent == key
            for url in (f"{base_url}/r/{token}",)
        )
        if forms:
            shown.append(
                ShownVoice(
                    key=key[:8],
                    rater=rater_name(one.voice.rater_role, one.voice.setting),
                    name=one.voice.name,
                    forms=forms,
                    message=message_of([form.url for form in forms], until),
                )
            )
    return tuple(shown)
