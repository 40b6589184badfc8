"""The few e-mails the service writes, all to staff about their own account. Nothing of a case stands in any."""

from datetime import datetime
from enum import StrEnum

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from fitsvc.messaging.mail import MailNotSent, compose, send
from fitsvc.services.account_links import AddressChanged, NewLink
from fitsvc.storage.account_links import LinkPurpose
from fitsvc.web.current import config

_SUBJECTS = {
    LinkPurpose.INVITATION: _l("Choose your password"),
    LinkPurpose.RESET: _l("Choose a new password"),
    LinkPurpose.ADDRESS: _l("Confirm your new e-mail address"),
}
_PAGES = {
    LinkPurpose.INVITATION: "account_links.choose_password",
    LinkPurpose.RESET: "account_links.choose_password",
    LinkPurpose.ADDRESS: "account_links.confirm_address",
}
_PROBLEMS = {
    "unreachable": _l("The mail server does not answer."),
    "no_encryption": _l("The mail server offers no encryption we can trust, so nothing was sent."),
    "sign_in_refused": _l("The mail server does not accept our sign-in."),
    "refused": _l("The mail server did not accept the message."),
    "not_an_address": _l("The address cannot be written to."),
}


class Delivery(StrEnum):
    """What became of a link."""

    SENT = "sent"
    BY_HAND = "by_hand"  # there is no mail server
    FAILED = "failed"


def has_mail() -> bool:
    return config().mail_server is not None


def address_of(link: NewLink) -> str:
    """The link as a whole, on the service's own public address and never on the one a request came by."""
    path = current_app.url_map.bind("").build(_PAGES[link.purpose], {"token": link.token})
    return config().base_url + str(path)


def send_link(link: NewLink, *, at: datetime) -> None:
    """Raises MailNotSent."""
    with force_locale(link.language):
        _send(
            link.email,
            str(_SUBJECTS[link.purpose]),
            f"messages/{link.purpose.value}.txt",
            at,
            url=address_of(link),
        )


def tell_old_address(changed: AddressChanged, *, at: datetime) -> None:
    """Raises MailNotSent."""
    with force_locale(changed.language):
        _send(
            changed.old,
            str(_l("Your e-mail address was changed")),
            "messages/address_changed.txt",
            at,
            url=config().base_url,
        )


def problem_words(problem: MailNotSent) -> str:
    """For an administrator, who can do something about it."""
    return str(_PROBLEMS[problem.code])


def note_problem(problem: MailNotSent) -> None:
    """For the log: what, never to whom."""
    current_app.logger.warning("an e-mail was not sent: %s", problem.code)


def _send(to: str, subject: str, template: str, at: datetime, *, url: str) -> None:
    settings = config()
    if settings.mail_server is None:
        raise MailNotSent("unreachable")
    text = current_app.jinja_env.get_template(template).render(url=url)
    send(settings.mail_server, compose(sender=settings.mail_from, to=to, subject=subject, text=text, at=at))
