"""Secret links: each leads to one administration, is stored as a hash only, expires, and can be cancelled.

Opening a link reads and never writes: mail scanners and previews open links too.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.administrations import Gone, OpenedForm, gone_without_link, opened
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound, Refused
from fitsvc.storage.administrations import (
    Administration,
    AdministrationState,
    Link,
    get_administration_for_update,
)
from fitsvc.storage.asked import find_asked_by_link, list_live_links
from fitsvc.storage.logs import record_act

TOKEN_BYTES = 24
"""192 random bits, 32 signs in the address."""
LONGEST_LABEL = 80
MOST_GUESSES = 5
"""Wrong answers to the second thing to know, after which a link opens no curve any more."""


class UnknownLink(NotFound):
    """Malformed or never given: the two look the same."""


def create_link(
    session: Session,
    *,
    administration: Administration,
    label: str,
    by: Actor | None,
    now: datetime,
    link_days: int,
) -> str:
    """A new link's token, which is not kept anywhere: show it now or never.

    `label` is what somebody who rates another person sees ("" on a child's own form). Raises Refused when the
    administration is not open ("answered", "cancelled") or already has a link that works ("has_link").
    """
    administration = get_administration_for_update(session, administration.id)
    _refuse_closed(administration)
    if any(link.expires_at > now for link in list_live_links(session, administration.id)):
        raise Refused("has_link")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(
        administration_id=administration.id,
        token_hash=hash_token(token),
        label=label.strip()[:LONGEST_LABEL],
        created_at=now,
        created_by_id=by.staff_id if by else None,
        expires_at=now + timedelta(days=link_days),
    )
    session.add(link)
    session.flush()
    _record(session, Act.LINK_CREATED, administration, link, by, now)
    return token


def replace_link(
    session: Session, *, administration: Administration, label: str, by: Actor, now: datetime, link_days: int
) -> str:
    """A new token for the same administration; the old link stops working. For a lost or expired link."""
    _cancel_links(session, administration, by, now)
    return create_link(
        session, administration=administration, label=label, by=by, now=now, link_days=link_days
    )


def cancel_link(session: Session, *, administration: Administration, by: Actor, now: datetime) -> None:
    """Stop asking: the link and its administration are cancelled. Raises Refused when it was answered already."""
    administration = get_administration_for_update(session, administration.id)
    _refuse_closed(administration)
    _cancel_links(session, administration, by, now)
    administration.state = AdministrationState.CANCELLED
    session.flush()


def open_link(session: Session, *, token: str, now: datetime, catalogue: Catalogue) -> OpenedForm:
    """The form behind a token, with `gone` set when it can no longer be answered; raises UnknownLink.

    One query (two for the goal form). Reads only.
    """
    asked = find_asked_by_link(session, hash_token(token))
    if asked is None:
        raise UnknownLink
    gone = gone_without_link(asked, local_day(now))
    if gone is None and asked.cancelled_at is not None:
        gone = Gone.CANCELLED
    if gone is None and asked.expires_at <= now:
        gone = Gone.EXPIRED
    is_live = asked.cancelled_at is None and asked.expires_at > now and asked.closed_on is None
    return opened(
        session,
        asked,
        catalogue,
        label=asked.link_label,
        gone=gone,
        open_link_id=asked.link_id if is_live and asked.failed_guesses < MOST_GUESSES else None,
    )


def hash_token(token: str) -> str:
    """What is stored of a token. It has 192 random bits, so one plain round of SHA-256 keeps it safe."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_closed(administration: Administration) -> None:
    if administration.state is not AdministrationState.OPEN:
        raise Refused(administration.state.value)


def _cancel_links(session: Session, administration: Administration, by: Actor, now: datetime) -> None:
    for link in list_live_links(session, administration.id):
        link.cancelled_at = now
        _record(session, Act.LINK_CANCELLED, administration, link, by, now)
    session.flush()


def _record(
    session: Session, act: Act, administration: Administration, link: Link, by: Actor | None, now: datetime
) -> None:
    record_act(
        session,
        act,
        at=now,
        staff_id=by.staff_id if by else None,
        case_id=administration.case_id,
        link_id=str(link.id),
        administration_id=str(administration.id),
    )
