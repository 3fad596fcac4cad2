"""The collector's two addresses, as bare ASGI: `POST /event`, and `/` with a `sid`."""

from base64 import b64decode
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from leadline.collector import fathom, seal
from leadline.collector.collect import Collector
from leadline.collector.wire import Malformed, WireHit
from leadline.network import TrustedProxies
from leadline.spool import SpoolUnavailable
from leadline.visitors import SaltUnavailable

GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")

_OPEN = (b"access-control-allow-origin", b"*")
_NOT_KEPT = (b"cache-control", b"no-store")


def takes(path: str, query: bytes) -> bool:
    """Whether a request for this path and query is a hit, or asks leave to send one."""
    return path == "/event" or (path == "/" and _names_site(query))


def _names_site(query: bytes) -> bool:
    return query.startswith(b"sid=") or b"&sid=" in query


class CollectorApp:
    """Answers once the hit is on disk, and the same whether it counts or not.

    503 with Retry-After means that it is not on disk and should be sent again.
    """

    def __init__(self, collector: Collector, proxies: TrustedProxies) -> None:
        self._collector = collector
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if scope["path"] == "/event":
            await self._event(method, scope, receive, send)
        elif method in ("GET", "POST"):
            status = await self._take(scope, self._decode_fathom)
            await _answer(send, status, GIF, (b"content-type", b"image/gif"))
        elif method == "HEAD":  # whoever asks what is here is no visitor
            await _answer(send, 200, b"", (b"content-type", b"image/gif"))
        elif method == "OPTIONS":
            await _answer_preflight(send, b"GET, POST")
        else:
            await _answer(send, 405, b"", (b"allow", b"GET, HEAD, POST, OPTIONS"))

    async def _event(self, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        if method == "OPTIONS":
            await _answer_preflight(send, b"POST")
        elif method != "POST":
            await _answer(send, 405, b"", (b"allow", b"POST, OPTIONS"))
        else:
            body = await _body(receive, seal.BODY_LENGTH)
            content_type = _header(scope, b"content-type")
            status = await self._take(scope, lambda scope: seal.decode(body, content_type))
            await _answer(send, 204 if status == 200 else status, b"")

    def _decode_fathom(self, scope: Scope) -> WireHit | None:
        return fathom.decode(scope["query_string"])

    async def _take(self, scope: Scope, decode: Callable[[Scope], WireHit | None]) -> int:
        """Collect what `decode` finds; the status to answer with."""
        try:
            hit = decode(scope)
        except Malformed:
            self._collector.drop()
            return 200
        if hit is None:
            return 200
        headers = scope["headers"]
        client = scope.get("client")
        address = self._proxies.client(client[0] if client else None, headers)
        try:
            await self._collector.collect(hit, address, _header(scope, b"user-agent"))
        except (SpoolUnavailable, SaltUnavailable):
            return 503
        return 200


def _header(scope: Scope, wanted: bytes) -> bytes:
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return b""


async def _body(receive: Receive, limit: int) -> bytes:
    """The request's body; of a longer one only so much that it is seen to be too long."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        if len(body) <= limit:
            body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    if status == 503:
        body, headers = b"", ((b"retry-after", b"5"),)
    length = () if status == 204 else ((b"content-length", b"%d" % len(body)),)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [_OPEN, _NOT_KEPT, *length, *headers],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _answer_preflight(send: Send, methods: bytes) -> None:
    await _answer(
        send,
        204,
        b"",
        (b"access-control-allow-methods", methods),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"86400"),
    )
