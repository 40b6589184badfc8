"""Agreeing what to expect of a curve."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.services.case_access import get_case
from fitsvc.services.case_facts import CaseTrajectories, SeriesFacts
from fitsvc.services.expectations import agree_expectation
from fitsvc.services.trajectories import compose
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.expectations.forms import ExpectationForm
from fitsvc.web.form_pages import case_head, form_page, options, refusals, to_case
from fitsvc.web.series_words import series_name
from fitsvc.web.templates import day, points

blueprint = Blueprint("expectations", __name__)


@blueprint.route("/cases/<uuid:case_id>/expectations/agree", methods=["GET", "POST"])
def agree(case_id: UUID) -> ResponseReturnValue:
    """A score by a date on a named curve, drawn as a line from its latest score. `?series=` chooses the curve."""
    head = case_head(get_case(session(), by=actor(), case_id=case_id))
    # Everybody sees the line, so it starts where everybody may look: never at a score kept from the meeting.
    facts = compose(session(), by=actor(), case_id=case_id, catalogue=catalogue(), now=now(), at_meeting=True)
    offered = [one for one in facts.totals if one.is_current]
    meeting = facts.next_meeting
    form = ExpectationForm(series=request.args.get("series"), due_on=meeting.planned_on if meeting else None)
    form.series.choices = options(((one.key, _label(one)) for one in offered), empty=_("Choose"))
    if form.validate_on_submit():
        with refusals(form):
            agree_expectation(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                series=next(one for one in offered if one.key == form.series.data),
                key=form.key.data,
                kind=form.kind.data,
                score=form.score.data,
                due_on=form.due_on.data,
                meeting_id=_latest_held(facts),
            )
            flash(_("The expectation is drawn on the curve now."), "success")
            return to_case(case_id)
    return form_page("expectations/agree.html", form, case=head, has_series=bool(offered))


def _label(series: SeriesFacts) -> str:
    """The curve with its latest score, so that nobody agrees on a number blindly."""
    name = series_name(series, catalogue(), str(get_locale()))
    latest = series.trajectory.latest
    if latest is None:
        return _("%(series)s – no score yet", series=name)
    return _(
        "%(series)s – latest %(score)s on %(day)s",
        series=name,
        score=points(latest.score),
        day=day(latest.on),
    )


def _latest_held(facts: CaseTrajectories) -> UUID | None:
    """The meeting it was agreed at: the one held today, if any was."""
    return next((one.id for one in facts.meetings if one.held_on == facts.today), None)
