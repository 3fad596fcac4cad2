"""The first rows of lists, made of their table."""

from functools import partial
from typing import Any, cast

from msgspec.structs import replace
from pydantic import BaseModel, Field, create_model

from leadline.faces.endpoint import Call, Endpoint
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import scope_of
from leadline.faces.seal.stats.described import endpoint, fields_of, name_of
from leadline.faces.seal.stats.figures import FIGURES, printed
from leadline.faces.seal.stats.questions import known, query_of, told
from leadline.faces.seal.stats.shapes import row_shape, sometimes
from leadline.faces.seal.stats.tables import TOPS, Top
from leadline.reports import Order


def _query_of_top(top: Top) -> type[BaseModel]:
    limits = Field(default=10, ge=1, le=top.most)
    return create_model(
        f"{name_of(top.path)}Query", __base__=top.asked, __module__=__name__, limit=(int, limits)
    )


def list_top(top: Top, row_kind: type[BaseModel], call: Call) -> Envelope[list[Any]]:
    asked = cast(Any, call.query)
    scope = scope_of(call, asked, top.moved)
    more = [known(top.columns[0].dimension)] if top.known_only else []
    figures = top.figures
    if getattr(asked, "landing_page", None):
        figures = tuple(name for name in figures if name != "page_views")
    query = replace(
        query_of(scope, top.columns, figures, *more),
        order=(Order(FIGURES[figures[0]].metric, True),),
        limit=asked.limit,
    )
    rows = [
        row_kind(**told(top.columns, query.dimensions, row), **printed(row, figures, top.money))
        for row in call.services.reports.rows(query)
    ]
    return Envelope(data=rows)


def _row_of_top(top: Top) -> type[BaseModel]:
    fields = fields_of(top.columns, top.figures, top.money)
    if "landing_page" in top.asked.model_fields:
        fields["page_views"] = (int | None, sometimes("Without `landing_page`."))
    return row_shape(f"{name_of(top.path)}Row", fields)


def _endpoint(top: Top) -> Endpoint:
    row = _row_of_top(top)
    handle = partial(list_top, top, row)
    answer = Envelope[list[row]]  # type: ignore[valid-type]
    return endpoint(top.path, top.summary, handle, _query_of_top(top), answer)


ENDPOINTS = tuple(map(_endpoint, TOPS))
