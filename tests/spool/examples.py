"""Records to put into a spool, and what is in one."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from leadline.spool import Bundle, Erasure, Hit, Kind, Position, Record, Refusal, Source, Spool

START = Position(0, 0)
SEGMENT_BYTES = 1024 * 1024

_NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def hit(path: str = "/", **fields: Any) -> Hit:
    """A pageview of site 1 on 10 March 2026 at noon, unless said otherwise."""
    given: dict[str, Any] = {
        "site": 1,
        "received_at": _NOON,
        "day": _NOON.date(),
        "visitor": 1,
        "previous": None,
        "kind": Kind.PAGEVIEW,
        "origin": "https://example.com",
        "path": path,
        "source": Source(),
    }
    return Hit(**(given | fields))


@contextmanager
def open_spool(
    directory: Path, segment_bytes: int = SEGMENT_BYTES, after: Position = START
) -> Iterator[Spool]:
    spool = Spool(directory, segment_bytes, after)
    spool.start()
    try:
        yield spool
    finally:
        spool.close()


def append(spool: Spool, *records: Record) -> list[BaseException | None]:
    """Append all at once; what became of each: None is an acknowledgement."""

    async def together() -> list[BaseException | None]:
        appends = (spool.append(record) for record in records)
        return await asyncio.gather(*appends, return_exceptions=True)

    return asyncio.run(together())


def append_each(spool: Spool, records: Iterable[Record]) -> None:
    """Append one after the other, each in a commit of its own."""
    for record in records:
        assert append(spool, record) == [None]


def places(spool: Spool, start: Position = START) -> list[tuple[Position, Record]]:
    """Everything from `start` on, as the loader would read it."""
    found: list[tuple[Position, Record]] = []
    while (batch := spool.read(start)) is not None:
        found += batch.records
        start = batch.end
    return found


def contents(spool: Spool, start: Position = START) -> list[Record]:
    return [record for _, record in places(spool, start)]


def paths(spool: Spool, start: Position = START) -> list[str]:
    return [record.path for record in contents(spool, start) if isinstance(record, Hit)]


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
_numbers = st.integers(0, 2**64 - 1)
_sites = st.integers(1, 2**31 - 1)

COUNTED = [kind for kind in Kind if kind is not Kind.DEPARTURE]
"""What adds to any number."""

hits = st.builds(
    Hit,
    site=_sites,
    received_at=_moments,
    day=st.dates(date(1970, 1, 1), date(2200, 1, 1)),
    visitor=_numbers,
    previous=st.none() | _numbers,
    kind=st.sampled_from(Kind),
    origin=_text,
    path=_text,
    source=st.builds(Source, *[_text] * len(Source.__struct_fields__)),
    name=_text,
    amount=st.none() | st.decimals(-(10**13), 10**13, places=4),
    properties=st.dictionaries(_text, _text, max_size=4),
    group=_text,
    browser_timezone=_text,
    wire=st.sampled_from(["fathom", "seal"]),
)
refusals = st.builds(Refusal, site=_sites, received_at=_moments, reason=_text, origin=_text)


def bundle(*taken: Hit, ids: Iterable[bytes | None] | None = None, **fields: Any) -> Bundle:
    """What a program sent at noon, unless said otherwise; without `ids` no hit has one."""
    found: list[bytes | None] = [None] * len(taken) if ids is None else list(ids)
    given: dict[str, Any] = {"taken_at": _NOON, "hits": list(taken), "ids": found}
    return Bundle(**(given | fields))


_named = st.lists(st.tuples(hits, st.none() | st.binary(min_size=16, max_size=16)), max_size=5)
bundles = st.builds(
    lambda named, **rest: Bundle(
        hits=[hit for hit, _ in named], ids=[id for _, id in named], **rest
    ),
    _named,
    taken_at=_moments,
    refusals=st.lists(refusals, max_size=3),
)
records: st.SearchStrategy[Record] = st.one_of(
    hits, refusals, st.builds(Erasure, site=_sites), bundles
)
