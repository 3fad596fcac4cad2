"""What is known of a visit as a whole, worked out from its hits; for either engine."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from leadline.spool import Source
from leadline.warehouse.batch import ENRICHED
from leadline.warehouse.engine import Dialect

PICKED = 2
"""To pick so many columns of a pageview costs less than to find it by its number and join it."""


class _View(NamedTuple):
    """The first or the last pageview of a visit, and which columns are known by what name."""

    name: str
    pick: str
    columns: Mapping[str, str]

    def only(self, wanted: Collection[str]) -> "_View":
        return self._replace(columns={n: own for n, own in self.columns.items() if n in wanted})

    @property
    def is_joined(self) -> bool:
        return len(self.columns) > PICKED

    def picked(self, dialect: Dialect) -> str:
        place = dialect.place("received_at", "hit_id")
        picked = {self.name: "hit_id"} if self.is_joined else self.columns
        return "".join(
            f", {self.pick}({own}, {place}) FILTER (WHERE kind = 'pageview') AS {name}"
            for name, own in picked.items()
        )

    def known(self) -> str:
        table = f"{self.name}s" if self.is_joined else "together"
        return "".join(f", coalesce({table}.{name}, '') AS {name}" for name in self.columns)

    def join(self, dialect: Dialect, hits: str) -> str:
        if not self.is_joined:
            return ""
        node = _node(dialect)
        key = [f"together.{column} = {self.name}s.{column}" for column in node]
        key.append(f"together.{self.name} = {self.name}s.{self.name}")
        columns = [*node, f"hit_id AS {self.name}"]
        columns += (f"{own} AS {name}" for name, own in self.columns.items())
        return f"""
            LEFT JOIN (SELECT {", ".join(columns)} FROM hits WHERE {hits} AND kind = 'pageview')
                AS {self.name}s ON {" AND ".join(key)}
        """


_VIEWS = (
    _View(
        "first_view",
        "argMin",
        {
            f"entry_{column}": column
            for column in ("origin", "path", *Source.__struct_fields__, *ENRICHED, "content_group")
        },
    ),
    _View("last_view", "argMax", {"exit_path": "path"}),
)

COLUMNS = tuple(name for view in _VIEWS for name in view.columns)
"""What is known of a visit by its first pageview and its last; empty if it has none."""


def visit_rows(dialect: Dialect, columns: Collection[str], hits: str) -> str:
    """A query for the visits of these `hits`, a condition that takes whole visits.

    Beside the `columns` that are wanted, some of `COLUMNS`, each row has `site_id`, the columns
    that name the visit, `started_at`, how long it `lasted` in microseconds, and `views`, the number
    of its pageviews.
    """
    views = [view for view in (view.only(columns) for view in _VIEWS) if view.columns]
    first, last = (dialect.microseconds(f"{end}(received_at)") for end in ("min", "max"))
    return f"""
        SELECT together.site_id AS site_id,
            {", ".join(f"together.{name} AS {name}" for name in dialect.visit.split(", "))},
            together.started_at AS started_at, together.lasted AS lasted, together.views AS views
            {"".join(view.known() for view in views)}
        FROM (
            SELECT site_id, {dialect.visit}, min(visit_started_at) AS started_at,
                {last} - {first} AS lasted, count(*) FILTER (WHERE kind = 'pageview') AS views
                {"".join(view.picked(dialect) for view in views)}
            FROM hits WHERE {hits} GROUP BY site_id, {dialect.visit}
        ) AS together {"".join(view.join(dialect, hits) for view in views)}
    """


def _node(dialect: Dialect) -> list[str]:
    """The columns without which the number of a hit is not its own."""
    return [column for column in dialect.visit.split(", ") if column != "visit_id"]
