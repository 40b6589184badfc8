"""Who will see this answer, and what the respondent decides about that: the words around the send button."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.own_choice import SHARED_KINDS, WISH_LIMIT, WISH_READERS, OwnChoice
from fitsvc.domain.rating import ProblemCode
from fitsvc.web.rating_form.fields import WISH, SentForm
from fitsvc.web.rating_form.page import Audience

NOTHING_CHOSEN = OwnChoice()


@dataclass(frozen=True, slots=True)
class WishView:
    """The optional text for the meeting; `readers` are code, words and whether chosen."""

    prompt: str
    text: str
    problem: str
    question: str
    readers: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """`seen_by` is the one line above the button. `keep` is the tick, "" where nothing can be kept back."""

    seen_by: str
    keep: str
    keep_hint: str
    withheld: bool
    show_comment: str
    comment_at_meeting: bool
    wish: WishView | None


def build_choice(
    audience: Audience,
    instrument: Instrument,
    *,
    asks_wish: bool,
    may_withhold: bool,
    sent: SentForm | None = None,
    choice: OwnChoice = NOTHING_CHOSEN,
) -> ChoiceView:
    """Empty, as it was sent, or filled with what was chosen before. Call it under `force_locale`.

    Nothing is kept back where nobody would see it; what was kept back already may stay so.
    """
    chosen = sent.choice if sent else choice
    is_shared = instrument.kind in SHARED_KINDS
    may_keep = is_shared and (may_withhold or chosen.withheld)
    return ChoiceView(
        seen_by=seen_by(audience, instrument.kind),
        keep=_("Not to the meeting") if may_keep else "",
        keep_hint=str(_KEEP_HINTS[audience]) if may_keep else "",
        withheld=chosen.withheld,
        show_comment=_("What I write here may be shown at the meeting") if is_shared else "",
        comment_at_meeting=chosen.comment_at_meeting,
        wish=_wish(audience, sent, chosen) if asks_wish and is_shared else None,
    )


def paper_choice(
    instrument: Instrument, *, asks_wish: bool, may_withhold: bool, sent: SentForm | None = None
) -> ChoiceView | None:
    """The same for staff who enter what stands on the paper; None where there is nothing to decide."""
    if instrument.kind not in SHARED_KINDS:
        return None
    chosen = sent.choice if sent else NOTHING_CHOSEN
    return ChoiceView(
        seen_by="",
        keep=_("They said: not to the meeting") if may_withhold else "",
        keep_hint=_(
            "Then only the practitioner on the case sees the answer. To everybody else it is as if they have not "
            "answered. You will not find it on the case page."
        ),
        withheld=chosen.withheld,
        show_comment=_("They said: what I write may be shown at the meeting"),
        comment_at_meeting=chosen.comment_at_meeting,
        wish=_wish(Audience.ADULT, sent, chosen) if asks_wish else None,
    )


def seen_by(audience: Audience, kind: Kind) -> str:
    """In one line, who will see this answer; the long form is in `information`."""
    told: Callable[[bool], str] = {
        Audience.CHILD: _seen_of_child,
        Audience.YOUTH: _seen_of_youth,
        Audience.ADULT: _seen_of_adult,
    }[audience]
    return told(kind is Kind.SESSION)


def _seen_of_child(session: bool) -> str:
    if session:
        return _("Only the adult you talk with here sees this. That adult may ask a leader for advice.")
    return _(
        "The adults who work with you, and their leaders, see this. So do those who come to the meeting."
    )


def _seen_of_youth(session: bool) -> str:
    if session:
        return _("Only the person you talk with here sees this. They may ask their leader for advice.")
    return _("Those who work with your case, and their leaders, see this. So does everybody at the meeting.")


def _seen_of_adult(session: bool) -> str:
    if session:
        return _("Only the person you meet with sees this. They may ask their leader for advice.")
    return _(
        "Those who work with the case, and their leaders, see this. So does everybody at the meeting, the child too."
    )


_KEEP_HINTS = {
    Audience.CHILD: _l(
        "Tick this, and only the adult who helps you sees it. To everybody else it is as if you have not answered. "
        "If you are in danger, the adult must get help."
    ),
    Audience.YOUTH: _l(
        "Tick this, and only the person who helps you sees it, not the meeting. To everybody else it is as if you "
        "have not answered. If you are in danger, they must act."
    ),
    Audience.ADULT: _l(
        "Tick this, and only the practitioner who helps the family sees it. To everybody else it is as if you have "
        "not answered. If a child is in danger, they must act."
    ),
}


def _wish(audience: Audience, sent: SentForm | None, chosen: OwnChoice) -> WishView:
    readers = sent.wish_readers if sent else (chosen.wish.readers if chosen.wish else WISH_READERS[0])
    words = {
        Visibility.PRACTITIONER: _("Only the practitioner who helps the family")
        if audience is Audience.ADULT
        else _("Only the one who helps me"),
        Visibility.MEETING: _("Everybody at the meeting"),
    }
    return WishView(
        prompt=_("Is there something you would like us to talk about at the meeting?"),
        text=sent.wish if sent else (chosen.wish.text if chosen.wish else ""),
        problem=_problem(sent),
        question=_("Who may see that?"),
        readers=tuple((one.value, words[one], one is readers) for one in WISH_READERS),
    )


def _problem(sent: SentForm | None) -> str:
    codes = {one.code for one in sent.form.problems if one.item == WISH} if sent else set()
    if ProblemCode.COMMENT_TOO_LONG in codes:
        limit = format_decimal(WISH_LIMIT)
        return _("There is room for %(limit)s characters. Please make the text shorter.", limit=limit)
    if ProblemCode.COMMENT_HAS_CPR in codes:
        return _("This looks like a CPR number. Please leave it out of the text.")
    return ""
