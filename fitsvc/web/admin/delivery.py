"""A link on its way to a colleague: by e-mail, or shown once where there is no mail server.

With a mail server no administrator ever sees a link: nobody but its owner can choose an account's password.
"""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.messaging.mail import MailNotSent
from fitsvc.services.account_links import NewLink
from fitsvc.storage.account_links import LinkPurpose
from fitsvc.web import account_mail, current
from fitsvc.web.database import keep_changes

_LASTS = {
    LinkPurpose.INVITATION: _l("It works once and for seven days. A newer link takes its place."),
    LinkPurpose.ADDRESS: _l("It works once and for one day. Until then the old address is used."),
}


def deliver(link: NewLink | None, *, name: str, staff_id: UUID) -> ResponseReturnValue:
    """Back to the list when there is nothing to hand over; else the link, or what went wrong.

    What was changed is kept before anything is sent: a mail server may take long, and may be down.
    """
    to_staff = redirect(url_for("admin.list_staff"), 303)
    if link is None:
        return to_staff
    keep_changes()
    if not account_mail.has_mail():
        return render_template(
            "admin/link.html",
            name=name,
            url=account_mail.address_of(link),
            lasts=_LASTS[link.purpose],
            problem=None,
            again=None,
            form=None,
        )
    try:
        account_mail.send_link(link, at=current.now())
    except MailNotSent as problem:
        is_invitation = link.purpose is LinkPurpose.INVITATION
        account_mail.note_problem(problem)
        return render_template(
            "admin/link.html",
            name=name,
            url=None,
            lasts=None,
            problem=account_mail.problem_words(problem),
            again=url_for("admin.invite_again", staff_id=staff_id) if is_invitation else None,
            form=url_for("admin.change_staff", staff_id=staff_id),
        )
    flash(_("A message with a link is on its way to %(email)s.", email=link.email), "success")
    return to_staff
