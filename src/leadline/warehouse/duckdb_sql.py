"""The SQL of the DuckDB engine: its tables, and how a batch becomes hits and visits.

All times are in UTC. `origin` and `referrer` are scheme and host; `amount` is in the currency of
the site. A visit is the hits of one visitor of one site with less than 30 minutes between them.
"""

from leadline.warehouse.batch import ENRICHED

VISIT_ENDS_AFTER = "INTERVAL 30 MINUTES"

SOURCE_COLUMNS = (
    "referrer",
    "referrer_path",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "ref",
    "keyword",
)

_SOURCE_TYPE = "STRUCT(" + ", ".join(f"{column} VARCHAR" for column in SOURCE_COLUMNS) + ")"
_SOURCE_DEFINITIONS = ",\n    ".join(f"{column} VARCHAR NOT NULL" for column in SOURCE_COLUMNS)

_ENRICHED_DEFINITIONS = ",\n    ".join(
    f"{column} VARCHAR NOT NULL DEFAULT ''" for column in ENRICHED
)

SCHEMA_VERSION = 3

# The ids that hits came with, and how often the server's date has changed since the beginning: a
# clock that jumps by years changes it once.
_IDS = """
CREATE TABLE known_ids (site_id INTEGER NOT NULL, id UUID NOT NULL, date_number INTEGER NOT NULL);
CREATE TABLE dates (number INTEGER NOT NULL, last DATE NOT NULL);
INSERT INTO dates VALUES (0, '1970-01-01')
"""

MIGRATIONS = {
    2: """
    ALTER TABLE hits ADD COLUMN wire VARCHAR DEFAULT '';
    ALTER TABLE hits ALTER COLUMN wire SET NOT NULL
    """,
    3: ";\n".join(
        f"ALTER TABLE hits ADD COLUMN {column} VARCHAR DEFAULT '';"
        f" ALTER TABLE hits ALTER COLUMN {column} SET NOT NULL"
        for column in ENRICHED
    )
    + f";{_IDS}",
}
"""What turns a file of the version before into one of this."""

SCHEMA = f"""
CREATE TABLE hits (
    site_id INTEGER NOT NULL,
    received_at TIMESTAMP NOT NULL,
    day DATE NOT NULL,                    -- the site's local date whose salt made `visitor`
    hit_id UBIGINT NOT NULL,              -- grows with the spool
    visitor UBIGINT NOT NULL,
    visit_id UBIGINT NOT NULL,            -- the hit_id of the visit's first hit
    visit_started_at TIMESTAMP NOT NULL,
    is_entry BOOLEAN NOT NULL,            -- the first hit of its visit
    is_new_visitor BOOLEAN NOT NULL,      -- the first hit of its visitor on its day
    is_second_pageview BOOLEAN NOT NULL,  -- makes its visit an engaged one
    kind VARCHAR NOT NULL,                -- pageview, conversion or micro
    origin VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    amount DECIMAL(18, 4),
    properties VARCHAR,                   -- a JSON object of strings
    content_group VARCHAR NOT NULL,
    browser_timezone VARCHAR NOT NULL,
    {_SOURCE_DEFINITIONS},
    wire VARCHAR NOT NULL DEFAULT '',     -- fathom, seal or api; empty before version 2
    {_ENRICHED_DEFINITIONS}
);
CREATE TABLE live_visits (
    site_id INTEGER NOT NULL,
    visitor UBIGINT NOT NULL,
    visit_id UBIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    pageviews BIGINT NOT NULL,
    source {_SOURCE_TYPE} NOT NULL
);
CREATE TABLE visitor_days (site_id INTEGER NOT NULL, day DATE NOT NULL, visitor UBIGINT NOT NULL);
CREATE TABLE site_facts (
    site_id INTEGER NOT NULL, first_hit_at TIMESTAMP NOT NULL, last_hit_at TIMESTAMP NOT NULL
);
CREATE TABLE refusals (
    site_id INTEGER NOT NULL, minute TIMESTAMP NOT NULL, reason VARCHAR NOT NULL,
    origin VARCHAR NOT NULL, refused BIGINT NOT NULL
);
CREATE TABLE erased_sites (site_id INTEGER NOT NULL);
CREATE TABLE loaded (segment BIGINT NOT NULL, "offset" BIGINT NOT NULL);
INSERT INTO loaded VALUES (0, 0);
{_IDS};
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES ({SCHEMA_VERSION});
"""

