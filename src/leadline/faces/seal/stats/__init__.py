"""Questions about hits in SealMetrics' words: `/stats/…`, and `/batch` for several of them."""

from leadline.faces.seal.stats import (
    batch,
    channel_metrics,
    devices,
    events,
    funnel,
    groups,
    listed,
    overview,
    properties,
    query,
    raw,
    tops,
)

_STATS = (
    *overview.ENDPOINTS,
    *listed.ENDPOINTS,
    *tops.ENDPOINTS,
    *groups.ENDPOINTS,
    *devices.ENDPOINTS,
    *raw.ENDPOINTS,
    *events.ENDPOINTS,
    *funnel.ENDPOINTS,
    *properties.ENDPOINTS,
    *query.ENDPOINTS,
)
ENDPOINTS = (*_STATS, *channel_metrics.ENDPOINTS, *batch.endpoints(_STATS))

__all__ = ["ENDPOINTS"]
