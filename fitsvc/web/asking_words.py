"""How asking before a meeting stands, in words: on Today, on the case page and on the page that asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.meeting_asking import AskState, StatusDue
from fitsvc.services.active_series import Obstacle
from fitsvc.services.meeting_asking import AskedVoiceOfMeeting
from fitsvc.web.templates import IN_SENTENCE, day
from fitsvc.web.words import rater_name

OBSTACLES = {
    Obstacle.SHARING_NOT_RECORDED: _l("First write on what basis this person takes part."),
    Obstacle.NO_CUSTODY: _l("A parent without custody is not asked by default."),
    Obstacle.NO_LABEL: _l("There is no label yet that tells them which child it is."),
}
ICONS = {
    AskState.ANSWERED: "check",
    AskState.ASKED: "hourglass",
    AskState.TO_ASK: "email",
    AskState.NOT_YET: "time",
}


@dataclass(frozen=True, slots=True)
class StandingLine:
    """Everybody who stands alike, with their days, in one line."""

    icon: str
    words: str


def standing_lines(voices: Sequence[AskedVoiceOfMeeting]) -> tuple[StandingLine, ...]:
    """Who has answered first, then who has not and since when."""
    found = []
    for state in (AskState.ANSWERED, AskState.ASKED, AskState.TO_ASK, AskState.NOT_YET):
        told = ", ".join(_voice(one) for one in voices if one.state is state)
        if told:
            found.append(StandingLine(ICONS[state], _line(state, told)))
    return tuple(found)


def status_words(due: StatusDue) -> str:
    """When the status of the goals is due, counted in days."""
    when = day(due.due_on, IN_SENTENCE)
    if due.days_over > 1:
        return _("Due %(day)s, %(days)s days ago", day=when, days=due.days_over)
    if due.days_over == 1:
        return _("Due %(day)s, yesterday", day=when)
    if due.days_over == 0:
        return _("Due today")
    if due.days_over == -1:
        return _("Due tomorrow")
    return _("Due %(day)s, in %(days)s days", day=when, days=-due.days_over)


def _voice(one: AskedVoiceOfMeeting) -> str:
    name = rater_name(one.voice.rater_role, one.voice.setting)
    since = day(one.since, IN_SENTENCE)
    if one.state is AskState.ANSWERED:
        if one.withheld:
            return _("%(rater)s (%(day)s, not for the meeting)", rater=name, day=since)
        return _("%(rater)s (%(day)s)", rater=name, day=since)
    if one.state is AskState.NOT_YET:
        return _("%(rater)s (from %(day)s)", rater=name, day=since)
    return _("%(rater)s (since %(day)s)", rater=name, day=since)


def _line(state: AskState, voices: str) -> str:
    if state is AskState.ANSWERED:
        return _("Answered: %(voices)s", voices=voices)
    if state is AskState.ASKED:
        return _("Asked, no answer yet: %(voices)s", voices=voices)
    if state is AskState.TO_ASK:
        return _("Not asked yet: %(voices)s", voices=voices)
    return _("To be asked later: %(voices)s", voices=voices)