KEPT = ("hits", "site_facts", "refusals", "erased_sites")
"""The tables of a backup. The others speak of visitors under salts that no backup has."""

FILE_FORMAT = "FORMAT parquet, COMPRESSION zstd"

LAST_HIT = "SELECT max(hit_id) FROM read_parquet($file)"

ERASE = tuple(
    f"DELETE FROM {table} WHERE site_id = $site"
    for table in ("hits", "live_visits", "visitor_days", "site_facts", "refusals", "known_ids")
)

# The batch as it came, in the order of the spool and the types of the warehouse, without the hits
# of erased sites.
ARRIVE = """
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT * EXCLUDE (received_us, day, amount),
    make_timestamp(received_us) AS received_at,
    CAST(day AS DATE) AS day,
    CAST(amount AS DECIMAL(18, 4)) AS amount
FROM batch
WHERE site_id NOT IN (SELECT site_id FROM erased_sites)
"""

DATES_KEPT = 9
"""So many changes of the date an id stays known: seven days, and a clock that jumps and returns."""

# Of the hits with one id only the first that ever came stays. Asked again it is the same.
DROP_REPEATED = (
    """
    CREATE OR REPLACE TEMP TABLE named AS
    SELECT hit_id, site_id, CAST(id AS UUID) AS id, date_number,
        row_number() OVER (PARTITION BY site_id, id ORDER BY hit_id) = 1 AND NOT EXISTS (
            SELECT 1 FROM known_ids AS known
            WHERE known.site_id = batch.site_id AND known.id = CAST(batch.id AS UUID)
        ) AS is_new
    FROM batch
    WHERE site_id NOT IN (SELECT site_id FROM erased_sites)
    """,
    "DELETE FROM arrived WHERE hit_id IN (SELECT hit_id FROM named WHERE NOT is_new)",
    "INSERT INTO known_ids SELECT site_id, id, date_number FROM named WHERE is_new",
    "DROP TABLE named",
)
FIND_DATE = "SELECT number, last FROM dates"
CHANGE_DATE = (
    "UPDATE dates SET number = $number, last = $last",
    f"DELETE FROM known_ids WHERE date_number < $number - {DATES_KEPT}",
)

# A visitor's hits after midnight carry another hash than those before; in the first half hour
# they carry both. `chain` is the one name under which a batch knows the visitor: of all the
# hashes that are linked, over however many midnights the batch holds, the oldest.
CHAIN = """
CREATE OR REPLACE TEMP TABLE chained AS
WITH RECURSIVE links AS (
    SELECT site_id, visitor, max(previous) AS previous
    FROM arrived WHERE previous IS NOT NULL GROUP BY ALL
),
linked AS (
    SELECT site_id, visitor, previous FROM links
    UNION
    SELECT linked.site_id, linked.visitor, links.previous
    FROM linked JOIN links ON links.site_id = linked.site_id AND links.visitor = linked.previous
),
oldest AS (
    SELECT site_id, visitor, previous FROM linked
    WHERE (site_id, previous) NOT IN (SELECT (site_id, visitor) FROM links)
)
SELECT hit_id, site_id, visitor, day, received_at, kind = 'pageview' AS is_pageview,
    coalesce(oldest.previous, arrived.visitor) AS chain
FROM arrived LEFT JOIN oldest USING (site_id, visitor)
"""

