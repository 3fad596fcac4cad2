"""The two scripts as their addresses ask for them, put together from what is in `dist/`."""

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl

import msgspec

_PLACEHOLDER = b'"__LEADLINE__"'
_SITE = re.compile(r"[a-zA-Z0-9_-]{3,64}")
_GROUP = re.compile(r"[a-zA-Z0-9_-]{0,64}")

FEATURES = ("hash", "offline")
"""Extras for which there is another build of a tracker, in the order of their names."""

ADDITIONS = ("outbound", "downloads", "forms", "notfound", "attributes", "engaged")
"""Extras that come after a tracker."""

_EXTRAS = FEATURES + ADDITIONS


class Script(NamedTuple):
    """A script, whose address has two answers: as it is, and compressed."""

    body: bytes
    etag: bytes
    gzipped: bytes
    etag_of_gzipped: bytes


class Config(NamedTuple):
    """What an address asks for; see `web/tracker`. `script.js` has nothing but extras."""

    kind: Literal["fathom", "seal"]
    extras: tuple[str, ...] = ()
    site: str = ""
    group: str = ""
    auto: bool = True
    spa: bool = True


def fathom_config(query: bytes) -> Config | None:
    """None if there is no such extra."""
    extras = _extras(_parameters(query))
    return None if extras is None else Config("fathom", extras)


def seal_config(query: bytes) -> Config | None:
    """None if the site is missing or no site can be named so, or the group or an extra is none."""
    given = _parameters(query)
    site, group, extras = given.get("id", ""), given.get("group", ""), _extras(given)
    if not _SITE.fullmatch(site) or not _GROUP.fullmatch(group) or extras is None:
        return None
    return Config("seal", extras, site, group, given.get("auto") != "0", given.get("spa") != "0")


@lru_cache(maxsize=1024)
def script(config: Config) -> Script:
    features = [extra for extra in config.extras if extra in FEATURES]
    name = "+".join(["script" if config.kind == "fathom" else "t", *features])
    parts = [_built(f"{name}.js").replace(_PLACEHOLDER, _settings(config))]
    parts += [
        _built(f"extras/{config.kind}/{extra}.js") for extra in config.extras[len(features) :]
    ]
    body = b"\n".join(parts)
    digest = sha256(body).hexdigest()[:20].encode()
    return Script(body, b'"%b"' % digest, gzip.compress(body, mtime=0), b'"%b-gzip"' % digest)


def _settings(config: Config) -> bytes:
    auto, spa = ("1" if each else "0" for each in (config.auto, config.spa))
    return msgspec.json.encode({"a": config.site, "g": config.group, "auto": auto, "spa": spa})


def _parameters(query: bytes) -> dict[str, str]:
    return dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))


def _extras(given: dict[str, str]) -> tuple[str, ...] | None:
    """Those that are asked for, each once and always in the same order."""
    names = {name.strip() for name in given.get("with", "").split(",")} - {""}
    return None if names - set(_EXTRAS) else tuple(each for each in _EXTRAS if each in names)


@lru_cache
def _built(name: str) -> bytes:
    return (resources.files("leadline.tracker") / "dist" / name).read_bytes()
