"""The form with one field for each open goal."""

from collections.abc import Iterable
from uuid import UUID

from wtforms import HiddenField, TextAreaField

from fitsvc.services.goal_statuses import STATUS_LENGTH, WrittenStatus
from fitsvc.web.form_pages import optional_line
from fitsvc.web.forms import BaseForm


def status_form(goals: Iterable[tuple[UUID, str, str, str]]) -> BaseForm:
    """A form for these goals, each as (id, its words, the status so far, the mark of that status)."""
    goals = tuple(goals)
    fields = {}
    for goal_id, words, text, mark in goals:
        fields[text_name(goal_id)] = TextAreaField(words, optional_line(STATUS_LENGTH), default=text)
        fields[mark_name(goal_id)] = HiddenField(default=mark)
    form: BaseForm = type("GoalStatusForm", (BaseForm,), fields)()
    return form


def written_in(form: BaseForm, goal_ids: Iterable[UUID]) -> dict[UUID, WrittenStatus]:
    """What was sent. A mark that did not come with it is none: the default would say that the newest text was seen."""
    return {
        goal_id: WrittenStatus(
            form[text_name(goal_id)].data or "", (form[mark_name(goal_id)].raw_data or [""])[0]
        )
        for goal_id in goal_ids
    }


def text_name(goal_id: UUID) -> str:
    return f"status-{goal_id}"


def mark_name(goal_id: UUID) -> str:
    return f"seen-{goal_id}"
