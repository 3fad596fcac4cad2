"""A provider of OpenID Connect on this machine, which says what it is told to."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "leadline", "s3cret: &/é"


class TestProvider:
    """`claims` change what an ID token says, `userinfo` what is said beside it, `metadata` what it
    says of itself; None leaves something out. `answers` are what a path says instead.
    """

    __test__ = False

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid = "1"
        self.algorithm = "ES256"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.answers: dict[str, Any] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def sign_in(self, address: str) -> dict[str, str]:
        """Somebody is sent here and signs in: the query with which they are sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def lead_back(self, address: str) -> str:
        """The same as the address that the browser is sent to."""
        answer = self.sign_in(address)
        return f"{self._codes[answer['code']]['redirect_uri']}?{urlencode(answer)}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _say(self, path: str, form: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
        self.requests.append((path, form | {"authorization": headers.get("authorization", "")}))
        if path in self.answers:
            return 200, self.answers[path]
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._metadata()
            case "/keys":
                return 200, {"keys": [self._public_key()]}
            case "/token":
                return self._redeem(form)
            case "/userinfo" if headers.get("authorization") == "Bearer access":
                return 200, _without_none({"sub": "248289761001"} | self.userinfo)
        return 404, {"error": "not_found"}

    def _metadata(self) -> dict[str, Any]:
        ends = {
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return _without_none({"issuer": self.issuer} | ends | self.metadata)

    def _public_key(self) -> dict[str, Any]:
        found: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(
            self.key.public_key(), as_dict=True
        )
        return found | {"kid": self.kid, "use": "sig"}

    def _redeem(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None:
            return 400, {"error": "invalid_grant"}
        digest = sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = form["redirect_uri"] == asked["redirect_uri"]
        if challenge != asked["code_challenge"] or not same:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": "ada@example.com",
            "email_verified": True,
        } | self.claims
        key: Any = self.key if self.algorithm == "ES256" else "x" * 64
        if self.algorithm == "none":
            key = None
        headers = {"kid": self.kid}
        return jwt.encode(_without_none(claims), key, self.algorithm, headers=headers)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer({name: values[0] for name, values in parse_qs(sent).items()})

            def _answer(self, form: dict[str, str]) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, said = provider._say(self.path, form, headers)
                body = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler


def _without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


@contextmanager
def running_provider() -> Iterator[TestProvider]:
    provider = TestProvider()
    try:
        yield provider
    finally:
        provider.close()
