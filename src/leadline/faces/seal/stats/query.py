"""The free question: any dimensions by any metrics, as rows or as a file."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from pydantic import Field, RootModel

from leadline.faces.endpoint import Answer, Call, Download, Endpoint, Need
from leadline.faces.seal.sheets import as_csv
from leadline.faces.seal.stats.asked import OfSite
from leadline.faces.seal.stats.described import ERRORS, GROUP
from leadline.faces.seal.stats.query_asked import (
    METRICS,
    ExportRequest,
    QueryRequest,
    Wanted,
    understood,
)
from leadline.faces.seal.stats.query_rows import Found, answered

_FILE_NAME = r"^[A-Za-z0-9_.-]{1,100}$"


class ExportQuery(OfSite):
    filename: str = Field(default="export.csv", pattern=_FILE_NAME)


class QueryMeta(Answer):
    total_rows: int
    has_more: bool
    granularity: str
    dimensions: list[str]
    metrics: list[str]


class ComparisonMeta(Answer):
    date_from: str
    date_to: str
    mode: str
    total_rows: int


class QueryResponse(Answer):
    data: list[dict[str, str | int | float]]
    meta: QueryMeta
    comparison_data: list[dict[str, str | int | float]] | None
    comparison_meta: ComparisonMeta | None


class CsvText(RootModel[str]):
    """A row of names, then the rows; with `compare` the first column is `period`."""


def ask(call: Call) -> QueryResponse:
    body = cast(QueryRequest, call.body)
    wanted = understood(call, body)
    found, before = answered(call, wanted)
    meta = QueryMeta(
        total_rows=found.total,
        has_more=wanted.offset + len(found.rows) < found.total,
        granularity=body.granularity,
        dimensions=[*wanted.times, *(column.name for column in wanted.columns)],
        metrics=[name for name in wanted.figures if name in METRICS],
    )
    comparison = None
    if before is not None and wanted.scope.other is not None and wanted.mode is not None:
        first, last = map(str, wanted.scope.other)
        comparison = ComparisonMeta(
            date_from=first, date_to=last, mode=wanted.mode.value, total_rows=before.total
        )
    return QueryResponse(
        data=found.rows,
        meta=meta,
        comparison_data=before.rows if before else None,
        comparison_meta=comparison,
    )


def export(call: Call) -> Download:
    wanted = understood(call, cast(QueryRequest, call.body))
    found, before = answered(call, wanted)
    return Download(cast(ExportQuery, call.query).filename, as_csv(*_sheet(wanted, found, before)))


def _sheet(
    wanted: Wanted, found: Found, before: Found | None
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    names = wanted.names
    if before is None:
        return names, ([row[name] for name in names] for row in found.rows)
    both = (("current", found), ("comparison", before))
    rows = ([which, *(row[name] for name in names)] for which, each in both for row in each.rows)
    return ("period", *names), rows


_DESCRIPTION = (
    "Any dimensions by any metrics; `bounce_rate` is added where both kinds of entrances are asked"
    " for. The answer has no envelope."
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/stats/query",
        "Query",
        Need.READ_NAMED,
        ask,
        QueryResponse,
        description=_DESCRIPTION,
        query=OfSite,
        body=QueryRequest,
        errors=ERRORS,
        group=GROUP,
    ),
    Endpoint(
        "POST",
        "/stats/query/export",
        "Export query",
        Need.READ_NAMED,
        export,
        CsvText,
        description="The same as CSV.",
        query=ExportQuery,
        body=ExportRequest,
        errors=ERRORS,
        group=GROUP,
        media_types=("text/csv",),
    ),
)
