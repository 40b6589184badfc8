"""What somebody is told whose sign-in through the kommune failed: what to do, and nothing that helps a forger."""

from flask_babel import gettext as _

Words = tuple[int, str, str]
"""Status, heading, advice."""


def refusal(code: str) -> Words:
    """The words for a code of the log. What is wrong with a token is one answer, whichever check it failed."""
    known = {
        "state_unknown": _begin_again,
        "state_used": _begin_again,
        "provider_down": _no_answer,
        "provider_denied": _denied,
        "unknown_role": _no_role,
        "unknown_unit": _no_role,
        "unit_not_here": _no_role,
        "roles_apart": _roles_apart,
        "account_closed": _closed,
        "low_assurance": _not_sure_enough,
        "email_taken": _email_taken,
        "claim_missing": _incomplete,
        "claim_unusable": _incomplete,
        "not_again": _not_again,
        "other_person": _not_again,
    }
    return known.get(code, _not_believed)()


def _begin_again() -> Words:
    return (
        400,
        _("Please sign in once more"),
        _("The sign-in took too long, or it began in another browser. Nothing is wrong with your account."),
    )


def _no_answer() -> Words:
    return (
        503,
        _("The kommune's sign-in does not answer"),
        _(
            "Wait a minute and try again. If it goes on, tell the kommune's service desk. Links sent to families work."
        ),
    )


def _denied() -> Words:
    return (
        403,
        _("The kommune's sign-in said no"),
        _("You stopped on the way, or the kommune has not opened this service to you. Ask your leader."),
    )


def _no_role() -> Words:
    return (
        403,
        _("You have no role here"),
        _(
            "You are known to the kommune, but it gives you no role or no unit in this service. Ask your leader."
        ),
    )


def _roles_apart() -> Words:
    return (
        403,
        _("Your roles cannot be held together"),
        _(
            "Administrators and auditors hold no other role, and the kommune gives you more. Tell the service desk."
        ),
    )


def _closed() -> Words:
    return (403, _("Your account is closed"), _("Ask your administrator to open it again."))


def _not_sure_enough() -> Words:
    return (
        403,
        _("Sign in more safely"),
        _(
            "This service holds sensitive information. Sign in to the kommune with your second factor or MitID Erhverv."
        ),
    )


def _email_taken() -> Words:
    return (
        403,
        _("There is already an account with your e-mail"),
        _(
            "It is not opened for you by itself, for your safety. Ask your administrator to move it to your sign-in."
        ),
    )


def _incomplete() -> Words:
    return (
        403,
        _("The kommune's sign-in did not say enough"),
        _("Your name or your e-mail is missing or cannot be used. Tell the kommune's service desk."),
    )


def _not_again() -> Words:
    return (
        403,
        _("It was not confirmed that it is you"),
        _(
            "Sign in with your own account, and type your password or use your second factor when you are asked."
        ),
    )


def _not_believed() -> Words:
    return (
        403,
        _("The sign-in could not be confirmed"),
        _("Try again. If it goes on, tell the kommune's service desk when it happened."),
    )
