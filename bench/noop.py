"""The two servers to compare with: they do nothing, on the same stack.

`/noop/{name}` is a route of the web framework that answers a small JSON object; everything else
is bare ASGI that reads the body and answers 204.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

_BODY = b'{"id":"CDBUGS","object":"site","name":"Bugs Bunny Portfolio"}'


async def _noop(request: Request) -> Response:
    return Response(_BODY, media_type="application/json")


_framework = Starlette(routes=[Route("/noop/{name}", _noop)])


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http" or scope["path"].startswith("/noop/"):
        await _framework(scope, receive, send)
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_level="critical",
    )
