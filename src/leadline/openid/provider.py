"""One provider, and the way of somebody to it and back."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec

from leadline.openid.errors import ProviderRefused, ProviderUnavailable
from leadline.openid.model import Claims, Identity, Journey, Keys, Metadata, Tokens
from leadline.openid.wire import Wire

Answer = TypeVar("Answer")

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Those with a key that only the provider has."""
LEEWAY = 60
"""Seconds by which its clock may be wrong."""
KNOWN_FOR = 3600.0
AGAIN_AFTER = 60.0
SUBJECT_LENGTH = 255


class Provider:
    """What it says of itself and its keys are asked for at the first use, and after an hour again.

    A key that is not known yet is looked for at once, though not more than once a minute.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None = None,
        name: str | None = None,
        *,
        wire: Wire | None = None,
    ) -> None:
        self.name = name
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._wire = wire or Wire(issuer)
        self._metadata = _Known(self._discover)
        self._keys = _Known(lambda: self._wire.get(self._metadata.get().jwks_uri, Keys))

    def begin(self, callback: str) -> tuple[str, Journey]:
        """Where to send somebody, who comes back to `callback`. Raises `ProviderUnavailable`."""
        journey = Journey(*(secrets.token_urlsafe(32) for _ in range(3)))
        challenge = urlsafe_b64encode(sha256(journey.verifier.encode()).digest())
        query = {
            "response_type": "code",
            "scope": "openid email",
            "client_id": self._client_id,
            "redirect_uri": callback,
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = self._metadata.get().authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", journey

    def finish(self, journey: Journey, callback: str, answer: Mapping[str, str]) -> Identity:
        """Who came back with this query. Raises `ProviderRefused`, `ProviderUnavailable`."""
        metadata = self._metadata.get()
        self._check(journey, answer, metadata)
        tokens = self._redeem(journey, callback, answer["code"], metadata)
        claims = self._verified(tokens.id_token, journey, metadata)
        email = claims.verified_email
        if claims.email is None and metadata.userinfo_endpoint:
            more = self._wire.get(metadata.userinfo_endpoint, Claims, tokens.access_token)
            email = more.verified_email if more.sub == claims.sub else None
        return Identity(metadata.issuer, claims.sub, email, "mfa" in claims.amr)  # RFC 8176

    def _check(self, journey: Journey, answer: Mapping[str, str], metadata: Metadata) -> None:
        if not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise ProviderRefused("it is of another journey")
        said = answer.get("iss")  # RFC 9207
        is_said = said is not None or metadata.authorization_response_iss_parameter_supported
        if is_said and said != metadata.issuer:
            raise ProviderRefused("another provider answered")
        if "error" in answer or "code" not in answer:
            raise ProviderRefused(f"it says {answer.get('error', 'nothing')[:100]!r}")

    def _redeem(self, journey: Journey, callback: str, code: str, metadata: Metadata) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": journey.verifier,
        }
        secret, methods = self._client_secret, metadata.token_endpoint_auth_methods_supported
        basic = (self._client_id, secret) if secret and "client_secret_basic" in methods else None
        if basic is None:
            form["client_id"] = self._client_id
            if secret:
                form["client_secret"] = secret
        return self._wire.post(metadata.token_endpoint, Tokens, form, basic)

    def _verified(self, id_token: str, journey: Journey, metadata: Metadata) -> Claims:
        """As Core 1.0 says in section 3.1.3.7."""
        import jwt  # noqa: PLC0415  (with what it needs, more memory than most servers need have)

        try:
            key = self._key_of(jwt.get_unverified_header(id_token))
            said = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=self._client_id,
                issuer=metadata.issuer,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
            claims = msgspec.convert(said, Claims)
        except (jwt.PyJWTError, msgspec.MsgspecError, ValueError, TypeError) as error:
            raise ProviderRefused(f"its ID token is not right: {error}") from None
        if not hmac.compare_digest((claims.nonce or "").encode(), journey.nonce.encode()):
            raise ProviderRefused("its ID token is of another journey")
        if claims.azp not in (None, self._client_id) or (
            claims.azp is None and isinstance(claims.aud, tuple) and len(claims.aud) > 1
        ):
            raise ProviderRefused("its ID token is for somebody else")
        if not 1 <= len(claims.sub) <= SUBJECT_LENGTH or not claims.sub.isprintable():
            raise ProviderRefused("it gives its user no name")
        return claims

    def _key_of(self, header: Mapping[str, Any]) -> Any:
        """The key that an ID token was signed with. Raises `jwt.PyJWTError`."""
        import jwt  # noqa: PLC0415

        named, algorithm = header.get("kid"), header.get("alg")
        if algorithm not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError(f"{algorithm!r} is not for ID tokens")

        def fitting(keys: Keys) -> list[dict[str, object]]:
            return [
                key
                for key in keys.keys
                if key.get("use", "sig") == "sig"
                and key.get("alg", algorithm) == algorithm
                and (named is None or key.get("kid") == named)
            ]

        found = fitting(self._keys.get()) or fitting(self._keys.get_again())
        if not found:
            raise jwt.InvalidKeyError("there is no such key")
        return jwt.PyJWK(found[0], algorithm)

    def _discover(self) -> Metadata:
        found = self._wire.get(self._issuer.rstrip("/") + WELL_KNOWN, Metadata)
        if found.issuer.rstrip("/") != self._issuer.rstrip("/"):
            raise ProviderUnavailable(f"it calls itself {found.issuer[:200]!r}")
        return found


class _Known(Generic[Answer]):
    """An answer that is asked for anew when it is old."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._answer: tuple[float, Answer] | None = None

    def get(self) -> Answer:
        return self._younger_than(KNOWN_FOR)

    def get_again(self) -> Answer:
        """One of a minute ago at most."""
        return self._younger_than(AGAIN_AFTER)

    def _younger_than(self, seconds: float) -> Answer:
        known = self._answer
        if known is None or monotonic() - known[0] > seconds:
            known = self._answer = (monotonic(), self._ask())
        return known[1]
