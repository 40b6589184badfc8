"""Noting a meeting as held: the room's last step, and a page of its own for a meeting held without the room."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc.domain.meeting import Decision, Minute
from fitsvc.services.cadences import all_standards
from fitsvc.services.holding import Concluded, NotReady, conclude_meeting, propose_after
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.cases import Case
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.access import may_open
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.database import forget_changes, keep_changes
from fitsvc.web.documents.freezing import Made, NotMadeYet, check_can_freeze, freeze_meeting
from fitsvc.web.follow_up_words import proposal
from fitsvc.web.form_pages import UNPROCESSABLE, form_page, read_case, refusals, to_case
from fitsvc.web.hold_form import HoldMeetingForm
from fitsvc.web.meetings.views import blueprint
from fitsvc.web.minute_form import LACKING, MinuteField, minute_fields, sent_fields, write_sent
from fitsvc.web.minute_pages import minutes_again
from fitsvc.web.names import Names
from fitsvc.web.names_on_screen import head_on_screen, names_on_screen

__all__ = ["blueprint"]


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/hold", methods=["GET", "POST"])
def hold(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """What the meeting wrote, the day it was held and what follows, in one act; kindly, when something is missing.

    Its PDFs are made between two tries at holding it, the first undone, so that no answer waits for the database.
    """
    try:
        return _hold(case_id, meeting_id, made=None)
    except NotMadeYet as papers:
        forget_changes()
        return _hold(case_id, meeting_id, made=papers.make())


def _hold(case_id: UUID, meeting_id: UUID, *, made: Made | None) -> ResponseReturnValue:
    case = read_case(case_id)
    meeting = get_meeting(session(), case_id=case.id, meeting_id=meeting_id)
    form = HoldMeetingForm(held_on=min(meeting.planned_on, today()))
    if request.method != "POST":
        return _page(case, meeting, form, {})
    sent = write_sent(case_id, meeting_id)
    if sent.conflicts or sent.unsaved:
        return minutes_again(case, meeting_id, sent)
    if sent.written:
        keep_changes()  # whatever becomes of the rest: the paper may fail to be made
    problems = dict(sent.problems)
    if form.validate() and not problems:
        with refusals(form):
            try:
                return _onwards(_conclude(form, case_id, meeting_id, made))
            except NotReady as missing:  # what was written stays written
                problems = {LACKING[one][0]: str(LACKING[one][1]) for one in missing.lacking}
    return _page(case, meeting, form, problems)


def _conclude(form: HoldMeetingForm, case_id: UUID, meeting_id: UUID, made: Made | None) -> Concluded:
    """Held, planned or ended, and its paper kept: one transaction, so that none of it is there without the rest."""
    if get_meeting(session(), case_id=case_id, meeting_id=meeting_id).held_on is None:
        check_can_freeze()
    concluded = conclude_meeting(
        session(),
        by=actor(),
        now=now(),
        standards=all_standards(session()),
        case_id=case_id,
        meeting_id=meeting_id,
        conclusion=form.conclusion,
    )
    if not concluded.again:
        freeze_meeting(
            session(),
            by=actor(),
            now=now(),
            case_id=case_id,
            meeting_id=meeting_id,
            names_hidden=form.names_hidden.data,
            language=get_locale().language,
            made=made,
        )
    return concluded


def _onwards(concluded: Concluded) -> ResponseReturnValue:
    """To the page where what was decided goes on."""
    meeting = concluded.meeting
    where = {"case_id": meeting.case_id, "meeting_id": meeting.id}
    if concluded.again:
        flash(_("The meeting was noted as held already. Nothing was changed."), "info")
    else:
        flash(_held_words(meeting), "success")
    if concluded.decision is Decision.END:
        if not concluded.again and not may_open("episodes.end"):
            flash(_("The caseworker ends the measure."), "info")
        if may_open("ending.show"):
            return redirect(url_for("ending.show", **where), 303)  # type: ignore[arg-type]
    if concluded.decision is Decision.NEW_MEASURE and not concluded.again:
        if may_open("episodes.start"):
            address = url_for("episodes.start", case_id=meeting.case_id, closes=meeting.episode_id)
            return redirect(address, 303)
        flash(_("The caseworker opens the new measure."), "info")
    return to_case(meeting.case_id)


def _held_words(meeting: FollowUpMeeting) -> str:
    """With the way to the paper that was kept, for those who may open it."""
    held = _("The meeting is noted as held.")
    if not may_open("frozen.list_all"):
        return held
    papers = url_for("frozen.list_all", case_id=meeting.case_id)
    return Markup('{} <a href="{}">{}</a>').format(held, papers, _("Open the paper that was kept"))


def _page(
    case: Case, meeting: FollowUpMeeting, form: HoldMeetingForm, problems: Mapping[Minute, str]
) -> ResponseReturnValue:
    is_over = meeting.held_on is not None or meeting.cancelled_at is not None
    held_on = form.held_on.data or today()
    proposed = propose_after(session(), standards=all_standards(session()), meeting=meeting, held_on=held_on)
    book = read_meeting_book(session(), case_id=case.id)
    words = proposal(proposed)
    on_screen = names_on_screen(case)

    def fields_with(names: Names) -> dict[str, MinuteField]:
        return minute_fields(
            book.minutes.get(meeting.id, {}),
            names,
            suggested={Minute.NEXT_ON: words.typed},
            problems=problems,
            sent=sent_fields() if request.method == "POST" else None,
        )

    as_typed = fields_with(Names(hidden=False, child=on_screen.child))
    fields = fields_with(on_screen) | {field.value: as_typed[field.value] for field in problems}
    page = make_response(
        form_page(
            "meetings/hold.html",
            form,
            case=head_on_screen(case, on_screen),
            meeting=meeting.id,
            planned_on=meeting.planned_on,
            is_over=is_over,
            fields=fields,
            problems=[(field.value, words) for field, words in problems.items()],
            proposed=words,
        )
    )
    if problems:
        page.status_code = UNPROCESSABLE
    return page
