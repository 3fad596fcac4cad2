"""Channels as their rules' own endpoint tells them."""

from typing import Any, cast

from msgspec.structs import replace
from pydantic import Field

from leadline.faces.endpoint import Answer, Call, Endpoint
from leadline.faces.seal.asked import OfSite, readable
from leadline.faces.seal.shapes import Envelope
from leadline.faces.seal.stats.asked import Country, Day, Scope, today
from leadline.faces.seal.stats.described import endpoint, fields_of
from leadline.faces.seal.stats.figures import ALL_FIGURES, Money, printed
from leadline.faces.seal.stats.filters import conditions_of
from leadline.faces.seal.stats.periods import days_of
from leadline.faces.seal.stats.questions import query_of, told
from leadline.faces.seal.stats.shapes import row_shape
from leadline.faces.seal.stats.tables import CHANNELS
from leadline.reports import Metric, Order


class ChannelMetricsQuery(OfSite):
    start_date: Day | None = Field(default=None, description="A day of the site's time zone.")
    end_date: Day | None = Field(default=None, description="The last day, itself in.")
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-2, or `Unknown`.")
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=100)


ChannelMetrics: Any = row_shape("ChannelMetrics", fields_of(CHANNELS, ALL_FIGURES, Money.NUMBER))


class ChannelMetricsList(Answer):
    channels: list[ChannelMetrics]
    total: int = Field(description="Of all pages.")


def list_channel_metrics(call: Call) -> Envelope[ChannelMetricsList]:
    asked = cast(ChannelMetricsQuery, call.query)
    site, reports = readable(call), call.services.reports
    days = days_of(None, asked.start_date, asked.end_date, today(call, site))
    of_country = {"country": [asked.country] if asked.country else []}
    scope = Scope(site, days, filters=conditions_of(reports, None, of_country, None))
    query = replace(
        query_of(scope, CHANNELS, ALL_FIGURES),
        order=(Order(Metric.ENTRANCES, descending=True),),
        limit=asked.page_size,
        offset=(asked.page - 1) * asked.page_size,
    )
    with reports.at_once() as answers:
        rows, total = answers.counted(query)
    channels = [
        ChannelMetrics(
            **told(CHANNELS, query.dimensions, row), **printed(row, ALL_FIGURES, Money.NUMBER)
        )
        for row in rows
    ]
    return Envelope(data=ChannelMetricsList(channels=channels, total=total))


ENDPOINTS: tuple[Endpoint, ...] = (
    endpoint(
        "/channel-groups/stats/channels",
        "List what channels bring",
        list_channel_metrics,
        ChannelMetricsQuery,
        Envelope[ChannelMetricsList],
    ),
)
