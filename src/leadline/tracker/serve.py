"""The two browser scripts, as bare ASGI: `GET /script.js` and `GET /t.js?id=SITE`."""

import re
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

PATHS = frozenset({"/script.js", "/t.js"})

_PLACEHOLDER = b'"__LEADLINE__"'
_SITE = re.compile(r"[a-zA-Z0-9_-]{3,64}")
_GROUP = re.compile(r"[a-zA-Z0-9_-]{0,64}")
_CACHED = b"public, max-age=3600, stale-while-revalidate=86400"


class Script(NamedTuple):
    body: bytes
    etag: bytes


class Config(NamedTuple):
    """What the address of `t.js` asks for; see `web/tracker/seal.ts`."""

    site: str
    group: str
    auto: bool


def parse_config(query: bytes) -> Config | None:
    """None if the site is missing or no site can be named so, or the group is none."""
    given = dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
    site, group = given.get("id", ""), given.get("group", "")
    if not _SITE.fullmatch(site) or not _GROUP.fullmatch(group):
        return None
    return Config(site, group, given.get("auto") != "0")


@lru_cache(maxsize=1)
def fathom_script() -> Script:
    return _script(_built("script.js"))


@lru_cache(maxsize=1024)
def seal_script(config: Config) -> Script:
    values = {"a": config.site, "g": config.group, "auto": config.auto}
    return _script(_built("t.js").replace(_PLACEHOLDER, msgspec.json.encode(values)))


@lru_cache(maxsize=2)
def _built(name: str) -> bytes:
    return (resources.files("leadline.tracker") / "dist" / name).read_bytes()


def _script(body: bytes) -> Script:
    return Script(body, b'"%b"' % sha256(body).hexdigest()[:20].encode())


async def serve_script(scope: Scope, receive: Receive, send: Send) -> None:
    """200, 304 for a known ETag, 400 without a usable `id` or `group`, 405."""
    if scope["method"] not in ("GET", "HEAD"):
        await _answer(send, 405, b"", (b"allow", b"GET, HEAD"))
        return
    if scope["path"] == "/script.js":
        script = fathom_script()
    else:
        config = parse_config(scope["query_string"])
        if config is None:
            await _answer(send, 400, b"", (b"cache-control", b"no-store"))
            return
        script = seal_script(config)
    headers = ((b"cache-control", _CACHED), (b"etag", script.etag))
    if any(name == b"if-none-match" and _knows(value, script) for name, value in scope["headers"]):
        await _answer(send, 304, b"", *headers)
        return
    content_type = (b"content-type", b"application/javascript; charset=utf-8")
    await _answer(send, 200, script.body, content_type, *headers, head=scope["method"] == "HEAD")


def _knows(if_none_match: bytes, script: Script) -> bool:
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return any(tag in (script.etag, b"*") for tag in tags)


async def _answer(
    send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes], head: bool = False
) -> None:
    start = [
        (b"content-length", b"%d" % len(body)),
        (b"access-control-allow-origin", b"*"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    if status == 304:
        start = start[1:]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": b"" if head else body})
