"""What people are told before they answer: who asks, why, who sees it, how long it is kept, whom to call."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from fitsvc.config import Config
from fitsvc.domain.instrument import Kind
from fitsvc.web.rating_form.page import Audience

EMERGENCY = "112"
CHILD_HELPLINE = "116 111"


@dataclass(frozen=True, slots=True)
class Telling:
    """One question people have, and its answer."""

    question: str
    answer: str


def tell_before(audience: Audience, kind: Kind, config: Config, months: int) -> tuple[Telling, ...]:
    """The short information before the first rating, in words for the age. `months`: kept so long after closing."""
    tell: Callable[[Kind, Config, int], tuple[Telling, ...]] = {
        Audience.CHILD: _tell_child,
        Audience.YOUTH: _tell_youth,
        Audience.ADULT: _tell_adult,
    }[audience]
    return tell(kind, config, months)


def whom_to_call(audience: Audience, config: Config) -> Markup:
    """On every form and receipt: nobody reads this round the clock, and whom to call instead."""
    return _whom_to_call(audience, config, str(get_locale()))


@lru_cache
def _whom_to_call(audience: Audience, config: Config, _language: str) -> Markup:
    sentences = {
        Audience.CHILD: (
            _(
                "Nobody reads your answers right now. Do you need help now? Call the children's helpline on"
                " %(helpline)s. If you are in danger, call %(emergency)s."
            ),
            _("You can also call the kommune on %(phone)s."),
        ),
        Audience.YOUTH: (
            _(
                "Your answers are not read around the clock. If you need to talk to somebody now, call the"
                " children's helpline on %(helpline)s. If you are in danger, call %(emergency)s."
            ),
            _("You can also call the kommune on %(phone)s."),
        ),
        Audience.ADULT: (
            _(
                "Answers are not read around the clock. If a child is in danger, call %(emergency)s. Children can"
                " call the children's helpline on %(helpline)s."
            ),
            _("If you are worried, call the kommune on %(phone)s."),
        ),
    }[audience]
    said = sentences if config.kommune_phone else sentences[:1]
    numbers = {
        "emergency": _call(EMERGENCY),
        "helpline": _call(CHILD_HELPLINE),
        "phone": _call(config.kommune_phone),
    }
    return Markup(" ").join(escape(sentence) % numbers for sentence in said)


def _call(number: str) -> Markup:
    return Markup('<a href="tel:{}">{}</a>').format(
        number.replace(" ", ""), number.replace(" ", "\N{NO-BREAK SPACE}")
    )


def _tell_child(kind: Kind, config: Config, months: int) -> tuple[Telling, ...]:
    session = kind is Kind.SESSION
    return (
        Telling(
            _("Who is asking?"), _("The adults in %(kommune)s who help you.", kommune=config.kommune_name)
        ),
        Telling(
            _("Why?"),
            _("So that our time together can be better for you.")
            if session
            else _("So that we can see together how things are going. Then we can help in a good way."),
        ),
        Telling(
            _("Who sees my answers?"),
            _(
                "Only the adult you talk with here. The adult may ask their own leader for good advice about it."
                " Nobody else sees it, unless you want to show it."
            )
            if session
            else _(
                "The adults who work with you, and their leaders. We also look at the answers at meetings with you"
                " and your family. Your school may be there too."
            ),
        ),
        Telling(_("How long are they kept?"), _kept_for_child(months)),
        Telling(_("Do I have to?"), _("No. You decide. You may skip a question.")),
    )


def _kept_for_child(months: int) -> str:
    return ngettext(
        "Until the help has ended. One month later your answers here are deleted.",
        "Until the help has ended. %(num)d months later your answers here are deleted.",
        months,
    )


def _tell_youth(kind: Kind, config: Config, months: int) -> tuple[Telling, ...]:
    session = kind is Kind.SESSION
    return (
        Telling(
            _("Who is asking?"),
            _("%(kommune)s, together with those who help you.", kommune=_capital(config.kommune_name)),
        ),
        Telling(
            _("Why?"),
            _("So that what does not work can be changed, and your time together gives you more.")
            if session
            else _("So that you and those who help you can see whether things are moving the right way."),
        ),
        Telling(
            _("Who sees my answers?"),
            _(
                "Only the person you talk with here. They may discuss it with their own leader to get advice. Your"
                " caseworker and your family do not see it, unless you choose to show it."
            )
            if session
            else _(
                "Those who work with your case, and their leaders. At meetings you look at the answers together"
                " with your family and the others who are there, such as your school."
            ),
        ),
        Telling(_("How long are they kept?"), _kept(months)),
        Telling(_("Do I have to?"), _("No. You decide whether to answer, and you may skip questions.")),
    )


def _tell_adult(kind: Kind, config: Config, months: int) -> tuple[Telling, ...]:
    session = kind is Kind.SESSION
    return (
        Telling(
            _("Who is asking?"),
            _("%(kommune)s, as part of the help to the child.", kommune=_capital(config.kommune_name)),
        ),
        Telling(
            _("Why?"),
            _("So that what does not work can be changed, and your time together gives you more.")
            if session
            else _(
                "Your view is one of several. Together they show whether the help works and what to change."
            ),
        ),
        Telling(
            _("Who sees my answers?"),
            _(
                "Only the person you meet with. They may discuss it with their own leader to get advice. Neither the"
                " caseworker nor the meeting sees it, unless you choose to bring it."
            )
            if session
            else _(
                "Those who work with the case, and their leaders. At follow-up meetings the child, the family and"
                " the others present see everybody's answers side by side."
            ),
        ),
        Telling(_("How long are they kept?"), _kept(months)),
        Telling(_("Do I have to?"), _("No. It is your choice, and you may skip questions.")),
    )


def _kept(months: int) -> str:
    return ngettext(
        "Until the case is closed. One month later the answers here are deleted; the kommune's journal keeps what"
        " it needs.",
        "Until the case is closed. %(num)d months later the answers here are deleted; the kommune's journal keeps"
        " what it needs.",
        months,
    )


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
