"""Choose the form, then enter it as it stands on the paper."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from fitsvc.domain.audit import Access
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.rating import Mode
from fitsvc.services.administrations import offered_items
from fitsvc.services.case_access import note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.paper_ratings import (
    PAPER_MODES,
    PaperRespondent,
    choose_administration,
    enter_on_paper,
    get_paper_respondent,
    is_wish_asked,
)
from fitsvc.services.ratings import FormGone
from fitsvc.web import current
from fitsvc.web.form_pages import UNPROCESSABLE, KeyedForm, case_head, refusals, to_case
from fitsvc.web.forms import DanishDateField, NotAfter, choices_of
from fitsvc.web.rating_form.choice import paper_choice
from fitsvc.web.rating_form.fields import SentForm, read_sent
from fitsvc.web.rating_form.page import build_form
from fitsvc.web.words import HINDRANCES, rater_name

blueprint = Blueprint(
    "paper", __name__, url_prefix="/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/paper"
)

MODE_WORDS = {
    Mode.PAPER: _l("On paper"),
    Mode.READ_ALOUD: _l("Read aloud, and somebody else wrote the answers"),
    Mode.HELPER_PRESENT: _l("By themselves, with a helper beside them"),
}


class PaperForm(KeyedForm):
    """The page's own fields; the rating's are read by `rating_form`. `key` is the administration."""

    rated_on = DanishDateField(
        _l("The day it was answered"), validators=[InputRequired(), NotAfter(current.today)]
    )
    mode = RadioField(
        _l("How was it answered?"),
        choices=choices_of({mode.value: MODE_WORDS[mode] for mode in PAPER_MODES}),
        validators=[InputRequired()],
        default=Mode.PAPER.value,
    )


OWN_FIELDS = frozenset({"csrf_token", "key", "rated_on", "mode"})


@blueprint.get("")
def choose(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    found = _find(case_id, respondent_id)
    language = str(get_locale())
    choices = [
        (
            url_for(".enter", case_id=case_id, respondent_id=respondent_id, instrument_id=one.id),
            one.text(language),
        )
        for one in found.instruments
    ]
    hindrance = HINDRANCES[found.hindrance] if found.hindrance else None
    return render_template("paper/choose.html", **_head(found), choices=choices, hindrance=hindrance)


@blueprint.route("/<instrument_id>", methods=["GET", "POST"])
def enter(case_id: UUID, respondent_id: UUID, instrument_id: str) -> ResponseReturnValue:
    found = _find(case_id, respondent_id)
    instrument = found.get_instrument(instrument_id)
    form = PaperForm()
    if not form.is_submitted():
        form.key.data = choose_administration(
            current.session(), by=current.actor(), respondent=found.respondent, instrument=instrument
        )
        return _page(found, instrument, form, None)
    items = offered_items(current.session(), case_id=case_id, instrument=instrument)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS]
    asks_wish = is_wish_asked(current.session(), administration_id=form.key.data)
    sent = read_sent(instrument, items, fields, asks_wish=asks_wish, may_withhold=found.may_withhold)
    is_whole = not sent.form.problems and (sent.confirmed or not sent.form.left_blank)
    if form.validate() and is_whole:
        with refusals(form):
            _store(found, instrument, form, sent)
            flash(_("The rating has been stored."))
            return to_case(case_id)
    return _page(found, instrument, form, sent), UNPROCESSABLE


def _store(found: PaperRespondent, instrument: Instrument, form: PaperForm, sent: SentForm) -> None:
    try:
        enter_on_paper(
            current.session(),
            by=current.actor(),
            found=found,
            instrument=instrument,
            administration_id=form.key.data,
            form=sent.form,
            choice=sent.choice,
            language=instrument.language_for(found.respondent.person.language),
            rated_on=form.rated_on.data,
            mode=Mode(form.mode.data),
            catalogue=current.catalogue(),
            now=current.now(),
        )
    except FormGone as gone:
        raise Refused("answered_meanwhile") from gone


def _find(case_id: UUID, respondent_id: UUID) -> PaperRespondent:
    session, by = current.session(), current.actor()
    found = get_paper_respondent(
        session, by=by, case_id=case_id, respondent_id=respondent_id, catalogue=current.catalogue()
    )
    note_reading(session, by=by, access=Access.CASE_READ, case_ids=[case_id], now=current.now())
    return found


def _head(found: PaperRespondent) -> dict[str, object]:
    respondent = found.respondent
    return {
        "case": case_head(found.case),
        "who": f"{rater_name(respondent.rater_role, respondent.setting)} ({respondent.person.name})",
    }


def _page(found: PaperRespondent, instrument: Instrument, form: PaperForm, sent: SentForm | None) -> str:
    items = offered_items(current.session(), case_id=found.case.id, instrument=instrument)
    rating = build_form(instrument, items, str(get_locale()), sent=sent, point_out_blanks=sent is not None)
    return render_template(
        "paper/enter.html",
        **_head(found),
        form=form,
        rating=rating,
        choice=paper_choice(
            instrument,
            asks_wish=is_wish_asked(current.session(), administration_id=form.key.data),
            may_withhold=found.may_withhold,
            sent=sent,
        ),
        blanks_seen=sent is not None and bool(sent.form.left_blank),
    )
