"""What we ask the kommune's provider over the network: who it is, its keys, and a token for a code.

Nobody waits long for it, reads more than a little from it, or follows it elsewhere. No database lock is held meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key
from requests import RequestException, Response
from urllib3.exceptions import HTTPError

from fitsvc.kommune_settings import KommuneProvider, is_safe_address

SCOPE = "openid profile email"
SECONDS_TO_CONNECT, SECONDS_TO_READ, SECONDS_IN_ALL = 3.0, 5.0, 8.0
LARGEST_ANSWER = 500_000
KNOWN_FOR = 3_600.0
"""Seconds before the provider is asked again who it is and which keys it has."""
KEYS_AGAIN_AFTER = 30.0
"""Seconds between two questions for a key nobody knows: a stream of invented ids does not become one of questions."""
DOWN_FOR = 5.0
"""Seconds in which a provider that did not answer is not asked again: nobody queues up behind its silence."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures we believe: with a key pair, whose public half the provider shows. Never none, never a shared secret."""


class ProviderProblem(Exception):
    """The provider did not answer, or not so that it can be believed; `code` goes into the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself, checked. `names_itself`: its answers carry `iss` (RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    algorithms: tuple[str, ...]
    auth_method: str
    names_itself: bool


class Provider:
    """One for the service's process; threads share it."""

    def __init__(self, settings: KommuneProvider, redirect_uri: str) -> None:
        self.settings = settings
        self.redirect_uri = redirect_uri
        self._lock = Lock()
        self._metadata: Metadata | None = None
        self._metadata_at = self._keys_at = self._forced_at = self._down_at = float("-inf")
        self._keys: list[tuple[str | None, Key]] = []

    def metadata(self) -> Metadata:
        """Raises ProviderProblem."""
        with self._lock:
            return self._known_metadata()

    def keys(self, kid: str | None) -> list[Key]:
        """The keys a signature with this id may have been made by. An id nobody knows is asked for once again, because
        the provider may have changed its keys. Raises ProviderProblem.
        """
        with self._lock:
            if monotonic() - self._keys_at > KNOWN_FOR:
                self._fetch_keys()
            found = self._keys_named(kid)
            if not found and monotonic() - self._forced_at > KEYS_AGAIN_AFTER:
                self._forced_at = monotonic()
                self._fetch_keys()
                found = self._keys_named(kid)
            return found

    def authorization_address(self, *, state: str, nonce: str, verifier: str, **extra: str) -> str:
        """Where the browser goes to sign in."""
        address, _state = self._client(code_challenge_method="S256").create_authorization_url(
            self.metadata().authorization_endpoint,
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            response_type="code",
            **extra,
        )
        return str(address)

    def exchange(self, *, code: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code. Raises ProviderProblem."""
        known = self.metadata()
        client = self._client(token_endpoint_auth_method=known.auth_method)
        try:
            return dict(
                client.fetch_token(
                    known.token_endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
            )
        except AuthlibBaseError as error:
            raise ProviderProblem("code_refused") from error
        except (RequestException, HTTPError, OSError) as error:
            raise ProviderProblem("provider_down") from error
        except (ValueError, TypeError, KeyError) as error:
            raise ProviderProblem("provider_unreadable") from error

    def _client(self, **options: Any) -> "BoundedSession":
        return BoundedSession(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            default_timeout=(SECONDS_TO_CONNECT, SECONDS_TO_READ),
            **options,
        )

    def _known_metadata(self) -> Metadata:
        if self._metadata is None or monotonic() - self._metadata_at > KNOWN_FOR:
            content = self._get(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            self._metadata = read_metadata(content, self.settings.issuer)
            self._metadata_at = monotonic()
        return self._metadata

    def _fetch_keys(self) -> None:
        content = self._get(self._known_metadata().jwks_uri)
        listed = content.get("keys")
        if not isinstance(listed, list):
            raise ProviderProblem("keys_unreadable")
        self._keys = [one for one in map(read_key, listed) if one is not None]
        self._keys_at = monotonic()

    def _keys_named(self, kid: str | None) -> list[Key]:
        named = [key for name, key in self._keys if kid is None or name == kid]
        return named if kid is not None or len(named) == 1 else []

    def _get(self, address: str) -> dict[str, Any]:
        if monotonic() - self._down_at < DOWN_FOR:
            raise ProviderProblem("provider_down")
        try:
            with self._client() as client:
                answer = client.request("GET", address, withhold_token=True)
            if answer.status_code != 200:  # a redirect is not followed
                raise ProviderProblem("provider_down")
            content = json.loads(answer.content)
        except (RequestException, HTTPError, OSError) as error:
            self._down_at = monotonic()
            raise ProviderProblem("provider_down") from error
        except (ValueError, RecursionError) as error:
            raise ProviderProblem("provider_unreadable") from error
        if not isinstance(content, dict):
            raise ProviderProblem("provider_unreadable")
        return content


class BoundedSession(OAuth2Session):
    """Authlib's session, which reads only so much for so long and goes nowhere else."""

    def request(self, method: str, url: str, withhold_token: bool = False, **options: Any) -> Response:
        options |= {"stream": True, "allow_redirects": False}
        until = monotonic() + SECONDS_IN_ALL
        answer: Response = super().request(method, url, withhold_token=withhold_token, **options)
        content = bytearray()
        try:
            while part := answer.raw.read1(65_536, decode_content=True):
                content += part
                if len(content) > LARGEST_ANSWER or monotonic() > until:
                    raise RequestException("the provider's answer is too large or too slow")
        finally:
            answer.close()
        answer._content, answer._content_consumed = bytes(content), True
        return answer


def read_metadata(content: Mapping[str, Any], issuer: str) -> Metadata:
    """What a provider says of itself; raises ProviderProblem when it is another's, or lacks what we need."""
    if content.get("issuer") != issuer:
        raise ProviderProblem("metadata_issuer")
    offered = content.get("id_token_signing_alg_values_supported")
    algorithms = tuple(one for one in ALGORITHMS if not isinstance(offered, list) or one in offered)
    if not algorithms:
        raise ProviderProblem("metadata_algorithms")
    methods = content.get("token_endpoint_auth_methods_supported")
    only_in_form = isinstance(methods, list) and "client_secret_basic" not in methods
    return Metadata(
        authorization_endpoint=_address(content, "authorization_endpoint"),
        token_endpoint=_address(content, "token_endpoint"),
        jwks_uri=_address(content, "jwks_uri"),
        end_session_endpoint=(
            _address(content, "end_session_endpoint") if content.get("end_session_endpoint") else None
        ),
        algorithms=algorithms,
        auth_method="client_secret_post" if only_in_form else "client_secret_basic",
        names_itself=content.get("authorization_response_iss_parameter_supported") is True,
    )


def read_key(listed: object) -> tuple[str | None, Key] | None:
    """A public key signatures can be checked with, and its id; None for anything else a provider may list."""
    if not isinstance(listed, dict) or listed.get("kty") not in {"RSA", "EC"} or listed.get("use") == "enc":
        return None
    kid = listed.get("kid")
    try:
        return (kid if isinstance(kid, str) else None), import_key(listed)
    except (JoseError, ValueError, TypeError):
        return None


def _address(content: Mapping[str, Any], name: str) -> str:
    found = content.get(name)
    if not isinstance(found, str) or not is_safe_address(found):
        raise ProviderProblem("metadata_address")
    return found
