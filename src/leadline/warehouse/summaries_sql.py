"""The SQL of what the DuckDB engine works out beforehand: visits, and totals of whole days.

`visits` has of every site the visits that began before `visits_until`; later ones are worked out
from `hits`. `rollups` has for the local days from `rollups_since` to `rollups_until`, in a zone,
what they add up to by each value of each dimension, and `event_rollups` what their events do. What
is later than these moments in any of the tables is worth nothing; a hit that comes late moves them
back.

A visitor is another one on every day, so what days add up to is exact. That holds for days whose
hits all have the date that the zone gives them: others, from before a change of zone, are not
rolled up, nor are those of sites with few hits, which would take more room than the hits.
"""

from leadline.warehouse.visit_rows import COLUMNS

TABLES = ("visits", "rollups", "event_rollups", "summarised")

OF_VIEWS = ("pageviews", "uniques", "visitors")
OF_VISITS_BEGUN = ("visits", "bounces", "duration")
OF_DEEDS = ("entrances", "engaged_entrances", "conversions", "microconversions")
"""Counts of hits that begin a visit, and of events."""

SUMS = (*OF_VIEWS, *OF_VISITS_BEGUN, *OF_DEEDS, "revenue")

_MONEY = "DECIMAL(38, 4)"
_DEED_COLUMNS = dict.fromkeys(OF_DEEDS, "BIGINT") | {"revenue": _MONEY}

SCHEMA = f"""
CREATE TABLE visits (
    site_id INTEGER NOT NULL,
    visit_id UBIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    lasted BIGINT NOT NULL,              -- microseconds
    views BIGINT NOT NULL,
    {", ".join(f"{column} VARCHAR NOT NULL" for column in COLUMNS)}
);
CREATE TABLE rollups (
    site_id INTEGER NOT NULL,
    begins TIMESTAMP NOT NULL,           -- the day does
    dimension VARCHAR NOT NULL,          -- empty for the day's totals
    value VARCHAR NOT NULL,
    {", ".join(f"{name} BIGINT NOT NULL" for name in (*OF_VIEWS, *OF_VISITS_BEGUN))},
    {", ".join(f"{name} {type} NOT NULL" for name, type in _DEED_COLUMNS.items())}
);
CREATE TABLE event_rollups (
    site_id INTEGER NOT NULL,
    begins TIMESTAMP NOT NULL,
    dimension VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    conversions BIGINT NOT NULL,
    unique_conversions BIGINT NOT NULL,
    worth {_MONEY} NOT NULL
);
CREATE TABLE summarised (
    site_id INTEGER NOT NULL,
    zone VARCHAR NOT NULL,
    visits_until TIMESTAMP NOT NULL,
    rollups_since TIMESTAMP NOT NULL,
    rollups_until TIMESTAMP NOT NULL,
    next_day DATE NOT NULL,              -- the first local date that is not rolled up
    least BIGINT NOT NULL                -- pageviews of the first day that was
)
"""

# Days whose hits are there are rolled up anew; of what has expired, entrances and sales are 0.
ADD_DEEDS = (
    ";\n".join(
        f"ALTER TABLE rollups ADD COLUMN IF NOT EXISTS {name} {type} DEFAULT 0;"
        f" ALTER TABLE rollups ALTER COLUMN {name} SET NOT NULL"
        for name, type in _DEED_COLUMNS.items()
    )
    + """;
UPDATE summarised SET
    rollups_until = rollups_until - (next_day - held.day) * INTERVAL 25 HOURS, next_day = held.day
FROM (SELECT site_id, min(day) AS day FROM hits GROUP BY site_id) AS held
WHERE summarised.site_id = held.site_id AND held.day < next_day
"""
)

OF_PAGES = {
    "origin": "entry_origin",
    "path": "entry_path",
    "content_group": "entry_content_group",
}
"""Dimensions in which pageviews differ from their visit, which counts where it began."""

ROLLED_UP = {
    "": "''",
    **OF_PAGES,
    **{column: column for column in COLUMNS if column not in OF_PAGES.values()},
    "entry_path": "entry_path",
}
"""The dimensions of `rollups`, each with what tells a visit's value of it."""

_OF_HITS = {
    "": "''",
    **{column: f"hits.{column.removeprefix('entry_')}" for column in ROLLED_UP if column},
    "entry_path": "visits.entry_path",
    "exit_path": "visits.exit_path",
}
"""What tells the value of each dimension of `rollups` for an event, or what begins a visit."""

EVENTS_ROLLED_UP = ("", "name", "kind")
"""The dimensions of `event_rollups`."""

STATE = """
SELECT facts.site_id, first_hit_at, last_hit_at, zone, visits_until, rollups_since, rollups_until,
    least
FROM (
    SELECT site_id, min(first_hit_at) AS first_hit_at, max(last_hit_at) AS last_hit_at
    FROM site_facts GROUP BY site_id
) AS facts LEFT JOIN summarised USING (site_id)
ORDER BY facts.site_id
"""

