"""Passkeys (WebAuthn): made in the person's device or key, checked here with py_webauthn.

Name and origin of the service come from its settings, never from what a request calls it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fitsvc.services.errors import Refused
from fitsvc.services.second_factors import note_set_up
from fitsvc.storage.accounts import Passkey, Staff, find_passkey, find_staff
from fitsvc.storage.spent import spend

CHALLENGE_LASTS = timedelta(minutes=10)
MOST_PASSKEYS = 20
LONGEST_NAME = 40
_LONGEST_CREDENTIAL = 20_000
_BAD_INPUT = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks for the passkey: `host` is the service's name, `origin` its address as browsers write it."""

    host: str
    origin: str
    name: str


def new_challenge() -> str:
    return secrets.token_urlsafe(32)


def creation_options(site: Site, *, staff: Staff, challenge: str) -> str:
    """What the browser is told when a passkey is to be made, as JSON."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=_handle(staff),
        user_name=staff.email,
        user_display_name=staff.name,
        challenge=challenge.encode(),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in staff.webauthn],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def request_options(site: Site, *, staff: Staff | None, challenge: str) -> str:
    """What the browser is told when a passkey is to be used, as JSON. Without an account any of this service's may
    answer: that asks for finger, face or PIN too."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.encode(),
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in staff.webauthn]
        if staff
        else [],
        user_verification=UserVerificationRequirement.PREFERRED
        if staff
        else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add_passkey(
    session: Session,
    *,
    site: Site,
    staff: Staff,
    challenge: str,
    credential: str,
    name: str,
    now: datetime,
) -> list[str]:
    """Take a new passkey into use; returns recovery codes when there were none.

    Raises Refused `passkey_not_made` or `too_many_passkeys`.
    """
    if len(staff.webauthn) >= MOST_PASSKEYS:
        raise Refused("too_many_passkeys")
    if len(credential) > _LONGEST_CREDENTIAL or not _use_up(session, challenge, now):
        raise Refused("passkey_not_made")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except _BAD_INPUT as error:
        raise Refused("passkey_not_made") from error
    if find_passkey(session, made.credential_id) is not None:
        raise Refused("passkey_not_made")
    staff.fs_webauthn_user_handle = staff.id.hex
    staff.webauthn.append(
        Passkey(
            user_id=staff.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            backup_state=made.credential_backed_up,
            device_type=made.credential_device_type.value,
            name=name,
            usage="secondary",
            create_datetime=now,
            lastuse_datetime=now,
        )
    )
    session.flush()
    return note_set_up(session, staff=staff, way="passkey", now=now)


def check_passkey(
    session: Session, *, site: Site, staff: Staff | None, challenge: str, credential: str, now: datetime
) -> Staff:
    """Whose passkey answered. With `staff` it must be theirs, after the password; without, the passkey is both factors
    and must have asked for finger, face or PIN.

    Raises Refused `wrong_passkey`, whatever is wrong with it.
    """
    if len(credential) > _LONGEST_CREDENTIAL or not _use_up(session, challenge, now):
        raise Refused("wrong_passkey")
    answer = _parsed(credential)
    passkey = find_passkey(session, answer.raw_id)
    owner = find_staff(session, passkey.user_id) if passkey else None
    if passkey is None or owner is None or not owner.active or (staff is not None and owner.id != staff.id):
        raise Refused("wrong_passkey")
    if answer.response.user_handle not in {None, b"", _handle(owner)}:
        raise Refused("wrong_passkey")
    try:
        answered = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=staff is None,
        )
    except _BAD_INPUT as error:
        raise Refused("wrong_passkey") from error
    passkey.sign_count = answered.new_sign_count
    passkey.backup_state = answered.credential_backed_up
    passkey.lastuse_datetime = now
    return owner


def _use_up(session: Session, challenge: str, now: datetime) -> bool:
    """A challenge is answered once, whatever the cookie it came with says."""
    return bool(challenge) and spend(
        session, f"passkey {challenge}", now=now, expires_at=now + CHALLENGE_LASTS
    )


def _parsed(credential: str) -> AuthenticationCredential:
    try:
        return parse_authentication_credential_json(credential)
    except _BAD_INPUT as error:
        raise Refused("wrong_passkey") from error


def _handle(staff: Staff) -> bytes:
    """What the person's passkeys know the account by: its random id, and nothing about the person."""
    return staff.id.bytes
