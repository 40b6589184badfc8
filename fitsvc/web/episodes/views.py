"""Starting and ending a measure, and closing the case."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.follow_up import DeviationState
from fitsvc.domain.law import LEGAL_BASES, MeasureType
from fitsvc.services.after_end import count_after_end
from fitsvc.services.cadences import all_standards, offered_standards
from fitsvc.services.closing import close_case as close_the_case
from fitsvc.services.episode_plan import propose_first_meeting
from fitsvc.services.episode_teams import list_practitioners
from fitsvc.services.episodes import end_episode, get_episode, start_episode
from fitsvc.services.errors import NotFound
from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import list_meetings
from fitsvc.storage.organisation import UnitKind, list_units
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.episodes.forms import CloseCaseForm, EndEpisodeForm, StartEpisodeForm
from fitsvc.web.follow_up_words import Proposal, proposal
from fitsvc.web.form_pages import case_head, form_page, read_case, refusals, to_case
from fitsvc.web.words import MEASURE_TYPES

blueprint = Blueprint("episodes", __name__)


@blueprint.route("/cases/<uuid:case_id>/episodes/start", methods=["GET", "POST"])
def start(case_id: UUID) -> ResponseReturnValue:
    """A measure with its first follow-up meeting; then on to the respondents."""
    case = read_case(case_id)
    page = {
        "case": case_head(case),
        "legal_bases": sorted({one for many in LEGAL_BASES.values() for one in many}),
    }
    form = _start_form()
    closes = _closes(form)
    if closes is not None:
        former = get_episode(session(), case_id=case.id, episode_id=closes)
        page["closing"] = _measure_name(former)
        page["closing_since"] = former.started_on
    if "preview" in request.form:
        form.validate()
        proposed = _preview(form)
        if proposed is not None:
            _clear_errors(form)
        return form_page("episodes/start.html", form, proposed=proposed, **page)
    if form.validate_on_submit():
        with refusals(form):
            start_episode(
                session(),
                by=actor(),
                now=now(),
                standards=offered_standards(session()),
                case_id=case_id,
                key=form.key.data,
                plan=form.plan,
                closes=closes,
                leave_team=form.leave_team.data,
            )
            flash(*_started(case_id, form.key.data))
            return redirect(url_for("respondents.list_all", case_id=case_id), 303)
    return form_page("episodes/start.html", form, proposed=_preview(form), **page)


@blueprint.route("/cases/<uuid:case_id>/episodes/<uuid:episode_id>/end", methods=["GET", "POST"])
def end(case_id: UUID, episode_id: UUID) -> ResponseReturnValue:
    case = read_case(case_id)
    episode = get_episode(session(), case_id=case.id, episode_id=episode_id)
    page = {
        "case": case_head(case),
        "measure": _measure_name(episode),
        "started_on": episode.started_on,
    }
    form = EndEpisodeForm(ended_on=today())
    if form.validate_on_submit():
        with refusals(form):
            end_episode(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                episode_id=episode_id,
                ended_on=form.ended_on.data,
                leave_team=form.leave_team.data,
            )
            flash(_("The measure has ended."), "success")
            return to_case(case_id)
    return form_page("episodes/end.html", form, **page)


@blueprint.route("/cases/<uuid:case_id>/close", methods=["GET", "POST"])
def close_case(case_id: UUID) -> ResponseReturnValue:
    case = read_case(case_id)
    head = case_head(case)
    form = CloseCaseForm(closed_on=today())
    if form.validate_on_submit():
        with refusals(form):
            close_the_case(session(), by=actor(), now=now(), case_id=case_id, closed_on=form.closed_on.data)
            flash(_("The case is closed. Nobody is asked any more, and no link works."), "success")
            return to_case(case_id)
    planned = count_after_end(session(), case.id)
    return form_page(
        "episodes/close_case.html",
        form,
        case=head,
        planned_after=ngettext(
            "%(num)d rating is planned for after the measure. Closing the case cancels it: wait if you want it.",
            "%(num)d ratings are planned for after the measure. Closing the case cancels them: wait if you want them.",
            planned,
        )
        if planned
        else "",
    )


def _measure_name(episode: Episode) -> str:
    return str(MEASURE_TYPES.get(episode.measure_type, episode.measure_type))  # type: ignore[call-overload]


def _start_form() -> StartEpisodeForm:
    form = StartEpisodeForm(started_on=today())
    units = [one for one in list_units(session()) if one.kind is not UnitKind.AUTHORITY]
    form.offer(
        units=[(str(one.id), one.name) for one in units],
        practitioners=[
            (str(one.id), f"{one.name} ({one.unit.name})") for one in list_practitioners(session())
        ],
        standards=[(one.id, one.name) for one in offered_standards(session()).values()],
    )
    return form


def _preview(form: StartEpisodeForm) -> Proposal | None:
    """The first date by what is filled in so far; None as long as something it needs is missing or wrong."""
    needed = (
        form.measure_type,
        form.cadence_standard,
        form.started_on,
        form.interval_number,
        form.investigation_ends_on,
    )
    if any(field.errors for field in needed) or not (
        form.measure_type.data and form.cadence_standard.data and form.started_on.data
    ):
        return None
    proposed, waits = propose_first_meeting(
        all_standards(session()),
        standard_id=form.standard_id,
        measure_type=form.measure_type.data,
        start=form.started_on.data,
        chosen=form.chosen_interval,
        investigation_ends=form.investigation_ends_on.data,
    )
    is_early_help = form.measure_type.data is MeasureType.EARLY_HELP_S30
    return proposal(proposed, waits_for_leader=waits, without=form.standard_id is None and is_early_help)


def _closes(form: StartEpisodeForm) -> UUID | None:
    """The measure the new one replaces, when the page was opened for that."""
    if request.method == "GET":
        form.closes.data = request.args.get("closes", "")
    try:
        return UUID(form.closes.data) if form.closes.data else None
    except ValueError as error:
        raise NotFound(form.closes.data) from error


def _started(case_id: UUID, episode_id: UUID) -> tuple[str, str]:
    """What to say about the first meeting, and how loudly."""
    noted = list_deviations(session(), case_id)
    meetings = list_meetings(session(), case_id)
    if any(one.episode_id == episode_id and one.state is DeviationState.AWAITING for one in noted):
        return _(
            "The measure has started. Fewer follow-ups than the cadence's wait for the authority's leader. Now add "
            "who rates."
        ), "warning"
    if not any(one.episode_id == episode_id for one in meetings):
        return _("The measure has started, without a fixed follow-up. Now add who rates."), "success"
    return _("The measure has started and its first meeting is planned. Now add who rates."), "success"


def _clear_errors(form: StartEpisodeForm) -> None:
    """What is not filled in yet is no mistake while somebody only looks at the date."""
    for field in form:
        field.errors = []