# What each hit is to its visit and its visitor. The columns are few, for the windows' sake: the
# rest of a hit is joined when it is stored.
PLACE = f"""
CREATE OR REPLACE TEMP TABLE placed AS
WITH names AS (
    SELECT site_id, chain, visitor FROM chained
    UNION SELECT site_id, chain, chain FROM chained
),
known AS (
    SELECT site_id, chain, visit_id, started_at, last_at, pageviews
    FROM names JOIN live_visits USING (site_id, visitor)
    QUALIFY row_number() OVER (
        PARTITION BY site_id, chain ORDER BY last_at DESC, visit_id DESC
    ) = 1
),
spaced AS (
    SELECT chained.*, known.visit_id AS known_visit_id, known.started_at AS known_started_at,
        known.pageviews AS known_pageviews,
        coalesce(lag(chained.received_at) OVER in_order, known.last_at) AS before
    FROM chained LEFT JOIN known USING (site_id, chain)
    WINDOW in_order AS (PARTITION BY site_id, chain ORDER BY chained.received_at, chained.hit_id)
),
parted AS (
    SELECT *, before IS NULL OR received_at - before >= {VISIT_ENDS_AFTER} AS is_entry,
        sum(CAST(is_entry AS INTEGER)) OVER (
            PARTITION BY site_id, chain ORDER BY received_at, hit_id ROWS UNBOUNDED PRECEDING
        ) AS visit_number
    FROM spaced
)
SELECT hit_id, site_id, visitor, day, received_at, chain, is_pageview, is_entry,
    CASE WHEN visit_number = 0 THEN known_visit_id ELSE first_value(hit_id) OVER in_visit END
        AS visit_id,
    CASE WHEN visit_number = 0 THEN known_started_at ELSE first_value(received_at) OVER in_visit END
        AS visit_started_at,
    CASE WHEN visit_number = 0 THEN known_pageviews ELSE 0 END
        + count(*) FILTER (is_pageview) OVER in_visit AS pageviews_so_far,
    is_pageview AND pageviews_so_far = 2 AS is_second_pageview,
    row_number() OVER (
        PARTITION BY site_id, day, visitor ORDER BY received_at, hit_id
    ) = 1 AND NOT EXISTS (
        SELECT 1 FROM visitor_days AS seen
        WHERE seen.site_id = parted.site_id AND seen.day = parted.day
            AND seen.visitor = parted.visitor
    ) AS is_new_visitor
FROM parted
WINDOW in_visit AS (
    PARTITION BY site_id, chain, visit_number ORDER BY received_at, hit_id ROWS UNBOUNDED PRECEDING
)
"""

# Of every visit that the batch touches: the source of its first hit.
FIND_SOURCES = f"""
CREATE OR REPLACE TEMP TABLE visit_sources AS
SELECT placed.visit_id,
    struct_pack({", ".join(f"{column} := {column}" for column in SOURCE_COLUMNS)}) AS source
FROM placed JOIN arrived USING (hit_id) WHERE placed.is_entry
UNION ALL
SELECT visit_id, source FROM live_visits
WHERE visit_id IN (SELECT visit_id FROM placed) AND visit_id NOT IN (SELECT hit_id FROM placed)
"""

_ARRIVED_COLUMNS = ", ".join(
    (
        *("kind", "origin", "path", "name", "amount", "properties", "content_group"),
        *("browser_timezone", "wire", *ENRICHED),
    )
)
_PLACED_COLUMNS = (
    "site_id, received_at, day, hit_id, visitor, visit_id, visit_started_at, is_entry,"
    " is_new_visitor, is_second_pageview"
)

