"""The two browser scripts, as bare ASGI: `GET /script.js` and `GET /t.js?id=SITE`."""

import re
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.types import Receive, Scope, Send

from leadline.sites import Snapshot, authorises, seen_host

PATHS = frozenset({"/script.js", "/t.js"})

Header = tuple[bytes, bytes]

_PLACEHOLDER = b'"__LEADLINE__"'
_SITE = re.compile(r"[a-zA-Z0-9_-]{3,64}")
_GROUP = re.compile(r"[a-zA-Z0-9_-]{0,64}")
_LIFETIME = b"max-age=3600, stale-while-revalidate=86400"
_FOR_ALL: tuple[Header, ...] = ((b"cache-control", b"public, " + _LIFETIME),)
_BY_REFERER: Header = (b"vary", b"Referer")
_FOR_ONE: tuple[Header, ...] = ((b"cache-control", b"private, " + _LIFETIME), _BY_REFERER)
_REFUSED: tuple[Header, ...] = ((b"cache-control", b"private, no-store"), _BY_REFERER)
_TYPE: Header = (b"content-type", b"application/javascript; charset=utf-8")
"""On a refusal too: without one the browser complains of that as well."""


class Script(NamedTuple):
    body: bytes
    etag: bytes


class Config(NamedTuple):
    """What the address of `t.js` asks for; see `web/tracker/seal.ts`."""

    site: str
    group: str
    auto: bool
    spa: bool


def parse_config(query: bytes) -> Config | None:
    """None if the site is missing or no site can be named so, or the group is none."""
    given = dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
    site, group = given.get("id", ""), given.get("group", "")
    if not _SITE.fullmatch(site) or not _GROUP.fullmatch(group):
        return None
    return Config(site, group, given.get("auto") != "0", given.get("spa") != "0")


@lru_cache(maxsize=1)
def fathom_script() -> Script:
    return _script(_built("script.js"))


@lru_cache(maxsize=1024)
def seal_script(config: Config) -> Script:
    values = {
        "a": config.site,
        "g": config.group,
        "auto": "1" if config.auto else "0",
        "spa": "1" if config.spa else "0",
    }
    return _script(_built("t.js").replace(_PLACEHOLDER, msgspec.json.encode(values)))


@lru_cache(maxsize=2)
def _built(name: str) -> bytes:
    return (resources.files("leadline.tracker") / "dist" / name).read_bytes()


def _script(body: bytes) -> Script:
    return Script(body, b'"%b"' % sha256(body).hexdigest()[:20].encode())


class ScriptApp:
    """200, 304 for a known ETag, 400 without a usable `id` or `group`, 405.

    `t.js` is 403 for a page that says it is on a host which the site does not list.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, b"", (b"allow", b"GET, HEAD"))
        elif scope["path"] == "/script.js":
            await _hand_out(fathom_script(), _FOR_ALL, scope, send)
        else:
            await self._serve_seal(scope, send)

    async def _serve_seal(self, scope: Scope, send: Send) -> None:
        config = parse_config(scope["query_string"])
        if config is None:
            await _answer(send, 400, b"", (b"cache-control", b"no-store"))
            return
        rules = self._snapshot.find(config.site)
        if rules is None or not rules.hosts:
            await _hand_out(seal_script(config), _FOR_ALL, scope, send)
        elif _is_foreign(_header(scope, b"referer"), rules.hosts):
            await _answer(send, 403, b"", _TYPE, *_REFUSED)
        else:
            await _hand_out(seal_script(config), _FOR_ONE, scope, send)


def _is_foreign(referer: bytes, hosts: frozenset[str]) -> bool:
    """Whether this names a page on none of these hosts; what names no page is let in."""
    try:
        host = urlsplit(referer.decode("latin-1")).hostname
    except ValueError:
        return False
    return bool(host) and not authorises(hosts, seen_host(host))


async def _hand_out(script: Script, caching: tuple[Header, ...], scope: Scope, send: Send) -> None:
    headers = (*caching, (b"etag", script.etag))
    if _knows(_header(scope, b"if-none-match"), script):
        await _answer(send, 304, b"", *headers)
        return
    await _answer(send, 200, script.body, _TYPE, *headers, head=scope["method"] == "HEAD")


def _header(scope: Scope, name: bytes) -> bytes:
    return b",".join(value for given, value in scope["headers"] if given == name)


def _knows(if_none_match: bytes, script: Script) -> bool:
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return any(tag in (script.etag, b"*") for tag in tags)


async def _answer(
    send: Send, status: int, body: bytes, *headers: Header, head: bool = False
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
