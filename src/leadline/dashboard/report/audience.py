"""Who looks at a report, and at how much of it."""

from typing import NamedTuple

from leadline.reports import Condition
from leadline.sites import Site


class Audience(NamedTuple):
    """`address` is where the report is, without a slash at its end; what lies below it is its own.

    `limit` holds for every question. Every link keeps `extra`, pairs of a query. Whoever a report
    is shared with sees nothing else of the server.
    """

    site: Site
    address: str
    limit: Condition | None = None
    is_shared: bool = False
    extra: tuple[tuple[str, str], ...] = ()
