"""How many wrong tries there are, of what and for whom: the whole list is `LIMITS`.

Only failures are counted (an unknown link, a wrong password), so that whoever does nothing wrong pays nothing, and
thirty pupils behind one address are thirty, not one. How an endpoint uses it:

    slow_down(Kind.SECOND_FACTOR, email)         # before anything costly is computed; 429 when the tries are used up
    if not is_right:
        note_failure(Kind.SECOND_FACTOR, email)  # counted when the answer is ready, outside the request's transaction

`who` is the e-mail address of the account a try is aimed at, typed or known, whether it exists or not; for EMERGENCY
the member of staff's own address, for OWN_CURVE the link's id, for LINK and INVITATION nothing. What is not wrong but
must not be done by the hundred (RESET, EMERGENCY) is noted each time.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_babel import ngettext
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from werkzeug.exceptions import TooManyRequests

from fitsvc.config import Config, ConfigError
from fitsvc.web import current, known_browsers
from fitsvc.web.database import db
from fitsvc.web.limit_storage import DATABASE_LIMITS


class Kind(StrEnum):
    """What is tried."""

    SIGN_IN = "sign_in"  # a password on the sign-in page
    SECOND_FACTOR = "second_factor"  # a code or recovery code
    CONFIRM = "confirm"  # one's password, PIN or code again, while signed in
    RESET = "reset"  # asking for a new password, each time
    INVITATION = "invitation"  # a link of an invitation or a reset that leads nowhere
    LINK = "link"  # a respondent's or a calendar's link that leads nowhere
    OWN_CURVE = "own_curve"  # opening the own curve and writing on it, each time
    EMERGENCY = "emergency"  # opening a case in an emergency, each time


class By(StrEnum):
    """Whose tries are counted together."""

    KNOWN_BROWSER = (
        "known_browser"  # one account on a browser it has signed in on before: then nothing else counts
    )
    ACCOUNT_AND_ADDRESS = "account_and_address"
    ADDRESS = "address"  # an IPv4 address, or a whole IPv6 network (/64)
    WHO = "who"  # the account or the link, wherever it is tried from


@dataclass(frozen=True, slots=True)
class Limit:
    by: By
    amount: RateLimitItem


def _limits(**amounts: str) -> tuple[Limit, ...]:
    return tuple(Limit(By(by), parse(amount)) for by, amount in amounts.items())


# An ADDRESS is wide: it may be a whole town hall. Nothing is by WHO where a stranger could use it up to lock somebody
# out: a code needs the password first, and a reset has the known browser's own tries beside it.
LIMITS: dict[Kind, tuple[Limit, ...]] = {
    Kind.SIGN_IN: _limits(
        known_browser="10 per 15 minutes",
        account_and_address="10 per 15 minutes",
        address="100 per 15 minutes",
    ),
    Kind.SECOND_FACTOR: _limits(
        known_browser="10 per 15 minutes", account_and_address="10 per 15 minutes", who="30 per hour"
    ),
    Kind.CONFIRM: _limits(known_browser="10 per 15 minutes", account_and_address="10 per 15 minutes"),
    Kind.RESET: _limits(
        known_browser="5 per hour", account_and_address="3 per hour", address="30 per hour", who="20 per day"
    ),
    Kind.INVITATION: _limits(address="60 per 10 minutes"),
    Kind.LINK: _limits(address="60 per 10 minutes"),
    Kind.OWN_CURVE: _limits(who="60 per 10 minutes"),
    Kind.EMERGENCY: _limits(who="10 per hour"),
}


def init_app(app: Flask, config: Config) -> None:
    """After the database is set up."""
    uri = config.limits_url or DATABASE_LIMITS
    options: dict[str, Any] = {"wrap_exceptions": True}
    if uri == DATABASE_LIMITS:
        with app.app_context():
            options["engine"] = db.engine
    limiter = Limiter(
        _address,
        storage_uri=uri,
        storage_options=options,
        strategy="fixed-window",
    )
    try:
        limiter.init_app(app)
    except ConfigurationError as error:
        raise ConfigError(
            ["FITSVC_LIMITS_URL: needs the Redis client, pip install 'fitsvc[redis]'"]
        ) from error
    # It would look for a limit before each request; ours are counted where something fails.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
    app.extensions["fitsvc_limiter"] = limiter
    # First in the list is last in time: when the request has let go of the database.
    app.after_request_funcs[None].insert(0, _count)


def slow_down(kind: Kind, who: str = "") -> None:
    """429 when the tries of this kind are used up: for this browser, this address or this account."""
    wait = seconds_to_wait(kind, who)
    if wait:
        raise TooManyRequests(retry_after=wait)


def note_failure(kind: Kind, who: str = "") -> None:
    """One try is used. It is counted after the request's own transaction, which may hold the database's lock."""
    g.setdefault("limit_failures", []).append((kind, who))


def seconds_to_wait(kind: Kind, who: str = "") -> int:
    """0 when there are tries left."""
    counter = _limiter().limiter
    wait = 0
    try:
        for limit, key in _applying(kind, who):
            if not counter.test(limit, key):
                end = counter.get_window_stats(limit, key).reset_time
                wait = max(wait, ceil(end - current.moment_now().timestamp()), 1)
    except StorageError:
        _warn()
    return wait


def wait_words(seconds: int) -> str:
    return ngettext(
        "That was tried too many times. Try again in a minute.",
        "That was tried too many times. Try again in %(num)d minutes.",
        ceil(seconds / 60),
    )


def _count(response: Response) -> Response:
    for kind, who in g.pop("limit_failures", ()):
        try:
            for limit, key in _applying(kind, who):
                _limiter().limiter.hit(limit, key)
        except StorageError:
            _warn()
    return response


def _applying(kind: Kind, who: str) -> Iterator[tuple[RateLimitItem, str]]:
    """The limits that count for this request, each with its key."""
    browser = known_browsers.find_known_browser(who) if who else None
    own = [one for one in LIMITS[kind] if one.by is By.KNOWN_BROWSER and browser is not None]
    for limit in own or (one for one in LIMITS[kind] if one.by is not By.KNOWN_BROWSER):
        parts = {
            By.KNOWN_BROWSER: (who, browser or ""),
            By.ACCOUNT_AND_ADDRESS: (who, _address()),
            By.ADDRESS: (_address(),),
            By.WHO: (who,),
        }[limit.by]
        yield limit.amount, _key(kind, limit.by, *parts)


def _key(*parts: str) -> str:
    """Whose counter it is, readable by nobody: neither address nor account stands in the table."""
    secret = current.config().secret_key.encode()
    said = "\0".join(["limit", *(part.strip().lower() for part in parts)])
    return hmac.new(secret, said.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _address() -> str:
    """Where the request comes from. An IPv6 subscriber has 2^64 addresses, so the network counts as one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["fitsvc_limiter"]
    return found


def _warn() -> None:
    """A limit that cannot be counted stops nobody: the sign-in does not hang on a Redis."""
    current_app.logger.error("the rate limits could not be counted: is their storage there?")
