"""What the provider signed, believed only when every check holds. The codes of refusals go into the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jws import JWSRegistry

from fitsvc.services.kommune_accounts import is_usable_subject
from fitsvc.web.kommune_sign_in.provider import Provider

CLOCK_SKEW_SECONDS = 60
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST_LOGOUT_SECONDS = 600
LARGEST_TOKEN = 60_000
CHECKED = frozenset(
    {"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "auth_time", "amr", "jti"}
)


class TokenRefused(Exception):
    """A token that is not believed; `code` says which check failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Whom the provider has signed out: a session, a person, or both."""

    jti: str
    subject: str | None
    session_id: str | None


def read_id_token(
    token: object, *, provider: Provider, nonce: str, access_token: object, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token made for us, in answer to this nonce. Raises TokenRefused, ProviderProblem."""
    header, claims = _signed(token, provider)
    checked = CodeIDToken(
        claims,
        header,
        _options(provider),
        {
            "nonce": nonce,
            "client_id": provider.settings.client_id,
            "access_token": access_token if isinstance(access_token, str) else None,
        },
    )
    _validate(checked, now)
    if not is_usable_subject(claims["sub"]):
        raise TokenRefused("token_sub")
    return claims


def signed_in_since(claims: Mapping[str, Any], asked_at: datetime) -> bool:
    """Whether the person proved who they are after they were asked to, and did not merely have a session already."""
    moment = claims.get("auth_time")
    return (
        isinstance(moment, int | float)
        and not isinstance(moment, bool)
        and moment >= asked_at.timestamp() - CLOCK_SKEW_SECONDS
    )


def read_logout_token(token: object, *, provider: Provider, now: datetime) -> LogoutToken:
    """OpenID Connect Back-Channel Logout 1.0, section 2.6. Raises TokenRefused, ProviderProblem."""
    header, claims = _signed(token, provider)
    if header.get("typ", "logout+jwt").lower() not in {"logout+jwt", "jwt"}:
        raise TokenRefused("token_type")
    options = _options(provider) | {"exp": {"essential": True}, "jti": {"essential": True}}
    del options["sub"]
    _validate(JWTClaims(claims, header, options), now)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("token_events")
    if "nonce" in claims:
        raise TokenRefused("token_nonce")
    if claims["iat"] < now.timestamp() - OLDEST_LOGOUT_SECONDS:
        raise TokenRefused("token_expired")
    subject, session_id = claims.get("sub"), claims.get("sid")
    if (subject is None and session_id is None) or not all(
        one is None or (isinstance(one, str) and one) for one in (subject, session_id)
    ):
        raise TokenRefused("token_sub")
    return LogoutToken(claims["jti"], subject, session_id)


def _signed(token: object, provider: Provider) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature one of the provider's keys made."""
    if not isinstance(token, str) or not token.isascii() or not 0 < len(token) <= LARGEST_TOKEN:
        raise TokenRefused("token_missing")
    algorithms = provider.metadata().algorithms
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    try:
        header = dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise TokenRefused("token_unreadable") from error
    if header.get("alg") not in algorithms:  # before any key is looked for
        raise TokenRefused("token_algorithm")
    kid = header.get("kid")
    wanted = "EC" if str(header["alg"]).startswith("ES") else "RSA"
    keys = [one for one in provider.keys(kid if isinstance(kid, str) else None) if one.key_type == wanted]
    if not keys:
        raise TokenRefused("token_key")
    try:
        return header, jwt.decode(token, keys[0], registry=registry).claims
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused("token_signature") from error


def _options(provider: Provider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.settings.issuer},
        "aud": {"essential": True, "value": provider.settings.client_id},
        "sub": {"essential": True},
        "iat": {"essential": True},
    }


def _validate(claims: JWTClaims, now: datetime) -> None:
    try:
        claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
    except ExpiredTokenError as error:
        raise TokenRefused("token_expired") from error
    except ClaimError as error:
        raise TokenRefused(f"token_{error.claim}" if error.claim in CHECKED else "token_claims") from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise TokenRefused("token_claims") from error
