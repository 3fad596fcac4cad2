"""The SQL of the DuckDB engine: its tables, and how a batch becomes hits and visits.

All times are in UTC. `origin` and `referrer` are scheme and host; `amount` is in the currency of
the site. A visit is the hits of one visitor of one site with less than 30 minutes between them.
Departures are rows of `hits` that are none: they neither make nor prolong a visit.
"""

from leadline.warehouse import clustering, summaries_sql
from leadline.warehouse.batch import ENRICHED

VISIT_ENDS_AFTER = "INTERVAL 30 MINUTES"

VISIT_KEPT_FOR = "INTERVAL 25 HOURS"
"""After its last hit: one that is told of a day late may belong to it."""

ATTRIBUTED = ("source", "medium", "channel")
"""What the other columns of a source come to; all empty of a hit taken by version 0.1.0."""

_SENT = (
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
SOURCE_COLUMNS = (*_SENT, *ATTRIBUTED)

_SOURCE_TYPE = "STRUCT(" + ", ".join(f"{column} VARCHAR" for column in SOURCE_COLUMNS) + ")"
_SENT_DEFINITIONS = ",\n    ".join(f"{column} VARCHAR NOT NULL" for column in _SENT)
_ADDED_DEFINITIONS = ",\n    ".join(
    f"{column} VARCHAR NOT NULL DEFAULT ''" for column in (*ATTRIBUTED, *ENRICHED)
)

_NOT_ATTRIBUTED = ", ".join(f"{column} := ''" for column in ATTRIBUTED)

SCHEMA_VERSION = 6

# The ids that hits came with, and how often the server's date has changed since the beginning: a
# clock that jumps by years changes it once.
_IDS = """
CREATE TABLE known_ids (site_id INTEGER NOT NULL, id UUID NOT NULL, date_number INTEGER NOT NULL);
CREATE TABLE dates (number INTEGER NOT NULL, last DATE NOT NULL);
INSERT INTO dates VALUES (0, '1970-01-01')
"""

_LIVE_VISITS = f"""
CREATE TABLE live_visits (
    site_id INTEGER NOT NULL,
    visitor UBIGINT NOT NULL,
    visit_id UBIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    pageviews BIGINT NOT NULL,
    source {_SOURCE_TYPE} NOT NULL,
    first_at TIMESTAMP NOT NULL,          -- before started_at if an earlier hit came later
    previous UBIGINT                      -- the visitor's hash under the day before, if it is known
);
"""

MIGRATIONS = {
    2: """
    ALTER TABLE hits ADD COLUMN wire VARCHAR DEFAULT '';
    ALTER TABLE hits ALTER COLUMN wire SET NOT NULL
    """,
    3: ";\n".join(
        f"ALTER TABLE hits ADD COLUMN {column} VARCHAR DEFAULT '';"
        f" ALTER TABLE hits ALTER COLUMN {column} SET NOT NULL"
        for column in (*ATTRIBUTED, *ENRICHED)
    )
    + f""";
    {_IDS};
    ALTER TABLE live_visits RENAME TO former_visits;
    {_LIVE_VISITS}
    INSERT INTO live_visits
    SELECT * REPLACE (struct_insert(source, {_NOT_ATTRIBUTED}) AS source), started_at, NULL
    FROM former_visits;
    DROP TABLE former_visits
    """,
    4: summaries_sql.SCHEMA,
    5: clustering.SCHEMA,
    6: summaries_sql.ADD_DEEDS,
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
    kind VARCHAR NOT NULL,                -- pageview, conversion, micro or departure
    origin VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    amount DECIMAL(18, 4),
    properties VARCHAR,                   -- a JSON object of strings
    content_group VARCHAR NOT NULL,
    browser_timezone VARCHAR NOT NULL,
    {_SENT_DEFINITIONS},
    wire VARCHAR NOT NULL DEFAULT '',     -- fathom, seal or api; empty before version 2
    {_ADDED_DEFINITIONS}
);
{_LIVE_VISITS}
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
{summaries_sql.SCHEMA};
{clustering.SCHEMA};
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES ({SCHEMA_VERSION});
"""

KEPT = ("hits", "site_facts", "refusals", "erased_sites")
"""The tables of a backup. The others speak of visitors under salts that no backup has."""

FILE_FORMAT = "FORMAT parquet, COMPRESSION zstd"

PART_FORMAT = f"{FILE_FORMAT}, ROW_GROUP_SIZE 20480"
"""Of a file of which hits are read a few at a time, however large they are."""

LAST_HIT = "SELECT max(hit_id) FROM read_parquet($file)"

ERASE = tuple(
    f"DELETE FROM {table} WHERE site_id = $site"
    for table in (
        *("hits", "live_visits", "visitor_days", "site_facts", "refusals", "known_ids"),
        *summaries_sql.TABLES,
    )
)

# The batch as it came, in the order of the spool and the types of the warehouse, without the hits
# of erased sites. A filter would let a piece of few rows fall behind the next.
ARRIVE = (
    """
    CREATE OR REPLACE TEMP TABLE arrived AS
    SELECT * EXCLUDE (received_us, day, amount),
        make_timestamp(received_us) AS received_at,
        CAST(day AS DATE) AS day,
        CAST(amount AS DECIMAL(18, 4)) AS amount
    FROM batch
    """,
    "DELETE FROM arrived WHERE site_id IN (SELECT site_id FROM erased_sites)",
)

# Of the visits that are known only those count that end later than this. As they are stored in
# the order of their ends, the others are not even read.
BEGIN = f"""
SET VARIABLE since = (SELECT min(received_at) - {VISIT_ENDS_AFTER} FROM arrived)
"""
_RECENT = "last_at > getvariable('since')"

# A visitor's hits after midnight carry another hash than those before; in the first half hour
# they carry both, and a visit that they belong to remembers both.
LINK = f"""
CREATE OR REPLACE TEMP TABLE links AS
SELECT site_id, visitor, max(previous) AS previous
FROM (
    SELECT site_id, visitor, previous FROM arrived WHERE previous IS NOT NULL
    UNION ALL
    SELECT site_id, visitor, previous FROM live_visits
    WHERE previous IS NOT NULL AND {_RECENT} AND (
        (site_id, visitor) IN (SELECT (site_id, visitor) FROM arrived)
        OR (site_id, previous) IN (SELECT (site_id, visitor) FROM arrived)
    )
)
GROUP BY site_id, visitor
"""

# `chain` is the one name under which a batch knows a visitor: of all the hashes that are linked,
# over however many midnights the batch holds, the oldest.
FOLLOW = """
CREATE OR REPLACE TEMP TABLE names AS
WITH RECURSIVE linked AS (
    SELECT site_id, visitor, previous FROM links
    UNION
    SELECT linked.site_id, linked.visitor, links.previous
    FROM linked JOIN links ON links.site_id = linked.site_id AND links.visitor = linked.previous
)
SELECT site_id, visitor, previous AS chain FROM linked
WHERE (site_id, previous) NOT IN (SELECT (site_id, visitor) FROM links)
"""

CHAIN = """
CREATE OR REPLACE TEMP TABLE chained AS
SELECT hit_id, site_id, visitor, day, received_at, kind = 'pageview' AS is_pageview,
    coalesce(names.chain, arrived.visitor) AS chain
FROM arrived LEFT JOIN names USING (site_id, visitor)
"""

# What each hit is to its visit and its visitor. The columns are few, for the windows' sake: the
# rest of a hit is joined when it is stored.
#
# The visits that are known take part as spans of time. Spans and hits with less than 30 minutes
# between them are a cluster. A hit belongs to the last visit of its cluster that was known and had
# begun; before any had, to the first; where none was known, to one that begins with the cluster. So
# a hit that comes late finds its visit, and nothing that is stored has to change.
PLACE = f"""
CREATE OR REPLACE TEMP TABLE placed AS
WITH all_names AS (
    SELECT site_id, chain, visitor FROM chained
    UNION SELECT site_id, chain, chain FROM chained
    UNION SELECT site_id, chain, visitor FROM names
),
known AS (
    SELECT site_id, chain, visit_id, started_at, first_at, last_at, pageviews
    FROM all_names JOIN live_visits USING (site_id, visitor) WHERE {_RECENT}
),
spans AS (
    SELECT hit_id, NULL AS known_id, site_id, visitor, day, received_at, chain, is_pageview,
        received_at AS ends
    FROM chained
    UNION ALL
    SELECT NULL, visit_id, site_id, NULL, NULL, first_at, chain, NULL, last_at FROM known
),
spaced AS (
    SELECT *, max(ends) OVER (
        PARTITION BY site_id, chain ORDER BY received_at, hit_id NULLS FIRST, known_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before
    FROM spans
),
clustered AS (
    SELECT *, sum(CASE WHEN received_at - before < {VISIT_ENDS_AFTER} THEN 0 ELSE 1 END) OVER (
        PARTITION BY site_id, chain ORDER BY received_at, hit_id NULLS FIRST, known_id
        ROWS UNBOUNDED PRECEDING
    ) AS cluster
    FROM spaced
),
given AS (
    SELECT *, coalesce(
            last_value(known_id IGNORE NULLS) OVER up_to_here,
            first_value(known_id IGNORE NULLS) OVER in_cluster
        ) AS known_visit,
        first_value(hit_id IGNORE NULLS) OVER in_cluster AS first_hit,
        first_value(received_at) OVER in_cluster AS begins
    FROM clustered
    WINDOW up_to_here AS (
        PARTITION BY site_id, chain, cluster ORDER BY received_at, hit_id NULLS FIRST, known_id
        ROWS UNBOUNDED PRECEDING
    ),
    in_cluster AS (
        PARTITION BY site_id, chain, cluster ORDER BY received_at, hit_id NULLS FIRST, known_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),
numbered AS (
    SELECT given.* EXCLUDE (begins), coalesce(known_visit, first_hit) AS visit_id,
        coalesce(known.started_at, begins) AS visit_started_at,
        coalesce(known.pageviews, 0) AS pageviews_before
    FROM given LEFT JOIN known ON known.visit_id = given.known_visit
    WHERE hit_id IS NOT NULL
)
SELECT hit_id, site_id, visitor, day, received_at, is_pageview, visit_id, visit_started_at,
    hit_id = visit_id AS is_entry,
    pageviews_before + count(*) FILTER (is_pageview) OVER in_visit AS pageviews_so_far,
    is_pageview AND pageviews_so_far = 2 AS is_second_pageview,
    row_number() OVER (
        PARTITION BY site_id, day, visitor ORDER BY received_at, hit_id
    ) = 1 AND NOT EXISTS (
        SELECT 1 FROM visitor_days AS seen
        WHERE seen.site_id = numbered.site_id AND seen.day = numbered.day
            AND seen.visitor = numbered.visitor
    ) AS is_new_visitor
FROM numbered
WINDOW in_visit AS (
    PARTITION BY visit_id ORDER BY received_at, hit_id ROWS UNBOUNDED PRECEDING
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
WHERE {_RECENT} AND visit_id IN (SELECT visit_id FROM placed)
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
        f"CASE WHEN found.is_pageview THEN arrived.{column} ELSE found.source.{column} END"
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
    f"""
    CREATE OR REPLACE TEMP TABLE renewed AS
    WITH touched AS (
        SELECT site_id, visit_id, any_value(visit_started_at) AS started_at,
            min(received_at) AS first_at, max(received_at) AS last_at,
            last(visitor ORDER BY received_at, hit_id) AS visitor,
            max(pageviews_so_far) AS pageviews
        FROM placed GROUP BY site_id, visit_id
    ),
    known AS (SELECT * FROM live_visits WHERE {_RECENT})
    SELECT touched.site_id,
        CASE WHEN known.last_at > touched.last_at THEN known.visitor ELSE touched.visitor END
            AS visitor,
        visit_id, touched.started_at, greatest(touched.last_at, known.last_at) AS last_at,
        touched.pageviews, visit_sources.source, least(touched.first_at, known.first_at) AS first_at
    FROM touched JOIN visit_sources USING (visit_id) LEFT JOIN known USING (visit_id)
    """,
    f"""
    DELETE FROM live_visits WHERE {_RECENT} AND visit_id IN (SELECT visit_id FROM renewed)
    """,
    """
    INSERT INTO live_visits
    SELECT renewed.*, links.previous FROM renewed LEFT JOIN links USING (site_id, visitor)
    ORDER BY last_at
    """,
    """
    INSERT INTO visitor_days SELECT site_id, day, visitor FROM placed WHERE is_new_visitor
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

TAKE_IN = (BEGIN, LINK, FOLLOW, CHAIN, PLACE, FIND_SOURCES, STORE_HITS, *REMEMBER)

# A departure goes with the visit whose last hit before it is less than 30 minutes ago, under the
# visitor's hash of the day or of the day before; without one it is gone. `live_visits` is asked
# after the hits of the batch are in it. Each way to be the same visitor is a row of its own, as a
# join by one hash or another would compare every departure of a site with every visit.
STORE_DEPARTURES = f"""
INSERT INTO hits ({_PLACED_COLUMNS}, {_ARRIVED_COLUMNS}, {", ".join(SOURCE_COLUMNS)})
SELECT batch.site_id, make_timestamp(received_us), CAST(day AS DATE), hit_id, batch.visitor,
    visit_id, started_at, false, false, false,
    {_ARRIVED_COLUMNS.replace("amount", "CAST(amount AS DECIMAL(18, 4))")},
    {", ".join(f"visits.source.{column}" for column in SOURCE_COLUMNS)}
FROM (
    SELECT *, unnest([visitor, previous, visitor]) AS hash,
        unnest([false, false, true]) AS is_former
    FROM batch
) AS batch
JOIN (
    SELECT *, visitor AS hash, false AS is_former FROM live_visits
    UNION ALL SELECT *, previous, true FROM live_visits WHERE previous IS NOT NULL
) AS visits
    ON visits.site_id = batch.site_id AND visits.hash = batch.hash
    AND visits.is_former = batch.is_former
WHERE batch.site_id NOT IN (SELECT site_id FROM erased_sites)
    AND (make_timestamp(received_us), hit_id) > (visits.first_at, visit_id)
    AND make_timestamp(received_us) < visits.last_at + {VISIT_ENDS_AFTER}
QUALIFY row_number() OVER (PARTITION BY hit_id ORDER BY visits.last_at DESC, visit_id) = 1
ORDER BY hit_id
"""

# After the departures, whose visits may be as old as the oldest hit of the batch.
FORGET = (
    f"""
    DELETE FROM live_visits
    WHERE last_at NOT BETWEEN (SELECT max(received_at) FROM placed) - {VISIT_KEPT_FOR}
        AND (SELECT max(received_at) FROM placed) + {VISIT_KEPT_FOR}
    """,
    """
    DELETE FROM visitor_days WHERE abs(day - (SELECT max(day) FROM placed)) > 3
    """,
    *(
        f"DROP TABLE {table}"
        for table in (
            "arrived",
            "links",
            "names",
            "chained",
            "placed",
            "visit_sources",
            "renewed",
            "facts",
        )
    ),
)

ORIGINS = 20
"""So many hosts are kept for a site, a minute and a reason; the others are one."""

REFUSALS_KEPT_DAYS = 7
"""Days, and a minute."""

_NEWEST_REFUSAL = "(SELECT date_trunc('minute', make_timestamp(max(received_us))) FROM batch)"

# What is kept is kept for some time before the newest of the batch, and after it: a clock that was
# wrong once may have left records of times to come, which would otherwise stay, or end the others.
STORE_REFUSALS = (
    f"""
    CREATE OR REPLACE TEMP TABLE refused AS
    WITH arrived AS (
        SELECT site_id, date_trunc('minute', make_timestamp(received_us)) AS minute, reason,
            origin, count(*) AS refused
        FROM batch
        WHERE site_id NOT IN (SELECT site_id FROM erased_sites)
        GROUP BY ALL
    ),
    known AS (
        FROM refusals
        WHERE (site_id, minute, reason) IN (SELECT (site_id, minute, reason) FROM arrived)
    ),
    counted AS (
        SELECT site_id, minute, reason, origin, sum(refused) AS refused
        FROM (FROM arrived UNION ALL FROM known) GROUP BY ALL
    ),
    ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY site_id, minute, reason ORDER BY origin = '', refused DESC, origin
        ) AS nth
        FROM counted
    )
    SELECT site_id, minute, reason, CASE WHEN nth <= {ORIGINS} THEN origin ELSE '' END AS named,
        CAST(sum(refused) AS BIGINT) AS refused
    FROM ranked GROUP BY site_id, minute, reason, named
    """,
    """
    DELETE FROM refusals
    WHERE (site_id, minute, reason) IN (SELECT (site_id, minute, reason) FROM refused)
    """,
    "INSERT INTO refusals FROM refused",
    "DROP TABLE refused",
    f"""
    DELETE FROM refusals
    WHERE minute NOT BETWEEN
        {_NEWEST_REFUSAL} - INTERVAL {REFUSALS_KEPT_DAYS} DAYS - INTERVAL 1 MINUTE
        AND {_NEWEST_REFUSAL} + INTERVAL {REFUSALS_KEPT_DAYS} DAYS
    """,
)