_SITES = "site_id IN (SELECT unnest($sites))"

# A site has no summaries, or those of another zone, or of fewer days. Its visits stay.
FORGET = (
    "DELETE FROM rollups WHERE site_id = $site",
    "DELETE FROM event_rollups WHERE site_id = $site",
    "DELETE FROM summarised WHERE site_id = $site",
)

BEGIN = """
INSERT INTO summarised VALUES ($site, $zone, $visits_until, $begins, $begins, $day, $least)
"""

NEXT_VISIT = f"SELECT min(visit_started_at) FROM hits WHERE visit_started_at >= $since AND {_SITES}"

NEXT_HIT = f"SELECT min(received_at) FROM hits WHERE received_at >= $since AND {_SITES}"

FORGET_VISITS = f"DELETE FROM visits WHERE started_at >= $since AND {_SITES}"

OF_VISITS = f"visit_started_at >= $since AND visit_started_at < $until AND {_SITES}"

SIZE = f"SELECT count(*) FROM hits WHERE {OF_VISITS}"

STORE_VISITS = """
INSERT INTO visits BY NAME SELECT * FROM ({rows}) ORDER BY site_id, started_at, visit_id
"""

VISITS_UNTIL = f"UPDATE summarised SET visits_until = $until WHERE {_SITES}"

JOINED_WITHIN = "INTERVAL 31 MINUTES"
"""A hit that comes late may join a visit that begins after it: within half an hour."""

# The day's pageviews, each page as a number, with what is known of their visits; and the visits
# that began in it.
GATHER_DAY = (
    f"""
    CREATE OR REPLACE TEMP TABLE day_hits AS
    SELECT site_id, visit_id, visitor, origin, path, content_group
    FROM hits
    WHERE received_at >= $since AND received_at < $until AND kind = 'pageview' AND {_SITES}
    """,
    """
    CREATE OR REPLACE TEMP TABLE day_pages AS
    SELECT origin, path, CAST(row_number() OVER () AS INTEGER) AS page
    FROM (SELECT DISTINCT origin, path FROM day_hits)
    """,
    f"""
    CREATE OR REPLACE TEMP TABLE day_views AS
    SELECT day_hits.*, page, visits.* EXCLUDE (site_id, visit_id, started_at, lasted, views)
    FROM day_hits JOIN day_pages USING (origin, path) JOIN visits USING (visit_id)
    WHERE visits.started_at >= $earliest AND visits.started_at < $until + {JOINED_WITHIN}
        AND visits.{_SITES}
    """,
    f"""
    CREATE OR REPLACE TEMP TABLE day_visits AS
    FROM visits WHERE started_at >= $since AND started_at < $until AND views > 0 AND {_SITES}
    """,
    f"""
    CREATE OR REPLACE TEMP TABLE day_deeds AS
    SELECT hits.site_id, is_entry, views > 1 AS is_engaged, kind, coalesce(amount, 0) AS amount,
        {", ".join(f"{value} AS {column}" for column, value in _OF_HITS.items() if column)}
    FROM hits JOIN visits USING (visit_id)
    WHERE received_at >= $since AND received_at < $until AND hits.{_SITES}
        AND (is_entry OR kind IN ('conversion', 'micro'))
        AND visits.started_at >= $earliest AND visits.started_at < $until + {JOINED_WITHIN}
        AND visits.{_SITES}
    """,
    "CREATE OR REPLACE TEMP TABLE day_rollups AS FROM rollups LIMIT 0",
    f"""
    CREATE OR REPLACE TEMP TABLE day_events AS
    SELECT site_id, visitor, name, kind, coalesce(amount, 0) AS amount
    FROM hits
    WHERE received_at >= $since AND received_at < $until AND kind IN ('conversion', 'micro')
        AND {_SITES}
    """,
    "CREATE OR REPLACE TEMP TABLE day_event_rollups AS FROM event_rollups LIMIT 0",
)

TABLES_OF_A_DAY = (
    *("day_hits", "day_pages", "day_views", "day_visits", "day_deeds", "day_rollups"),
    *("day_events", "day_event_rollups"),
)

EARLIEST = f"""
SELECT least($since, coalesce(min(visit_started_at), $since)) FROM hits
WHERE received_at >= $since AND received_at < $until AND {_SITES}
"""

PAGEVIEWS = "SELECT site_id, count(*) FROM day_hits GROUP BY site_id"

# Sites with hits of another date on a day, or with hits of its date on another.
ASTRAY = f"""
SELECT DISTINCT site_id FROM hits
WHERE {_SITES} AND received_at >= $since - INTERVAL 3 DAYS
    AND received_at < $until + INTERVAL 3 DAYS
    AND (day = $day) <> (received_at >= $since AND received_at < $until)
"""


def _none(*names: str) -> str:
    return ", ".join(f"0 AS {name}" for name in names)


