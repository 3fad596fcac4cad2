"""Asking a provider, within limits: no redirects, and no private network but its own."""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from leadline import __version__
from leadline.doctor import (
    Address,
    Client,
    Deadline,
    Guard,
    Limits,
    PageUnavailable,
    parse_address,
)
from leadline.openid.errors import ProviderRefused, ProviderUnavailable

Shape = TypeVar("Shape")

SECONDS = 10.0
LIMITS = Limits(redirects=0, body=512 * 1024)
LOCAL_HOSTS = frozenset(["localhost", "127.0.0.1", "::1"])


class Wire:
    """What the provider names beside its own host has to be on the Internet, with TLS.

    Only a provider on this machine may do without TLS.
    """

    def __init__(self, issuer: str, context: ssl.SSLContext | None = None) -> None:
        self._is_local = urlsplit(issuer).hostname in LOCAL_HOSTS
        guard = Guard([urlsplit(issuer).hostname or ""])
        self._client = Client(guard, LIMITS, context)

    def get(self, url: str, shape: type[Shape], token: str | None = None) -> Shape:
        """Raises `ProviderUnavailable`, `ProviderRefused`."""
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return self._ask("GET", url, shape, b"", bearer)

    def post(
        self, url: str, shape: type[Shape], form: Mapping[str, str], basic: tuple[str, str] | None
    ) -> Shape:
        """Send a form, with name and password if there are any. Raises as `get` does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if basic:
            both = ":".join(quote(part, safe="") for part in basic)  # RFC 6749, section 2.3.1
            headers["Authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        return self._ask("POST", url, shape, urlencode(form).encode(), headers)

    def _ask(
        self, method: str, url: str, shape: type[Shape], body: bytes, headers: Mapping[str, str]
    ) -> Shape:
        try:
            address = parse_address(url)
            if address.scheme != "https" and not self._is_local:
                raise ProviderUnavailable(f"{address} has no TLS")
            request = _request(method, address, body, headers)
            answer = self._client.send(address, request, Deadline(SECONDS))
        except PageUnavailable as error:
            raise ProviderUnavailable(f"{type(error).__name__}: {error} {error.reason}") from error
        if answer.status != 200:
            refusal = f"{address.origin}{address.path}: {answer.status} {answer.text[:500]}"
            raise (ProviderRefused if answer.status < 500 else ProviderUnavailable)(refusal)
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except msgspec.MsgspecError as error:
            raise ProviderUnavailable(f"{address.origin}{address.path}: {error}") from None


def _request(method: str, address: Address, body: bytes, headers: Mapping[str, str]) -> bytes:
    said = {
        "Host": address.authority,
        "User-Agent": f"Leadline/{__version__}",
        "Accept": "application/json",
        "Connection": "close",
        **headers,
    }
    if method == "POST":
        said["Content-Length"] = str(len(body))
    lines = [f"{method} {address.target} HTTP/1.1", *(f"{name}: {said[name]}" for name in said)]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
