"""What people write in the room: minutes field by field, agreements, expectations. Each POST leads back to its part."""

from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.services.agreements import (
    AgreementChanged,
    add_agreement,
    change_agreement,
    check_off,
    get_agreement,
    remove_agreement,
    reopen_agreement,
)
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.expectations import agree_expectation
from fitsvc.services.meetings import get_meeting
from fitsvc.services.minutes import lock_open_meeting
from fitsvc.services.trajectories import compose
from fitsvc.storage.minutes import Agreement
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.database import forget_changes
from fitsvc.web.form_pages import UNPROCESSABLE, form_page, refusals
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.meeting_room.blueprint import blueprint
from fitsvc.web.meeting_room.expecting import ExpectationAgain, find_choice, series_about
from fitsvc.web.meeting_room.forms import AgreementForm, ExpectationForm, HowItWentForm
from fitsvc.web.meeting_room.reading import read_room
from fitsvc.web.meeting_room.state import KEPT
from fitsvc.web.minute_form import SentMinutes, write_sent
from fitsvc.web.minute_pages import minutes_again
from fitsvc.web.names import Names
from fitsvc.web.names_on_screen import head_on_screen, names_on_screen

__all__ = ["blueprint"]

CONFLICT = 409


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/minutes")
def write(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """One field from the script, or a part of the page from its button. What can be written is written."""
    case = get_case(session(), by=actor(), case_id=case_id)
    get_meeting(session(), case_id=case.id, meeting_id=meeting_id)
    sent = write_sent(case_id, meeting_id)
    if request.accept_mimetypes.best == "application/json":
        if sent.conflicts or not sent.written:
            _note_shown(case_id)
        return _told(sent, names_on_screen(case))
    if sent.conflicts or sent.problems or sent.unsaved:
        return minutes_again(case, meeting_id, sent)
    if sent.refused:
        flash(sent.refused, "warning")
    elif sent.written:
        flash(_("Saved."), "success")
    return _to_room(case_id, meeting_id, request.form.get("part", "deciding"))


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agreements", endpoint="add_agreement")
def add(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    case = get_case(session(), by=actor(), case_id=case_id)
    get_meeting(session(), case_id=case.id, meeting_id=meeting_id)
    form = AgreementForm()
    if form.validate():
        with refusals(form):
            add_agreement(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                meeting_id=meeting_id,
                key=form.key.data,
                promise=form.promise,
            )
            return _to_room(case_id, meeting_id, "agreements")
    back = _room_url(case_id, meeting_id, "agreements")
    return _agreement_page(form, case_id, back, None), UNPROCESSABLE


@blueprint.post("/cases/<uuid:case_id>/agreements/<uuid:agreement_id>", endpoint="change_agreement")
def change(case_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """Written anew, taken out, checked off or opened again, as the button says. `?meeting=` leads back there."""
    case = get_case(session(), by=actor(), case_id=case_id)
    agreement = get_agreement(session(), case_id=case.id, agreement_id=agreement_id)
    if request.form.get("do") == "save":
        return _rewrite(agreement)
    how = HowItWentForm()
    if request.form.get("do") == "done" and not how.validate():
        names = names_on_screen(case)
        what = names.clean(agreement.what)
        page = {"case": head_on_screen(case, names), "back": _back_url(case_id), "what": what}
        return form_page("meeting_room/how_it_went.html", how, **page)
    try:
        _act(agreement)
    except Refused as refused:
        forget_changes()
        flash(str(REFUSALS.get(refused.code, REFUSALS["refused"])), "warning")
    return _back(case_id)


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/expectations")
def expect(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """A point on the tap line and a day; the curve has its line as soon as the page is there again."""
    facts = compose(session(), by=actor(), case_id=case_id, catalogue=catalogue(), now=now(), at_meeting=True)
    get_meeting(session(), case_id=case_id, meeting_id=meeting_id)
    choice = find_choice(facts, request.form.get("expect", ""))
    series = series_about(facts, choice, request.form.get("about", "")) if choice else None
    if choice is None or series is None:
        flash(_("Choose whose expectation it is first."), "warning")
        return _to_room(case_id, meeting_id, "expectations")
    form = ExpectationForm()
    if form.validate():
        with refusals(form):
            lock_open_meeting(session(), case_id=case_id, meeting_id=meeting_id)
            agree_expectation(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                series=series,
                key=form.key.data,
                kind=choice.kind,
                score=form.score.data,
                due_on=form.due_on.data,
                meeting_id=meeting_id,
                goal_id=choice.goal_id,
            )
            return _to_room(case_id, meeting_id, "expectations" if choice.goal else "curve")
    return _expect_again(case_id, meeting_id, form)


def _expect_again(case_id: UUID, meeting_id: UUID, form: ExpectationForm) -> ResponseReturnValue:
    for problem in form.form_errors:
        flash(str(problem), "warning")
    missing = not request.form.get("score", "").strip()
    again = ExpectationAgain(
        request.form,
        _("Tap a point on the line first.") if missing else str(next(iter(form.score.errors), "")),
        str(next(iter(form.due_on.errors), "")),
    )
    room = read_room(case_id, meeting_id, again=again)
    return render_template("meeting_room/show.html", room=room), UNPROCESSABLE


def _told(sent: SentMinutes, names: Names) -> ResponseReturnValue:
    """For the script: which version stands now, and both texts where somebody else wrote meanwhile."""
    clock = format_datetime(now(), "HH.mm")
    answer = {
        "saved": {
            field.value: {"version": row.version if row else 0, "note": _("Saved at %(time)s", time=clock)}
            for field, row in sent.written.items()
        },
        "conflicts": {
            one.field.value: {"theirs": names.clean(one.theirs.text), "version": one.theirs.version}
            for one in sent.conflicts
        },
        "problems": {field.value: words for field, words in sent.problems.items()},
        "refused": sent.refused,
    }
    status = CONFLICT if sent.conflicts or sent.refused else UNPROCESSABLE if sent.problems else 200
    return jsonify(answer), status


def _rewrite(agreement: Agreement) -> ResponseReturnValue:
    form = AgreementForm()
    status = UNPROCESSABLE
    if form.validate():
        with refusals(form):
            try:
                change_agreement(
                    session(),
                    by=actor(),
                    now=now(),
                    case_id=agreement.case_id,
                    agreement_id=agreement.id,
                    promise=form.promise,
                    seen_version=form.version.data or 0,
                )
                return _back(agreement.case_id)
            except AgreementChanged as changed:
                form.version.data, form.version.raw_data = changed.theirs.version, None
                status = CONFLICT
    theirs = agreement if status == CONFLICT else None
    return _agreement_page(form, agreement.case_id, _back_url(agreement.case_id), theirs), status


def _act(agreement: Agreement) -> None:
    whose: dict[str, Any] = {
        "by": actor(),
        "now": now(),
        "case_id": agreement.case_id,
        "agreement_id": agreement.id,
    }
    match request.form.get("do"):
        case "remove":
            remove_agreement(session(), **whose)
        case "reopen":
            reopen_agreement(session(), **whose)
        case "done":
            check_off(session(), **whose, how_it_went=request.form.get("how_it_went", ""))
        case _:
            raise Refused("refused")


def _agreement_page(form: AgreementForm, case_id: UUID, back: str, theirs: Agreement | None) -> str:
    case = get_case(session(), by=actor(), case_id=case_id)
    _note_shown(case_id)
    names = names_on_screen(case)
    said = {
        "what": names.clean(theirs.what), "who": names.clean(theirs.who), "by_on": theirs.by_on,
    } if theirs else None  # fmt: skip
    return render_template(
        "meeting_room/agreement.html", form=form, case=head_on_screen(case, names), back=back, theirs=said
    )


def _note_shown(case_id: UUID) -> None:
    """What is sent back shows the case: what another wrote, or the meeting's own words beside a mistake."""
    note_reading(session(), by=actor(), access=Access.MEETING_READ, case_ids=[case_id], now=now())


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(_back_url(case_id), 303)


def _back_url(case_id: UUID) -> str:
    try:
        return _room_url(case_id, UUID(request.args.get("meeting", "")), "agreements")
    except ValueError:
        return url_for("cases.show", case_id=case_id, _anchor="agreements")


def _to_room(case_id: UUID, meeting_id: UUID, anchor: str) -> ResponseReturnValue:
    return redirect(_room_url(case_id, meeting_id, anchor), 303)


def _room_url(case_id: UUID, meeting_id: UUID, anchor: str) -> str:
    """The room as it was looked at: which voices, which view, names or none."""
    kept = {name: values for name, values in request.args.lists() if name in KEPT}
    where = {"case_id": case_id, "meeting_id": meeting_id}
    return url_for("meeting_room.show", **where, _anchor=anchor, **kept)  # type: ignore[arg-type]