def roll_up(dimension: str) -> str:
    """The day's totals by one dimension, of the sites that are left.

    Grouped step by step: to count what is distinct takes several times as long.
    """
    of_page = dimension or "''"
    return f"""
        INSERT INTO day_rollups
        WITH by_page AS (
            SELECT site_id, {of_page} AS value, visitor, page, count(*) AS pageviews
            FROM day_views WHERE {_SITES} GROUP BY ALL
        ),
        by_visitor AS (
            SELECT site_id, value, visitor, sum(pageviews) AS pageviews, count(*) AS uniques
            FROM by_page GROUP BY ALL
        )
        SELECT site_id, $since, '{dimension}', value,
            {", ".join(f"sum({name})" for name in SUMS)}
        FROM (
            SELECT site_id, value, sum(pageviews) AS pageviews, sum(uniques) AS uniques,
                count(*) AS visitors, {_none(*OF_VISITS_BEGUN, *OF_DEEDS, "revenue")}
            FROM by_visitor GROUP BY ALL
            UNION ALL BY NAME
            SELECT site_id, {ROLLED_UP[dimension]} AS value, {_none(*OF_VIEWS)},
                count(*) AS visits, count(*) FILTER (WHERE views = 1) AS bounces,
                sum(lasted) AS duration, {_none(*OF_DEEDS, "revenue")}
            FROM day_visits WHERE {_SITES} GROUP BY ALL
            UNION ALL BY NAME
            SELECT site_id, {dimension or "''"} AS value, {_none(*OF_VIEWS, *OF_VISITS_BEGUN)},
                count(*) FILTER (WHERE is_entry) AS entrances,
                count(*) FILTER (WHERE is_entry AND is_engaged) AS engaged_entrances,
                count(*) FILTER (WHERE kind = 'conversion') AS conversions,
                count(*) FILTER (WHERE kind = 'micro') AS microconversions,
                coalesce(sum(amount) FILTER (WHERE kind = 'conversion'), 0) AS revenue
            FROM day_deeds WHERE {_SITES} GROUP BY ALL
        )
        GROUP BY site_id, value ORDER BY site_id, value
    """


def roll_up_events(dimension: str) -> str:
    """As `roll_up`, of events."""
    return f"""
        INSERT INTO day_event_rollups
        WITH by_visitor AS (
            SELECT site_id, {dimension or "''"} AS value, visitor, count(*) AS conversions,
                sum(amount) AS worth
            FROM day_events WHERE {_SITES} GROUP BY ALL
        )
        SELECT site_id, $since, '{dimension}', value, sum(conversions), count(*), sum(worth)
        FROM by_visitor GROUP BY site_id, value ORDER BY site_id, value
    """


UNCHANGED = f"""
SELECT site_id FROM summarised
WHERE {_SITES} AND rollups_until < $until AND visits_until >= $until
    AND (site_id, rollups_until) IN (SELECT (unnest($sites), unnest($rolled)))
"""

FORGET_DAYS = tuple(
    f"DELETE FROM {table} WHERE begins >= $since AND {_SITES}"
    for table in ("rollups", "event_rollups")
)

STORE_ROLLUPS = tuple(
    f"INSERT INTO {table} FROM day_{table} WHERE {_SITES}" for table in ("rollups", "event_rollups")
)

ROLLUPS_UNTIL = f"""
UPDATE summarised SET rollups_until = $until, next_day = $next_day,
    rollups_since = CASE WHEN site_id IN (SELECT unnest($skipped)) THEN $until
        ELSE rollups_since END
WHERE {_SITES}
"""

# After a load: what it took in may belong to a visit that was worked out, or to a day that was
# rolled up; the first hit after a change of zone may have such a day's date, too.
MOVE_BACK = """
UPDATE summarised SET
    visits_until = least(visits_until, touched.since),
    rollups_until = CASE WHEN touched.day < next_day
        THEN rollups_until - (next_day - touched.day) * INTERVAL 25 HOURS ELSE rollups_until END,
    next_day = least(next_day, touched.day)
FROM (
    SELECT site_id, min(least(received_at, visit_started_at)) AS since, min(day) AS day
    FROM hits
    WHERE hit_id >= (SELECT (CAST(segment AS UBIGINT) << 32) | "offset" FROM loaded)
    GROUP BY site_id
) AS touched
WHERE summarised.site_id = touched.site_id
    AND (touched.since < visits_until OR touched.day < next_day)
"""

# What is left of a visit whose first hits are gone belongs to it still.
EXPIRE_VISITS = """
DELETE FROM visits WHERE site_id = $site AND started_at < $before
    AND started_at + to_microseconds(lasted) < $before
"""

IS_KEPT = """
SELECT count(*) FROM summarised WHERE site_id = $site AND least <= 1 AND (
    rollups_until >= $before
    OR rollups_until > (SELECT max(last_hit_at) FROM site_facts WHERE site_id = $site)
)
"""
