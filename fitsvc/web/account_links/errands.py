"""Messages that are found out about and sent when the answer has gone: its time tells nothing of who exists."""

from functools import partial
from uuid import UUID

from fitsvc.messaging.mail import MailNotSent
from fitsvc.services import account_links
from fitsvc.services.account_links import AddressChanged, NewLink
from fitsvc.web import account_mail, current
from fitsvc.web.database import own_transaction
from fitsvc.web.errands import run_later


def mail_reset_later(email: str) -> None:
    run_later(partial(_mail_reset, email))


def mail_address_later(staff_id: UUID, new_email: str) -> None:
    run_later(partial(_mail_address, staff_id, new_email))


def tell_old_address_later(changed: AddressChanged) -> None:
    run_later(partial(_tell_old_address, changed))


def _mail_reset(email: str) -> None:
    with own_transaction() as session:
        link = account_links.ask_for_reset(session, email=email, now=current.now())
    _send(link)


def _mail_address(staff_id: UUID, new_email: str) -> None:
    with own_transaction() as session:
        link = account_links.ask_for_address(
            session, staff_id=staff_id, new_email=new_email, now=current.now()
        )
    _send(link)


def _send(link: NewLink | None) -> None:
    if link is None:
        return
    try:
        account_mail.send_link(link, at=current.now())
    except MailNotSent as problem:
        account_mail.note_problem(problem)
        with own_transaction() as session:
            account_links.take_back(session, token=link.token, purpose=link.purpose, now=current.now())


def _tell_old_address(changed: AddressChanged) -> None:
    try:
        account_mail.tell_old_address(changed, at=current.now())
    except MailNotSent as problem:
        account_mail.note_problem(problem)
