"""Content groups, made of their table."""

from functools import partial
from typing import Any, cast

from msgspec.structs import replace
from pydantic import BaseModel

from leadline.faces.endpoint import Call, Endpoint
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Narrowed, scope_of
from leadline.faces.seal.stats.described import endpoint, fields_of, name_of
from leadline.faces.seal.stats.figures import FIGURES, printed
from leadline.faces.seal.stats.questions import known, query_of
from leadline.faces.seal.stats.shapes import row_shape
from leadline.faces.seal.stats.tables import GROUPINGS, Column, Grouping
from leadline.reports import Row, folded


def list_groups(grouping: Grouping, row_kind: type[BaseModel], call: Call) -> Envelope[list[Any]]:
    scope = scope_of(call, cast(Narrowed, call.query), grouping.moved)
    group = grouping.group
    columns = (group, Column("page", grouping.page))
    query = query_of(scope, columns, grouping.figures, known(group.dimension))
    pages: dict[str, list[Row]] = {}
    for row in call.services.reports.rows(query):
        pages.setdefault(row.values[0], []).append(replace(row, values=()))
    counted = FIGURES[grouping.counted]
    found = []
    for name, rows in pages.items():
        (total,) = folded(rows, [0])
        unique = sum(counted.of(row) > 0 for row in rows)
        found.append((name, unique, total))
    first = FIGURES[grouping.figures[0]]
    found.sort(key=lambda each: (-first.of(each[2]), each[0]))
    data = [
        row_kind(
            **{group.name: name, "unique_pages": unique},
            **printed(total, grouping.figures, grouping.money),
        )
        for name, unique, total in found
    ]
    return Envelope(data=data)


def _row_of_group(grouping: Grouping) -> type[BaseModel]:
    fields = {grouping.group.name: str, "unique_pages": int}
    return row_shape(
        f"{name_of(grouping.path)}Row", fields | fields_of((), grouping.figures, grouping.money)
    )


def _endpoint(grouping: Grouping) -> Endpoint:
    row = _row_of_group(grouping)
    return endpoint(
        grouping.path,
        grouping.summary,
        partial(list_groups, grouping, row),
        Narrowed,
        Envelope[list[row]],  # type: ignore[valid-type]
        description="Without the pages of no group.",
    )


ENDPOINTS = tuple(map(_endpoint, GROUPINGS))
