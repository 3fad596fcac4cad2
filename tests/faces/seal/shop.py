"""A shop with a history of hits, of which every statistic can be asked and worked out naively."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

import httpx

from leadline.sites import Site
from leadline.spool import Hit, Kind, Source
from leadline.warehouse.batch import hit_id
from tests.clickhouse import Engine
from tests.faces.seal.dialect import calls
from tests.reports import oracle
from tests.reports.test_queries import varied
from tests.support import RunningServer, running_server
from tests.warehouse.histories import STARTS, Placed, Step, cut, load, written
from tests.warehouse.oracle import Oracle

ZONE = "Europe/Madrid"
FIRST, LAST = date(2026, 3, 11), date(2026, 3, 12)
"""Days of which there is much, and much before them."""

DAYS = {"start_date": str(FIRST), "end_date": str(LAST)}
EVERYTHING: oracle.Tree = ("all", [])

SOURCES = [
    Source(),
    Source(
        referrer="https://www.google.com",
        referrer_path="/",
        source="Google",
        medium="organic",
        channel="Organic Search",
    ),
    Source(referrer="http://www.google.com", source="Google", medium="organic"),
    Source(
        utm_source="News",
        utm_medium="email",
        utm_campaign="may",
        utm_term="hats",
        utm_content="top",
        source="news",
        medium="email",
        channel="Email",
    ),
]
ITEMS = [
    [{"sku": "hat", "quantity": 2, "price": 9.5}, {"sku": "cap", "quantity": "x"}],
    [{"sku": "hat", "price": "1.25"}, "no item"],
    {"sku": "no list"},
]


def history() -> Iterator[Placed]:
    """Three days of four people."""
    random = Random(6)
    gaps = [timedelta(seconds=1), timedelta(minutes=4), timedelta(minutes=11), timedelta(hours=1)]
    kinds = [Kind.PAGEVIEW] * 4 + [Kind.MICRO, Kind.CONVERSION, Kind.DEPARTURE]
    taken = [
        Step(random.choice(gaps), 1, random.randint(1, 4), random.choice(kinds), source)
        for _ in range(60)
        for source in SOURCES
    ]
    for number, (place, hit) in enumerate(varied(written(taken), 3)):
        if hit.kind is Kind.CONVERSION and number % 2:
            fields = {name: getattr(hit, name) for name in hit.__struct_fields__}
            sold = {"items": json.dumps(ITEMS[number // 2 % 3])}
            yield place, Hit(**(fields | {"properties": hit.properties | sold}))
        else:
            yield place, hit


class Shop:
    """The site, a client that may ask everything, and what is known of its hits."""

    def __init__(self, server: RunningServer, client: httpx.Client) -> None:
        self.server = server
        self.site: Site = server.site("Shop", timezone=ZONE)
        self.client = client
        records = list(history())
        consulted = Oracle()
        for place, record in records:
            assert isinstance(record, Hit)
            consulted.take(hit_id(place), record)
        self.told = [
            oracle.Told(hit_id(place), consulted.told[hit_id(place)].visit_id, record)
            for place, record in records
            if hit_id(place) in consulted.told and isinstance(record, Hit)
        ]
        load(server.leadline.storage.warehouse, cut(records, ()))

    def ask(self, path: str, **query: Any) -> Any:
        """The whole answer to a question about `DAYS`, unless others are named."""
        answer = self.client.get(path, params={"site_id": self.site.slug} | DAYS | query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, **query: Any) -> httpx.Response:
        params = {"site_id": self.site.slug} | query
        answer = self.client.post(path, params=params, json=body)
        assert answer.status_code == 200, answer.text
        return answer

    def refused(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params={"site_id": self.site.slug} | query)

    def asked(
        self,
        dimensions: Sequence[str],
        sums: Iterable[str],
        tree: oracle.Tree = EVERYTHING,
        first: date = FIRST,
        last: date = LAST,
        buckets: Sequence[datetime] = (),
    ) -> oracle.Asked:
        since, until = midnight(first), midnight(last + timedelta(days=1))
        names = list(dict.fromkeys(sums))
        return oracle.Asked((self.site.id,), since, until, buckets, dimensions, tree, names)

    def rows(self, *args: Any, **options: Any) -> list[dict[str, Any]]:
        """What pageviews, visits, entrances and events add up to, as `asked`."""
        return oracle.rows(self.asked(*args, **options), self.told)

    def events(self, dimensions: Sequence[str], tree: oracle.Tree, **options: Any) -> list[Any]:
        sums = ("conversions", "value")
        return oracle.events(self.asked(dimensions, sums, tree, **options), None, self.told)


@contextmanager
def open_shop(engine: Engine, directory: Path) -> Iterator[Shop]:
    def now() -> datetime:
        return STARTS + timedelta(days=3)

    url = engine.url(directory)
    with (
        running_server(directory, clock=now, warehouse_url=url) as server,
        calls(server, server.token("*")) as client,
    ):
        yield Shop(server, client)


def midnight(day: date) -> datetime:
    """In Madrid, where no clock changes in those days."""
    return datetime.combine(day, datetime.min.time(), STARTS.tzinfo) - timedelta(hours=1)


# What is printed of sums

CENT = Decimal("0.01")


def rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, ROUND_HALF_UP)


def rate(of: int, to: int) -> float:
    return float(rounded(Decimal(100 * of) / to)) if to else 0.0


NEEDS: Mapping[str, Sequence[str]] = {
    "entrances": ["entrances"],
    "engaged_entrances": ["engaged_entrances"],
    "bounces": ["entrance_bounces"],
    "bounce_rate": ["entrances", "entrance_bounces"],
    "page_views": ["pageviews"],
    "microconversions": ["microconversions"],
    "conversions": ["conversions"],
    "conversion_rate": ["entrances", "conversions"],
    "revenue": ["revenue"],
}
ALL = tuple(NEEDS)
_PRINTED: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "entrances": lambda row: row["entrances"],
    "engaged_entrances": lambda row: row["engaged_entrances"],
    "bounces": lambda row: row["entrance_bounces"],
    "bounce_rate": lambda row: rate(row["entrance_bounces"], row["entrances"]),
    "page_views": lambda row: row["pageviews"],
    "microconversions": lambda row: row["microconversions"],
    "conversions": lambda row: row["conversions"],
    "conversion_rate": lambda row: min(rate(row["conversions"], row["entrances"]), 100.0),
    "revenue": lambda row: row["revenue"],
}


def sums_of(figures: Iterable[str]) -> list[str]:
    return [name for figure in figures for name in NEEDS[figure]]


def figures_of(row: Mapping[str, Any], figures: Iterable[str], *, text: bool) -> dict[str, Any]:
    found = {name: _PRINTED[name](row) for name in figures}
    if "revenue" in found:
        found["revenue"] = money(found["revenue"], text=text)
    return found


def money(amount: Decimal, *, text: bool) -> str | float:
    return str(rounded(amount)) if text else float(rounded(amount))


NAMES = {
    "source": ("utm_source",),
    "medium": ("utm_medium",),
    "utm_campaign": ("utm_campaign",),
    "utm_term": ("utm_term",),
    "utm_content": ("utm_content",),
    "referrer_domain": ("referrer_domain", "referrer"),
    "channel": ("channel",),
    "country": ("country",),
    "device_type": ("device_type",),
    "browser": ("browser",),
    "operating_system": ("os",),
    "pathname": ("path",),
    "content_group": ("content_grouping",),
    "entry_page": ("landing_page",),
    "entry_content_group": ("content_grouping",),
    "event_name": ("conversion_type",),
}
"""What each dimension is called."""

NOTHING = {
    "source": "(direct)",
    "medium": "(none)",
    "channel": "Unassigned",
    "country": "Unknown",
    "device_type": "Unknown",
    "browser": "Unknown",
    "operating_system": "Unknown",
    "content_group": "",
    "entry_content_group": "",
    "referrer_domain": "",
}
"""What is printed where nothing is known."""

KNOWN = {"Desktop": "desktop", "Google": "google"}
COUNTRIES = {"ES": "Spain", "FR": "France", "Unknown": "Unknown"}
DEVICE_NAMES = {
    "device_type": ("device", "name"),
    "browser": ("name",),
    "operating_system": ("name",),
}


def printed(dimension: str, value: str) -> str:
    return KNOWN.get(value, value) or NOTHING.get(dimension, "(not set)")


def named(dimensions: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """The values of a row, as they are called and printed."""
    return {
        name: printed(dimension, value)
        for dimension, value in zip(dimensions, values, strict=True)
        for name in NAMES[dimension]
    }


UTM = ("source", "medium", "utm_campaign", "utm_term", "utm_content")


def in_any_order(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
