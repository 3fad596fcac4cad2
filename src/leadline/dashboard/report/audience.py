"""Who looks at a report, and at how much of it."""

from typing import NamedTuple

from leadline.reports import Condition
from leadline.sites import Site


class Audience(NamedTuple):
    """`address` is where the report is, without a slash at its end.

    `limit` holds for every question, and `words` say to people what it lets through. Every link
    keeps `extra`, pairs of a query. Whoever a report is shared with sees nothing else of the
    server.
    """

    site: Site
    address: str
    limit: Condition | None = None
    is_shared: bool = False
    words: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def at(self, path: str) -> str:
        """Of something below the report; below a shared one there are names that people make up,
        and what is its own is apart from them."""
        return self.address + ("/-" if self.is_shared and path else "") + path
