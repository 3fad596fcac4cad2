"""What a machine asks to know that the server lives."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leadline import __version__

PATHS = ("/health", "/livez", "/readyz")


async def health(request: Request) -> Response:
    """200 from the moment on that hits are taken."""
    body = {"status": "ok", "version": __version__}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
