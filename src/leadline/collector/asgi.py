"""The collector's two addresses, as bare ASGI: `POST /event`, and `/` with a `sid`."""

from starlette.types import Receive, Scope, Send

from leadline.collector import answers, seal
from leadline.collector.answers import answer_to, nothing, preflight
from leadline.collector.intake import EVENT, HitRequest, Intake, by_name
from leadline.spool import Spool, SpoolUnavailable
from leadline.visitors import SaltUnavailable

Answer = tuple[int, tuple[answers.Header, ...], bytes]


class CollectorApp:
    """Answers once the hit is on disk."""

    def __init__(self, intake: Intake, spool: Spool) -> None:
        self._intake = intake
        self._spool = spool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_event = scope["path"] == EVENT
        match scope["method"]:
            case "POST":
                answer = await self._take(scope, receive)
            case "GET" if not is_event:
                answer = await self._take(scope, receive)
            case "HEAD" if not is_event:  # whoever asks what is here is no visitor
                answer = nothing(200, answers.IMAGE)
            case "OPTIONS":
                answer = preflight(b"POST" if is_event else b"GET, POST")
            case _:
                allowed = b"POST, OPTIONS" if is_event else b"GET, HEAD, POST, OPTIONS"
                answer = nothing(405, (b"allow", allowed))
        status, headers, body = answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _take(self, scope: Scope, receive: Receive) -> Answer:
        path = scope["path"]
        client = scope.get("client")
        body = await _body(receive, seal.BODY_LENGTH) if path == EVENT else b""
        try:
            record = self._intake.record_of(
                HitRequest(
                    path,
                    scope["query_string"],
                    by_name(scope["headers"]),
                    body,
                    client[0] if client else None,
                )
            )
            if record is not None:
                await self._spool.append(record)
        except (SpoolUnavailable, SaltUnavailable):
            return answer_to(path, taken=False)
        return answer_to(path, taken=True)


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
