"""Which rows of a table are asked for: those with a text in them, in an order, page by page."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from leadline.reports import EventMetric, Metric

AnyMetric = Metric | EventMetric

PER_PAGE = 100
SEARCH_LENGTH = 200
"""Characters of what is searched, of which a pattern is at most twice as long."""
MOST_PAGES = 10_000


class Asked(NamedTuple):
    """`wanted` is a part of the values. Pages begin with 1."""

    wanted: str
    by: AnyMetric
    descending: bool
    page: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * PER_PAGE


class Listed(Protocol):
    """A table as links into it are made: it is found at a path of the report with `more` asked."""

    @property
    def asked(self) -> Asked: ...
    @property
    def path(self) -> str: ...
    @property
    def more(self) -> Mapping[str, str]: ...


def read_asked(query: Mapping[str, str], columns: Sequence[AnyMetric]) -> Asked:
    """What an address asks for; by the first column where it names none that there is."""
    named = {each.value: each for each in columns}
    return Asked(
        wanted=query.get("q", "").strip()[:SEARCH_LENGTH].replace("\0", ""),
        by=named.get(query.get("sort", ""), columns[0]),
        descending="up" not in query,
        page=page_of(query, MOST_PAGES),
    )


def page_of(query: Mapping[str, str], most: int) -> int:
    """The page that an address asks for; the first where it asks for none that there can be."""
    number = query.get("page", "")
    is_page = number.isascii() and number.isdecimal() and len(number) <= len(str(most))
    return max(1, min(int(number), most)) if is_page else 1


def pattern_of(wanted: str) -> str:
    """In RE2: whatever has this in it, in capitals or not; `*` stands for anything."""
    return "(?is)" + ".*".join(map(re.escape, wanted.split("*")))


def pages_of(rows: int) -> int:
    return max(1, -(-rows // PER_PAGE))
