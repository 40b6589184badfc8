"""A small OpenID provider over real HTTP, which a test can tell to misbehave."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

CLIENT_ID, CLIENT_SECRET = "fitsvc", "a-provider-secret-long-enough-for-a-key"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@dataclass
class Misbehaviour:
    """What is wrong today. `claims` replace those of the token (None takes one away)."""

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    callback: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    access_token: str | None = None


class KommuneProvider:
    """Signs everybody in as `person` at once. Codes work once, for whoever shows the verifier."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realms/kommune"
        self.first_key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.reset()

    def reset(self) -> None:
        self.keys: list[Key] = [self.first_key]
        self.person: dict[str, Any] = {
            "sub": "u-1001",
            "name": "Kirsten Kommune",
            "email": "kirsten@kommune.example.org",
            "roles": ["Behandler"],
            "department": "4711",
            "acr": "Substantial",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.wrong = Misbehaviour()
        self.asked: list[str] = []
        self.sid = "s-1"

    @property
    def key(self) -> Key:
        return self.keys[-1]

    def claims(self, asked: dict[str, str]) -> dict[str, Any]:
        now = self.clock()
        standard = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": asked.get("nonce"), "sid": self.sid,
        }  # fmt: skip
        return {
            name: value
            for name, value in (standard | self.person | self.wrong.claims).items()
            if value is not None
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        full = {"alg": "RS256", "kid": self.key.kid} | header | self.wrong.header
        full = {name: value for name, value in full.items() if value is not None}
        if self.wrong.sign:
            return self.wrong.sign(full, claims)
        return jwt.encode(full, claims, self.key, algorithms=[full["alg"]])

    def logout_token(self, **changed: Any) -> str:
        now = self.clock()
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": uuid4().hex,
            "events": {LOGOUT_EVENT: {}}, "sub": self.person["sub"], "sid": self.sid,
        } | changed  # fmt: skip
        return self.sign({name: one for name, one in claims.items() if one is not None}, typ="logout+jwt")

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token",
            "jwks_uri": self.issuer + "/keys",
            "end_session_endpoint": self.issuer + "/end",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
        } | self.wrong.metadata

    def authorize(self, asked: dict[str, str]) -> str:
        """The address the browser is sent back to."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = uuid4().hex
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer} | self.wrong.callback
        return asked["redirect_uri"] + "?" + urlencode({k: v for k, v in answer.items() if v is not None})

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or sent.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access = "access-" + uuid4().hex
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = self.claims(asked)
        claims.setdefault("at_hash", base64.urlsafe_b64encode(half).rstrip(b"=").decode())
        return 200, {
            "access_token": self.wrong.access_token or access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.sign(claims),
        }


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(claims)}."


def without_signature(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{encoded(header)}.{encoded(claims)}."


def signed_with_secret(secret: bytes) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    """By hand: no library agrees to take a public key for a secret."""

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        text = f"{encoded(header | {'alg': 'HS256'})}.{encoded(claims)}"
        made = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"

    return sign


def signed_with(key: Key, algorithm: str = "RS256") -> Callable[[dict[str, Any], dict[str, Any]], str]:
    return lambda header, claims: jwt.encode(header | {"alg": algorithm}, claims, key, algorithms=[algorithm])


def elliptic_key(kid: str) -> Key:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def slowly(seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        _send(handler, 200, b"{}")

    return answer


def fails(handler: BaseHTTPRequestHandler) -> None:
    _send(handler, 500, b"out of order")


def hugely(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(2_000):
            handler.wfile.write(b" " * 10_000)
    except OSError:
        return  # the reader went away, as it should


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/")
    handler.end_headers()


def _send(
    handler: BaseHTTPRequestHandler, status: int, content: bytes, kind: str = "application/json"
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _handler(provider: KommuneProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/realms/kommune")
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            provider.asked.append(path)
            if path in provider.wrong.paths:
                provider.wrong.paths[path](self)
            elif path == "/.well-known/openid-configuration":
                _send(self, 200, json.dumps(provider.metadata()).encode())
            elif path == "/keys":
                keys = {"keys": [one.as_dict(private=False) for one in provider.keys]}
                _send(self, 200, json.dumps(keys).encode())
            elif path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif path == "/end":
                self.send_response(302)
                self.send_header(
                    "Location",
                    asked["post_logout_redirect_uri"] + "?" + urlencode({"state": asked["state"]}),
                )
                self.end_headers()
            else:
                _send(self, 404, b"{}")

        def do_POST(self) -> None:
            path = urlsplit(self.path).path.removeprefix("/realms/kommune")
            length = int(self.headers.get("Content-Length", 0))
            sent = {name: one[0] for name, one in parse_qs(self.rfile.read(length).decode()).items()}
            provider.asked.append(path)
            if path in provider.wrong.paths:
                provider.wrong.paths[path](self)
                return
            status, content = provider.token(sent, self.headers.get("Authorization", ""))
            _send(self, status, json.dumps(content).encode())

        def log_message(self, *_args: object) -> None:
            pass

    return Handler


@contextmanager
def running(clock: Callable[[], int]) -> Iterator[KommuneProvider]:
    provider = KommuneProvider(clock)
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join(5)
