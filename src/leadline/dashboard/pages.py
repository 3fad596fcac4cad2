"""The pages: for now one that says that the server runs and where to go on."""

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from leadline import __version__

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def pages() -> ASGIApp:
    """Everything that is neither an API, nor a script, nor a hit."""
    environment = Environment(
        loader=PackageLoader("leadline.dashboard"), autoescape=True, undefined=StrictUndefined
    )
    home_page = environment.get_template("home.html").render(version=__version__)
    style = (resources.files("leadline.dashboard") / "assets" / "leadline.css").read_bytes()

    async def home(request: Request) -> Response:
        return HTMLResponse(home_page, headers=_HEADERS)

    async def stylesheet(request: Request) -> Response:
        return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def health(request: Request) -> Response:
        body = {"status": "ok", "version": __version__}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return PlainTextResponse(error.detail, error.status_code, dict(error.headers or {}))

    routes = [
        Route("/", home),
        Route("/assets/leadline.css", stylesheet),
        *(Route(path, health) for path in ("/health", "/livez", "/readyz")),
    ]
    return ExceptionMiddleware(Router(routes, default=_not_found), {HTTPException: refused})


async def _not_found(*_: object) -> None:
    raise HTTPException(404)
