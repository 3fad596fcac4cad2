"""Types of devices, browsers and systems, all in one."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from msgspec.structs import replace
from pydantic import BaseModel, create_model

from leadline.faces.endpoint import Answer, Call
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Comparing, Narrowed, scope_of
from leadline.faces.seal.stats.described import endpoint, fields_of, name_of
from leadline.faces.seal.stats.figures import (
    ALL_FIGURES,
    FIGURES,
    Money,
    percent,
    printed,
    printed_before,
)
from leadline.faces.seal.stats.questions import dimensions_of, of_other, query_of, told
from leadline.faces.seal.stats.shapes import row_shape
from leadline.faces.seal.stats.tables import DEVICES, Column
from leadline.reports import Order, Row


class DevicesQuery(Narrowed, Comparing):
    pass


def _row_of_device(name: str, columns: Sequence[Column]) -> type[BaseModel]:
    fields = fields_of(columns, ALL_FIGURES, Money.NUMBER, compared=True)
    return row_shape(f"Stats{name_of(name.replace('_', '/'))}Row", fields | {"percentage": float})


_DEVICE_ROWS = {name: _row_of_device(name, columns) for name, columns in DEVICES.items()}
Devices: type[BaseModel] = create_model(
    "StatsDevices",
    __base__=Answer,
    __module__=__name__,
    **{name: (list[kind], ...) for name, kind in _DEVICE_ROWS.items()},  # type: ignore[call-overload, valid-type]
)


def get_devices(call: Call) -> Envelope[Any]:
    scope = scope_of(call, cast(Narrowed, call.query))
    order = (Order(FIGURES["entrances"].metric, True),)
    queries = [
        replace(query_of(scope, columns, ALL_FIGURES), order=order) for columns in DEVICES.values()
    ]
    other = scope.other_period
    with call.services.reports.at_once() as answers:
        asked = [*queries, *(of_other(query, other) for query in queries if other)]
        found = answers.all([partial(answers.rows, query) for query in asked])
    data = {}
    for number, (name, columns) in enumerate(DEVICES.items()):
        rows = found[number]
        before = found[number + len(queries)] if other else None
        data[name] = _told_devices(columns, _DEVICE_ROWS[name], rows, before)
    return Envelope(data=Devices(**data))


def _told_devices(
    columns: Sequence[Column],
    kind: type[BaseModel],
    rows: list[Row],
    others: list[Row] | None,
) -> list[BaseModel]:
    total = sum(row.entrances for row in rows)
    before = {row.values: row for row in others or ()}
    dimensions = dimensions_of(columns)
    found = []
    for row in rows:
        fields = told(columns, dimensions, row) | printed(row, ALL_FIGURES, Money.NUMBER)
        if others is not None:
            other = before.get(row.values, Row(0, row.values))
            fields |= printed_before(other, ALL_FIGURES, Money.NUMBER)
        found.append(kind(**fields, percentage=percent(row.entrances, total)))
    return found


ENDPOINTS = (
    endpoint(
        "/stats/devices",
        "Get devices",
        get_devices,
        DevicesQuery,
        Envelope[Devices],
        description="By type, browser and system, all in one.",
    ),
)
