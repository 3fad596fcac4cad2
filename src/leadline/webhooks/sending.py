"""One request of a webhook: signed, within limits, and to nobody's private network."""

import hmac
import ssl
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from leadline import __version__
from leadline.doctor import (
    Address,
    Client,
    Deadline,
    ForbiddenAddress,
    Guard,
    InvalidAddress,
    Limits,
    PageUnavailable,
    candidates,
)
from leadline.webhooks.errors import Fault, InvalidWebhook
from leadline.webhooks.model import Secrets

SIGNATURE, TIMESTAMP = "X-Sealmetrics-Signature", "X-Sealmetrics-Timestamp"
PREVIOUS_SIGNATURE = "X-Sealmetrics-Signature-Previous"
LIMITS = Limits(redirects=0, body=64 * 1024)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
BODY_LENGTH = 2000
"""Characters of an answer's body that are kept."""
MOST_HEADERS = 50
GONE = 410


class Outcome(NamedTuple):
    """What became of a request; `error_type` is None for a success. `milliseconds` are until the
    answer was there, `is_final` if it makes no sense to try again."""

    status: int | None
    milliseconds: int | None
    body: str | None
    headers: dict[str, str] | None
    error_type: str | None
    error_message: str | None
    is_final: bool

    @property
    def is_success(self) -> bool:
        return self.error_type is None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 of `{timestamp}.{body}`, in hex."""
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256)
    return f"sha256={signed.hexdigest()}"


def signed_headers(secrets: Secrets, now: datetime, body: bytes) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    headers = {SIGNATURE: signature(secrets.present, timestamp, body), TIMESTAMP: timestamp}
    if secrets.previous is not None:
        headers[PREVIOUS_SIGNATURE] = signature(secrets.previous, timestamp, body)
    return headers


class Sender:
    """Sends to the public Internet with TLS; `to_loopback` also to this machine, and without."""

    def __init__(self, *, to_loopback: bool = False, context: ssl.SSLContext | None = None) -> None:
        self._to_loopback = to_loopback
        self._client = Client(Guard(LOOPBACK if to_loopback else ()), LIMITS, context)

    def check(self, url: str) -> Address:
        """Where a request for this goes. Raises `InvalidWebhook`."""
        try:
            parts = urlsplit(url)
            address = candidates(url)[0]
        except (InvalidAddress, ValueError):
            raise InvalidWebhook("url", Fault.URL) from None
        is_local = self._to_loopback and address.host.strip("[]") in LOOPBACK
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_local)
        if not is_safe or "@" in parts.netloc:
            raise InvalidWebhook("url", Fault.URL)
        return address

    def send(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Outcome:
        began = monotonic()
        try:
            address = self.check(url)
            request = _request(address, headers, body)
            answer = self._client.send(address, request, Deadline(seconds))
        except (ForbiddenAddress, InvalidWebhook) as error:
            return _failure(error, is_final=True)
        except PageUnavailable as error:
            return _failure(error, is_final=False)
        is_fine = 200 <= answer.status < 300
        return Outcome(
            status=answer.status,
            milliseconds=round((monotonic() - began) * 1000),
            body=answer.text.replace("\0", "")[:BODY_LENGTH],
            headers=dict(answer.headers[:MOST_HEADERS]),
            error_type=None if is_fine else "http_error",
            error_message=None if is_fine else f"It answered {answer.status}",
            is_final=answer.status == GONE,
        )


_ERROR_TYPES = {
    "BrokenAnswer": "broken_answer",
    "ForbiddenAddress": "forbidden_address",
    "InsecureConnection": "tls_error",
    "InvalidWebhook": "invalid_url",
    "NoConnection": "connection_error",
    "TimedOut": "timeout",
    "UnknownHost": "unknown_host",
}


def _failure(error: Exception, *, is_final: bool) -> Outcome:
    """Tells nothing of what is in a network that is not the public one."""
    kind = _ERROR_TYPES[type(error).__name__]
    message = f"{str(error)[:100]} {getattr(error, 'reason', '')}".strip() or "It takes too long"
    return Outcome(None, None, None, None, kind, message[:255], is_final)


def _request(address: Address, headers: Mapping[str, str], body: bytes) -> bytes:
    said = {
        "Host": address.authority,
        "User-Agent": f"Leadline/{__version__}",
        "Accept": "*/*",
        "Connection": "close",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"POST {address.target} HTTP/1.1", *(f"{name}: {said[name]}" for name in said)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
