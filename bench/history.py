"""Months of made-up hits in a warehouse, written by DuckDB, as millions have to be there soon.

Visits have some two pages, half a minute apart; sites differ in size, days in their number of
visits, pages, sources and countries in how often they are seen.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from leadline.warehouse import DuckDBWarehouse

MEMORY = "128MB"
VISIT_SECONDS = 37
PAGES_A_VISIT = 2.1


class History(NamedTuple):
    """So many hits of so many sites, over the days up to `until`, which is a midnight in UTC.

    The first site has `largest` of them, the others the rest in equal parts.
    """

    hits: int
    sites: int = 1
    largest: int = 0
    days: int = 90
    until: datetime = datetime(2026, 6, 30, tzinfo=UTC)

    @property
    def since(self) -> date:
        return (self.until - timedelta(days=self.days)).date()


_VISITS = """
CREATE TEMP TABLE made AS
SELECT number, CASE WHEN number < $largest THEN 1 ELSE 2 + number % greatest($sites - 1, 1) END
        AS site_id,
    CAST(floor(random() * $days) AS INTEGER) AS day_number,
    CAST(random() * (86400 - 60 * $seconds) AS INTEGER) AS second,
    CAST(1 + floor(-ln(random()) * 1.6) AS INTEGER) AS pages,
    CAST(pow(random(), 3) * 6000 AS INTEGER) AS entry,
    CAST(pow(random(), 2) * 40 AS INTEGER) AS source,
    CAST(pow(random(), 2) * 60 AS INTEGER) AS country,
    CAST(pow(random(), 2) * 6 AS INTEGER) AS agent
FROM range($visits) AS numbers(number)
"""

_HITS = """
CREATE TEMP TABLE hits_made AS
SELECT *, CAST(row_number() OVER (ORDER BY received_at, number, nth) + 4294967296 AS UBIGINT)
    AS hit_id
FROM (
    SELECT *, $since + to_days(day_number) + to_seconds(second + nth * $seconds) AS received_at,
        $since + to_days(day_number) + to_seconds(second) AS started_at
    FROM made, range(60) AS pages_seen(nth) WHERE nth < pages
)
"""

_VALUES = {
    "site_id": "site_id",
    "received_at": "received_at",
    "day": "CAST(received_at AS DATE)",
    "hit_id": "hit_id",
    "visitor": "hash(number // 2, day_number)",
    "visit_id": "first_value(hit_id) OVER (PARTITION BY number ORDER BY nth)",
    "visit_started_at": "started_at",
    "is_entry": "nth = 0",
    "is_new_visitor": "nth = 0 AND number % 2 = 0",
    "is_second_pageview": "nth = 1",
    "kind": "CASE WHEN nth > 0 AND hash(hit_id) % 20 = 0 THEN 'micro' ELSE 'pageview' END",
    "origin": "'https://www.example.com'",
    "path": "'/blog/article-' || CASE WHEN nth = 0 THEN entry ELSE hash(number, nth) % 6000 END",
    "name": "CASE WHEN nth > 0 AND hash(hit_id) % 20 = 0 THEN 'signup' ELSE '' END",
    "referrer": "CASE WHEN source < 10 THEN '' ELSE 'https://site-' || source || '.example' END",
    "utm_source": "CASE WHEN source > 35 THEN 'partner-' || source ELSE '' END",
    "utm_campaign": "CASE WHEN source > 35 THEN 'campaign-' || source ELSE '' END",
    "source": "CASE WHEN source < 10 THEN '' ELSE 'Site ' || source END",
    "channel": "CASE WHEN source < 10 THEN 'Direct' ELSE 'Referral' END",
    "browser": "'Browser ' || agent",
    "operating_system": "'System ' || agent % 4",
    "device_type": "CASE WHEN agent % 3 = 0 THEN 'Mobile' ELSE 'Desktop' END",
    "country": "'C' || country",
    "language": "'es'",
    "browser_timezone": "'Europe/Madrid'",
    "wire": "'seal'",
}
_NULLS = ("amount", "properties")


def write(file: Path, history: History) -> None:
    """A warehouse with this history, and without summaries."""
    DuckDBWarehouse(file, memory=MEMORY, threads=2).close()
    with duckdb.connect(str(file), config={"memory_limit": "8GB", "threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SELECT setseed(0.5)")
        visits = round(history.hits / PAGES_A_VISIT)
        largest = visits if history.sites == 1 else round(visits * history.largest / history.hits)
        values = {"days": history.days, "visits": visits, "largest": largest}
        connection.execute(_VISITS, values | {"sites": history.sites, "seconds": VISIT_SECONDS})
        begin = datetime.combine(history.since, datetime.min.time())
        connection.execute(_HITS, {"since": begin, "seconds": VISIT_SECONDS})
        columns = [name for name, *_ in connection.execute("DESCRIBE hits").fetchall()]
        chosen = (_VALUES.get(name, "NULL" if name in _NULLS else "''") for name in columns)
        connection.execute(
            f"INSERT INTO hits SELECT {', '.join(chosen)} FROM hits_made ORDER BY hit_id"
        )
        connection.execute("UPDATE loaded SET segment = 2")  # new hits have higher numbers
        connection.execute(
            "INSERT INTO site_facts"
            " SELECT site_id, min(received_at), max(received_at) FROM hits GROUP BY site_id"
        )
