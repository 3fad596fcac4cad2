"""The two browser scripts, as bare ASGI: `GET /script.js` and `GET /t.js?id=SITE`."""

import re
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send

from leadline.sites import Snapshot, authorises, seen_host
from leadline.tracker.scripts import Config, Script, fathom_config, script, seal_config

Header = tuple[bytes, bytes]

_LIFETIME = b"max-age=3600, stale-while-revalidate=86400"
_FOR_ALL: tuple[Header, ...] = (
    (b"cache-control", b"public, " + _LIFETIME),
    (b"vary", b"Accept-Encoding"),
)
_FOR_ONE: tuple[Header, ...] = (
    (b"cache-control", b"private, " + _LIFETIME),
    (b"vary", b"Referer, Accept-Encoding"),
)
_REFUSED: tuple[Header, ...] = ((b"cache-control", b"private, no-store"), (b"vary", b"Referer"))
_GZIP: Header = (b"content-encoding", b"gzip")
_TAKES_GZIP = re.compile(
    rb"(?:^|,)\s*gzip\s*(?:$|,|;(?!\s*q\s*=\s*0(?:\.0*)?\s*(?:$|,)))", re.IGNORECASE
)
_TYPE: Header = (b"content-type", b"application/javascript; charset=utf-8")
"""On a refusal too: without one the browser complains of that as well."""


class ScriptApp:
    """200, 304 for a known ETag, 400 for an address that asks for what is not there, 405.

    Whoever takes gzip is given the script in that.
    `t.js` is 403 for a page that says it is on a host which the site does not list.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, b"", (b"allow", b"GET, HEAD"))
            return
        parse = fathom_config if scope["path"] == "/script.js" else seal_config
        config = parse(scope["query_string"])
        if config is None:
            await _answer(send, 400, b"", _TYPE, (b"cache-control", b"no-store"))
            return
        hosts = self._hosts_of(config)
        if not hosts:
            await _hand_out(script(config), _FOR_ALL, scope, send)
        elif _is_foreign(_header(scope, b"referer"), hosts):
            await _answer(send, 403, b"", _TYPE, *_REFUSED)
        else:
            await _hand_out(script(config), _FOR_ONE, scope, send)

    def _hosts_of(self, config: Config) -> frozenset[str]:
        """Those that alone are handed the script; none if everybody is."""
        rules = self._snapshot.find(config.site) if config.site else None
        return frozenset() if rules is None else rules.hosts


def _is_foreign(referer: bytes, hosts: frozenset[str]) -> bool:
    """Whether this names a page on none of these hosts; what names no page is let in."""
    try:
        host = urlsplit(referer.decode("latin-1")).hostname
    except ValueError:
        return False
    return bool(host) and not authorises(hosts, seen_host(host))


async def _hand_out(found: Script, caching: tuple[Header, ...], scope: Scope, send: Send) -> None:
    is_gzipped = _TAKES_GZIP.search(_header(scope, b"accept-encoding")) is not None
    etag = found.etag_of_gzipped if is_gzipped else found.etag
    headers = (*caching, (b"etag", etag))
    if _knows(_header(scope, b"if-none-match"), etag):
        await _answer(send, 304, b"", *headers)
        return
    body, encoding = (found.gzipped, (_GZIP,)) if is_gzipped else (found.body, ())
    is_head = scope["method"] == "HEAD"
    await _answer(send, 200, body, _TYPE, *headers, *encoding, head=is_head)


def _header(scope: Scope, name: bytes) -> bytes:
    return b",".join(value for given, value in scope["headers"] if given == name)


def _knows(if_none_match: bytes, etag: bytes) -> bool:
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return any(tag in (etag, b"*") for tag in tags)


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
