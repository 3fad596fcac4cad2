"""The questions that have no parameters but a site and a time, as SQL."""

from leadline.warehouse import IS_HIT, Dialect

CLOSE = 5
"""Two pageviews of one page load are no further apart, in seconds."""

ORIGINS = 10
"""So many hosts are told for a reason."""

FACTS = """
SELECT min(first_hit_at), max(last_hit_at) FROM site_facts WHERE site_id = $site GROUP BY site_id
"""

TOTAL = f"""
SELECT count(*) FROM hits
WHERE site_id = $site AND received_at >= $since AND received_at < $until AND {IS_HIT}
"""


def by_day(dialect: Dialect) -> str:
    """Of each hit the number of days that have begun by then."""
    return f"""
        SELECT {dialect.begun("begins", by="received_at")} AS nth, count(*)
        FROM hits WHERE site_id = $site AND received_at >= $since AND received_at < $until
            AND {IS_HIT}
        GROUP BY nth
    """


def activity(dialect: Dialect) -> str:
    return f"""
        WITH asked AS {dialect.rows(site_id="sites", since="since")},
        facts AS (
            SELECT site_id, max(last_hit_at) AS last_at FROM site_facts
            WHERE site_id IN (SELECT site_id FROM asked) GROUP BY site_id
        ),
        counted AS (
            SELECT hits.site_id AS site_id, count(*) AS hits_today
            FROM hits JOIN asked ON hits.site_id = asked.site_id
            WHERE hits.received_at >= asked.since AND hits.received_at >= $earliest
                AND hits.received_at < $until AND hits.site_id IN (SELECT site_id FROM asked)
                AND {IS_HIT}
            GROUP BY hits.site_id
        )
        SELECT facts.site_id, facts.last_at, coalesce(counted.hits_today, 0)
        FROM facts LEFT JOIN counted ON facts.site_id = counted.site_id
    """


def doubled(dialect: Dialect) -> str:
    """Which pageviews have one of the other wire beside them, and how many pairs that makes."""
    close = CLOSE * 1_000_000
    return f"""
        WITH near AS (
            SELECT visitor, origin, path, wire,
                count(*) FILTER (WHERE wire = 'fathom') OVER beside AS fathom,
                count(*) FILTER (WHERE wire = 'seal') OVER beside AS seal
            FROM hits
            WHERE site_id = $site AND received_at >= $since AND received_at < $until
                AND kind = 'pageview' AND wire <> ''
            WINDOW beside AS (
                PARTITION BY visitor, origin, path ORDER BY {dialect.microseconds("received_at")}
                RANGE BETWEEN {close} PRECEDING AND {close} FOLLOWING
            )
        ),
        pairs AS (
            SELECT least(
                count(*) FILTER (WHERE wire = 'fathom' AND seal > 0),
                count(*) FILTER (WHERE wire = 'seal' AND fathom > 0)
            ) AS of_one_page
            FROM near GROUP BY visitor, origin, path
        )
        SELECT coalesce(sum(of_one_page), 0) FROM pairs
    """


NEWEST = "SELECT last_hit_at FROM site_facts ORDER BY last_hit_at DESC LIMIT 1"

HELD = f"""
SELECT count(*), min(received_at), max(received_at) FROM hits
WHERE site_id = $site AND received_at < $before AND {IS_HIT}
"""

EVENT_NAMES = """
SELECT name, min(received_at), max(received_at) FROM hits
WHERE site_id = $site AND received_at < $until AND kind IN ('conversion', 'micro') AND name <> ''
GROUP BY name
"""

REFUSALS = f"""
WITH counted AS (
    SELECT reason, origin, CAST(sum(refused) AS BIGINT) AS total,
        max(minute) AS last
    FROM refusals
    WHERE site_id = $site AND minute >= $since AND minute <= $until
    GROUP BY reason, origin
),
ranked AS (
    SELECT reason, origin, total, row_number() OVER by_count AS nth,
        CAST(sum(total) OVER (PARTITION BY reason) AS BIGINT) AS of_reason,
        max(last) OVER (PARTITION BY reason) AS last_of_reason
    FROM counted
    WINDOW by_count AS (PARTITION BY reason ORDER BY total DESC, origin)
)
SELECT reason, of_reason, last_of_reason, origin, total FROM ranked
WHERE nth <= {ORIGINS} ORDER BY of_reason DESC, reason, nth
"""
