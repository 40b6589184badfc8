"""Goals, external numbers, events, answered signals and what was read."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.services.case_access import get_case
from fitsvc.services.events import record_event
from fitsvc.services.external_values import add_series, enter_value, get_series, list_values
from fitsvc.services.goals import close_goal as close_the_goal
from fitsvc.services.goals import set_goal
from fitsvc.services.notices import mark_read as mark_rating_read
from fitsvc.services.signal_actions import answer_signal as answer_the_signal
from fitsvc.services.trajectories import compose
from fitsvc.storage.goals import list_goals
from fitsvc.web.current import actor, catalogue, now, session, today
from fitsvc.web.form_pages import case_head, form_page, read_case, refusals, to_case
from fitsvc.web.progress.forms import EventForm, GoalForm, NextStepForm, SeriesForm, ValueForm
from fitsvc.web.progress.pages import goal_row, series_head, value_row, why
from fitsvc.web.series_words import series_name

blueprint = Blueprint("progress", __name__)


@blueprint.route("/cases/<uuid:case_id>/goals", methods=["GET", "POST"])
def goals(case_id: UUID) -> ResponseReturnValue:
    """The goals so far, and a form for one more while fewer than three are open."""
    case = read_case(case_id)
    head, rows = case_head(case), [goal_row(one) for one in list_goals(session(), case.id)]
    form = GoalForm()
    if form.validate_on_submit():
        with refusals(form):
            set_goal(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                key=form.key.data,
                text=form.text.data,
                start_value=form.start_value.data,
                target_value=form.target_value.data,
                due_on=form.due_on.data,
            )
            flash(_("The goal is set. It can be rated from now on."), "success")
            return redirect(url_for("progress.goals", case_id=case_id), 303)
    return form_page(
        "progress/goals.html",
        form,
        case=head,
        open_goals=[one for one in rows if one.closed_on is None],
        closed_goals=[one for one in rows if one.closed_on is not None],
    )


@blueprint.post("/cases/<uuid:case_id>/goals/<uuid:goal_id>/close")
def close_goal(case_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    read_case(case_id)
    result = request.form.get("reached", "")
    if result not in {"yes", "no"}:
        abort(400)
    close_the_goal(
        session(), by=actor(), now=now(), case_id=case_id, goal_id=goal_id, reached=result == "yes"
    )
    flash(_("The goal is closed."), "success")
    return redirect(url_for("progress.goals", case_id=case_id), 303)


@blueprint.route("/cases/<uuid:case_id>/external/add", methods=["GET", "POST"])
def add_external_series(case_id: UUID) -> ResponseReturnValue:
    """A new series; then on to its first number."""
    head = case_head(read_case(case_id))
    form = SeriesForm()
    if form.validate_on_submit():
        with refusals(form):
            series = add_series(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                key=form.key.data,
                preset=form.preset.data,
                name=form.series_name,
                purpose=form.purpose.data,
                scale=form.scale,
            )
            return redirect(url_for("progress.external_value", case_id=case_id, series_id=series.id), 303)
    return form_page("progress/external_series.html", form, case=head)


@blueprint.route("/cases/<uuid:case_id>/external/<uuid:series_id>", methods=["GET", "POST"])
def external_value(case_id: UUID, series_id: UUID) -> ResponseReturnValue:
    """The numbers so far, newest first, and a form for one more."""
    case = read_case(case_id)
    series = get_series(session(), case_id=case.id, series_id=series_id)
    page = {
        "case": case_head(case),
        "series": series_head(series),
        "values": [
            value_row(one, series) for one in list_values(session(), case_id=case.id, series_id=series.id)
        ],
    }
    form = ValueForm(measured_on=today())
    if form.validate_on_submit():
        with refusals(form):
            enter_value(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                series_id=series_id,
                key=form.key.data,
                measured_on=form.measured_on.data,
                value=form.value.data,
                replace=form.replace.data,
            )
            flash(_("The number is saved."), "success")
            return redirect(url_for("progress.external_value", case_id=case_id, series_id=series_id), 303)
    return form_page(
        "progress/external_value.html", form, offer_replace=bool(form.measured_on.errors), **page
    )


@blueprint.route("/cases/<uuid:case_id>/events/add", methods=["GET", "POST"])
def event(case_id: UUID) -> ResponseReturnValue:
    head = case_head(read_case(case_id))
    form = EventForm(happened_on=today())
    if form.validate_on_submit():
        with refusals(form):
            record_event(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                key=form.key.data,
                happened_on=form.happened_on.data,
                kind=form.kind.data,
                text=form.text.data,
            )
            flash(_("The event stands on the curve now."), "success")
            return to_case(case_id)
    return form_page("progress/event.html", form, case=head)


@blueprint.route("/cases/<uuid:case_id>/signals/<series>", methods=["GET", "POST"])
def answer_signal(case_id: UUID, series: str) -> ResponseReturnValue:
    """A confirmed signal with the rule that gave it, and the next step that closes it."""
    case = get_case(session(), by=actor(), case_id=case_id)
    head = case_head(case)
    facts = compose(session(), by=actor(), case_id=case_id, catalogue=catalogue(), now=now())
    rated = facts.find_series(series)
    if rated is None:
        abort(404)
    form = NextStepForm()
    if form.validate_on_submit():
        with refusals(form):
            answer_the_signal(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                series=rated,
                key=form.key.data,
                next_step=form.next_step.data,
                thoughts=form.thoughts,
                on_agenda=form.on_agenda.data,
            )
            flash(_("The next step is written and the signal is closed."), "success")
            return to_case(case_id)
    confirmed = rated.open_confirmation
    return form_page(
        "progress/answer_signal.html",
        form,
        case=head,
        series=series_name(rated, catalogue(), str(get_locale())),
        why=why(confirmed) if confirmed else None,
    )


@blueprint.post("/cases/<uuid:case_id>/ratings/<uuid:rating_id>/read")
def mark_read(case_id: UUID, rating_id: UUID) -> ResponseReturnValue:
    """A comment or a low safety rating is read; back to today's page or to the case (`back=case`)."""
    mark_rating_read(
        session(), by=actor(), now=now(), catalogue=catalogue(), case_id=case_id, rating_id=rating_id
    )
    flash(_("Marked as read."), "success")
    return to_case(case_id) if request.form.get("back") == "case" else redirect(url_for("today.show"), 303)