# An event keeps the source of its visit; a pageview keeps its own. Both sides are in the order of
# the spool, so the wide rows of `arrived` are neither sorted nor hashed.
STORE_HITS = f"""
INSERT INTO hits ({_PLACED_COLUMNS}, {_ARRIVED_COLUMNS}, {", ".join(SOURCE_COLUMNS)})
SELECT {
    ", ".join(f"found.{column}" for column in _PLACED_COLUMNS.split(", ")).replace(
        "found.hit_id",
        "CASE WHEN found.hit_id = arrived.hit_id THEN found.hit_id ELSE error('out of order') END",
    )
},
    {_ARRIVED_COLUMNS},
    {
    ", ".join(
        f"CASE WHEN found.is_pageview THEN {column} ELSE found.source.{column} END"
        for column in SOURCE_COLUMNS
    )
}
FROM arrived POSITIONAL JOIN (
    SELECT placed.*, visit_sources.source
    FROM placed LEFT JOIN visit_sources
        ON NOT placed.is_pageview AND visit_sources.visit_id = placed.visit_id
    ORDER BY placed.hit_id
) AS found
"""

REMEMBER = (
    """
    DELETE FROM live_visits USING (
        SELECT site_id, visitor FROM placed UNION SELECT site_id, chain FROM placed
    ) AS touched
    WHERE live_visits.site_id = touched.site_id AND live_visits.visitor = touched.visitor
    """,
    """
    INSERT INTO live_visits
    SELECT site_id, visitor, visit_id, visit_started_at, received_at, pageviews_so_far, source
    FROM placed JOIN visit_sources USING (visit_id)
    QUALIFY row_number() OVER (
        PARTITION BY site_id, chain ORDER BY received_at DESC, hit_id DESC
    ) = 1
    """,
    f"""
    DELETE FROM live_visits
    WHERE last_at < (SELECT max(received_at) FROM placed) - 2 * {VISIT_ENDS_AFTER}
    """,
    """
    INSERT INTO visitor_days SELECT site_id, day, visitor FROM placed WHERE is_new_visitor
    """,
    """
    DELETE FROM visitor_days WHERE day < (SELECT max(day) FROM placed) - 3
    """,
    """
    CREATE OR REPLACE TEMP TABLE facts AS
    SELECT site_id, min(first_hit_at) AS first_hit_at, max(last_hit_at) AS last_hit_at
    FROM (
        SELECT site_id, received_at AS first_hit_at, received_at AS last_hit_at FROM placed
        UNION ALL
        SELECT * FROM site_facts WHERE site_id IN (SELECT site_id FROM placed)
    ) GROUP BY site_id
    """,
    "DELETE FROM site_facts WHERE site_id IN (SELECT site_id FROM facts)",
    "INSERT INTO site_facts SELECT site_id, first_hit_at, last_hit_at FROM facts",
)

FORGET_BATCH = tuple(
    f"DROP TABLE {table}" for table in ("arrived", "chained", "placed", "visit_sources", "facts")
)

TAKE_IN = (CHAIN, PLACE, FIND_SOURCES, STORE_HITS, *REMEMBER, *FORGET_BATCH)

ORIGINS = 20
"""Of a batch so many hosts are kept for a site, a minute and a reason; the others are one."""

STORE_REFUSALS = (
    f"""
    INSERT INTO refusals
    WITH counted AS (
        SELECT site_id, date_trunc('minute', make_timestamp(received_us)) AS minute, reason,
            origin, count(*) AS refused
        FROM batch
        WHERE site_id NOT IN (SELECT site_id FROM erased_sites)
        GROUP BY ALL
    ),
    ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY site_id, minute, reason ORDER BY refused DESC, origin
        ) AS nth
        FROM counted
    )
    SELECT site_id, minute, reason, CASE WHEN nth <= {ORIGINS} THEN origin ELSE '' END AS named,
        CAST(sum(refused) AS BIGINT)
    FROM ranked GROUP BY site_id, minute, reason, named
    """,
    """
    DELETE FROM refusals
    WHERE minute < (SELECT max(minute) FROM refusals) - INTERVAL 24 HOURS - INTERVAL 1 MINUTE
    """,
)
