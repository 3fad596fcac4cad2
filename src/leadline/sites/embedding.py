"""Whose pages may show a site's share page in a frame."""

import re
from collections.abc import Sequence

from leadline.hosts import comparable
from leadline.sites.errors import InvalidEmbedding, TooManyEmbedding
from leadline.sites.model import EMBEDDING_HOSTS, EMBEDDING_LENGTH

ANYWHERE = "*"
_SOURCE = re.compile(r"(\*\.)?([^:/]+)(:[0-9]{1,5})?")


def parse_embedding(text: str) -> tuple[str, ...]:
    """What somebody has written: hosts with spaces or commas between them, `*` for any, or nothing.

    A host may have a port, and `*.` before it stands for everything below it. Raises
    `InvalidEmbedding`, `TooManyEmbedding`.
    """
    return check_embedding(text.replace(",", " ").split())


def check_embedding(hosts: Sequence[str]) -> tuple[str, ...]:
    known = tuple(dict.fromkeys(_source(host) for host in hosts if host != ANYWHERE))
    if ANYWHERE in hosts:
        return (ANYWHERE,)
    if len(known) > EMBEDDING_HOSTS or len(" ".join(known)) > EMBEDDING_LENGTH:
        raise TooManyEmbedding(EMBEDDING_HOSTS)
    return known


def _source(text: str) -> str:
    match = _SOURCE.fullmatch(text)
    host = match and comparable(match[2])
    if not match or not host:
        raise InvalidEmbedding(text)
    return f"{match[1] or ''}{host}{match[3] or ''}"
