"""Addresses of pages and of where people came from, taken apart."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

from can_ada import URLSearchParams

from leadline.sites import seen_host
from leadline.text import CONTROL_CHARACTERS

PATH_LENGTH = 2048
TEXT_LENGTH = 512
HOST_LENGTH = 253
_CACHED_LENGTH = 1024
_SHOWN_SCHEMES = ("http", "https")
_AUTHORITY = re.compile(
    r"""(?:https?:)?//(?:[^/?#\x00-\x20\x7f]*@)?
    (?:\[[^/?#\x00-\x20\x7f]*\]|[^/?#:@\x00-\x20\x7f]*)(?::[0-9]*)?(?=[/?#]|$)""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""Scheme, user, host and port of a web address, in which nothing is hidden."""
_APP = re.compile(r"android-app://([a-z0-9_.]{1,253})(?:/|$)", re.ASCII | re.IGNORECASE)


class Address(NamedTuple):
    """A web address. `host` is comparable (`seen_host`), `origin` is scheme and host, no port.

    `path` is as the browser wrote it, but that a route in the hash, which arrives as `%23`, has its
    `#` again; `shown_path` as it may be stored, `query` without its question mark.
    """

    scheme: str
    host: str
    path: str
    query: str
    origin: str
    shown_path: str


def parse(url: str) -> Address | None:
    """None for what is no address of a web page: other schemes, no host, a port of letters."""
    return _parse_known(url) if len(url) <= _CACHED_LENGTH else _parse(url)


def _parse(url: str) -> Address | None:
    if not _AUTHORITY.match(url):
        return None
    try:
        parts = urlsplit(f"http:{url}" if url.startswith("//") else url)
        host = parts.hostname
    except ValueError:
        return None
    if not host or parts.scheme not in _SHOWN_SCHEMES or not host.isprintable():
        return None
    host = seen_host(f"[{host}]" if ":" in host else host)
    if not 0 < len(host) <= HOST_LENGTH:
        return None
    path = parts.path.replace("%23", "#") or "/"
    origin = f"{parts.scheme}://{host}"
    return Address(parts.scheme, host, path, parts.query, origin, text(path, PATH_LENGTH))


_parse_known = lru_cache(maxsize=8192)(_parse)


def is_page(url: str) -> bool:
    """Whether this is the address of a web page."""
    return parse(url) is not None


def app(referrer: str) -> str:
    """The id of the app that linked to a page, as in `android-app://com.slack`; empty if none."""
    found = _APP.match(referrer)
    return found[1].lower() if found else ""


def form_fields(text: str) -> dict[str, str]:
    """The fields of a query or a form, by name; of several of one name the first counts.

    Never fails: escapes that are none stay as they are, bytes that are no UTF-8 are replaced.
    """
    found: dict[str, str] = {}
    for field in text.split("&"):
        name, separator, value = field.partition("=")
        if name or separator:
            found.setdefault(_unescaped(name), _unescaped(value))
    return found


def _unescaped(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return _known_unescaped(text) if len(text) <= _CACHED_LENGTH else _unescape(text)


def _unescape(text: str) -> str:
    try:
        return URLSearchParams(f"={text}").get("") or ""
    except UnicodeDecodeError:
        return unquote_plus(text, errors="replace")


_known_unescaped = lru_cache(maxsize=8192)(_unescape)


def form_field(text: str, name: str) -> str:
    """One of the `form_fields`, empty if it is not there."""
    try:
        return URLSearchParams(text).get(name) or ""
    except UnicodeDecodeError:
        return form_fields(text).get(name, "")


def parameters(query: str) -> Mapping[str, str]:
    """The parameters in a page's address that have a value."""
    return _known_parameters(query) if len(query) <= _CACHED_LENGTH else _parameters(query)


def _parameters(query: str) -> Mapping[str, str]:
    return {name: value for name, value in form_fields(query).items() if value}


_known_parameters = lru_cache(maxsize=8192)(_parameters)


def text(value: str, length: int = TEXT_LENGTH) -> str:
    """`value` as it may be stored: without control characters, of bounded length."""
    if not value.isprintable():
        value = CONTROL_CHARACTERS.sub("", value)
    return value[:length]
