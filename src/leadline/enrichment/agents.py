"""What a User-Agent says about the browser, the system and the device, and whether it is a person.

Families of browsers and systems are those of uap-core, see https://github.com/ua-parser/uap-core.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from is_bot._patterns import default_patterns
from is_crawler import is_crawler
from ua_parser import Parser
from ua_parser.loaders import load_builtins
from ua_parser.regex import Resolver

from leadline.text import CONTROL_CHARACTERS

USER_AGENT_LENGTH = 1024
FAMILY_LENGTH = 64

DESKTOP = "Desktop"
PHONE = "Phone"
TABLET = "Tablet"
TV = "TV"
CONSOLE = "Console"

_SAME_BROWSER = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "DuckDuckGo Mobile": "DuckDuckGo",
    "Ecosia Android": "Ecosia",
    "Ecosia iOS": "Ecosia",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "IE Mobile": "IE",
    "Mobile Safari": "Safari",
    "Opera Mobile": "Opera",
    "Opera Mobi": "Opera",
    "Opera Touch": "Opera",
    "QQ Browser Mobile": "QQ Browser",
}
"""One browser on different devices. What an app shows in its own window stays apart."""

_DEVICES = (
    (TV, "smart-tv|smarttv|google tv|googletv|apple tv|appletv|android tv|opera tv|tv safari"),
    (TV, "hbbtv|bravia|viera|web0s|netcast|vidaa|roku|crkey|large screen|mibox|mitv|; aft"),
    (CONSOLE, "playstation|xbox|nintendo"),
    (TABLET, "ipad|tablet;|tablet)|tablet |playbook|kindle|silk-accelerated"),
    (TABLET, "; kf|; sm-t|; sm-x|; gt-p|nexus 7|nexus 9|nexus 10"),
    (PHONE, "mobile|iphone|ipod|phone|opera mini|opera mobi|blackberry"),
    (PHONE, "symbian|series60|series40|midp|nokia|kaios|ucweb"),
    (TABLET, "android"),  # a phone would have said Mobile
    (DESKTOP, "windows|macintosh|x11|linux|cros |bsd"),
)
"""What headers hold, in lower case. The first line that has any of it decides."""

_DEVICE_TOKENS = tuple((device_type, tokens.split("|")) for device_type, tokens in _DEVICES)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Patterns of is-bot as one for `re`, to be looked for in lower case."""
    return re.compile(
        "|".join(sorted(map(str.lower, patterns)))
        .replace(r"\d-.", r"\d\-.")
        .replace("(?<! channel/|google/)", "(?<! channel/)(?<!google/)")
    )


_BOT_AT_START = _any_of(pattern for pattern in default_patterns if pattern[0] == "^")
_BOT = _any_of([*(pattern for pattern in default_patterns if pattern[0] != "^"), "gtmetrix"])
_NO_BOTS = re.compile(r"\bcubot\b|\bwebappmanager\b", re.IGNORECASE)
"""A maker of phones, and what TV sets of LG say: both look like words for a bot."""
_looks_automatic = inspect.unwrap(is_crawler)  # without a cache of its own
_LOOKED_AT = 512  # its time can grow with the square of the length
_parser = Parser(Resolver(load_builtins()))

_PREVIEW_HEADERS = frozenset((b"purpose", b"sec-purpose", b"x-purpose", b"x-moz"))
_PREVIEW = re.compile(rb"prefetch|preview|prerender", re.IGNORECASE)


class Agent(NamedTuple):
    """`browser` and `operating_system` are families of uap-core, "" when unknown.

    `device_type` is one of the names above, "" when unknown.
    """

    browser: str
    operating_system: str
    device_type: str
    is_crawler: bool


def describe(user_agent: bytes) -> Agent:
    """What is known of whoever sends this header. Of a long one only the beginning is read."""
    return _describe(user_agent[:USER_AGENT_LENGTH])


def is_preview(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser says that it fetches before anybody asked to see the page."""
    if headers.keys().isdisjoint(_PREVIEW_HEADERS):
        return False
    said = _PREVIEW_HEADERS.intersection(headers)
    return any(_PREVIEW.search(headers[name]) for name in said)


@lru_cache(maxsize=8192)
def _describe(user_agent: bytes) -> Agent:
    text = user_agent.decode("utf-8", "replace")
    found = _parser.parse(text)
    browser = _family(found.user_agent.family if found.user_agent else "")
    return Agent(
        _SAME_BROWSER.get(browser, browser),
        _family(found.os.family if found.os else ""),
        _device_type(text.lower()),
        _is_crawler(text),
    )


def _family(name: str) -> str:
    """Some families are a part of the header, which may hold anything."""
    return CONTROL_CHARACTERS.sub("", name)[:FAMILY_LENGTH].strip()


def _device_type(lowered: str) -> str:
    told = lowered.replace("tablet pc", "")  # old versions of Windows said so on any computer
    for device_type, tokens in _DEVICE_TOKENS:
        if any(token in told for token in tokens):
            return device_type
    return ""


def _is_crawler(text: str) -> bool:
    text = _NO_BOTS.sub("", text)
    if not text.strip() or _looks_automatic(text[:_LOOKED_AT]):
        return True
    lowered = text.lower()
    return bool(_BOT_AT_START.match(lowered) or _BOT.search(lowered))
