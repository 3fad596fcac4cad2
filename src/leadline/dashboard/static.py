"""The pages' own files: style, script, icon and vendored modules, under addresses that change with
their content."""

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PREFIX = "/assets/"

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {
    "leadline.css": ("leadline.css", "drawing.css"),
    "leadline.js": ("leadline.js",),
    "icon.svg": ("icon.svg",),
    "world.svg": ("world.svg",),
    "htmx.js": ("vendor/htmx.org/htmx.min.js",),
}
"""What is in each, one after the other."""

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


class Asset(NamedTuple):
    body: bytes
    type: str
    version: str


@cache
def asset(name: str) -> Asset:
    """Raises `KeyError` for a name that is none."""
    folder = resources.files("leadline.dashboard") / "assets"
    body = b"".join((folder / file).read_bytes() for file in _FILES[name])
    return Asset(body, _TYPES[name.rpartition(".")[2]], sha256(body).hexdigest()[:12])


def asset_url(name: str) -> str:
    """Where a page finds the file; another content has another address."""
    return f"{PREFIX}{name}?v={asset(name).version}"


async def serve_asset(request: Request) -> Response:
    try:
        found = asset(request.path_params["name"])
    except KeyError:
        raise HTTPException(404) from None
    known = request.query_params.get("v") == found.version
    headers = {
        "Cache-Control": _FOR_EVER if known else _FOR_AN_HOUR,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.body, media_type=found.type, headers=headers)
