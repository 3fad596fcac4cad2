"""What a report shows by what: one row a panel."""

from itertools import groupby
from typing import NamedTuple

from leadline.reports import Dimension, Metric

VISITORS, VISITS, PAGEVIEWS = Metric.VISITORS, Metric.VISITS, Metric.PAGEVIEWS
BOUNCE_RATE, DURATION = Metric.BOUNCE_RATE, Metric.AVERAGE_DURATION


class Panel(NamedTuple):
    """`name` stands in addresses, `title` is the key of a text. The first metric is the one in
    short; a longer table has all of them. `nothing` says what an empty value means."""

    name: str
    group: str
    title: str
    dimension: Dimension
    metrics: tuple[Metric, ...] = (VISITORS, VISITS, PAGEVIEWS, BOUNCE_RATE, DURATION)
    nothing: str = "value-unknown"


_OF_PAGES = (VISITORS, PAGEVIEWS)
_OF_VISITS = (VISITS, VISITORS, BOUNCE_RATE, DURATION)
_NONE = "value-none"

_PANELS = (
    Panel("pages", "content", "panel-pages", Dimension.PATHNAME, _OF_PAGES),
    Panel("entries", "content", "panel-entries", Dimension.ENTRY_PAGE, _OF_VISITS),
    Panel("exits", "content", "panel-exits", Dimension.EXIT_PAGE, _OF_VISITS),
    Panel("groups", "content", "panel-groups", Dimension.CONTENT_GROUP, _OF_PAGES, _NONE),
    Panel("hosts", "content", "panel-hosts", Dimension.HOSTNAME, _OF_PAGES),
    Panel("channels", "sources", "panel-channels", Dimension.CHANNEL),
    Panel("sources", "sources", "panel-sources", Dimension.SOURCE, nothing="value-direct"),
    Panel("referrers", "sources", "panel-referrers", Dimension.REFERRER_HOSTNAME, nothing=_NONE),
    Panel("campaigns", "sources", "panel-campaigns", Dimension.UTM_CAMPAIGN, nothing=_NONE),
    Panel("utm-sources", "sources", "panel-utm-sources", Dimension.UTM_SOURCE, nothing=_NONE),
    Panel("utm-mediums", "sources", "panel-utm-mediums", Dimension.UTM_MEDIUM, nothing=_NONE),
    Panel("utm-contents", "sources", "panel-utm-contents", Dimension.UTM_CONTENT, nothing=_NONE),
    Panel("utm-terms", "sources", "panel-utm-terms", Dimension.UTM_TERM, nothing=_NONE),
    Panel("keywords", "sources", "panel-keywords", Dimension.KEYWORD, nothing=_NONE),
    Panel("countries", "places", "panel-countries", Dimension.COUNTRY),
    Panel("regions", "places", "panel-regions", Dimension.REGION),
    Panel("cities", "places", "panel-cities", Dimension.CITY),
    Panel("browsers", "technology", "panel-browsers", Dimension.BROWSER),
    Panel("systems", "technology", "panel-systems", Dimension.OPERATING_SYSTEM),
    Panel("devices", "technology", "panel-devices", Dimension.DEVICE_TYPE),
)

PANELS = {panel.name: panel for panel in _PANELS}
GROUPS = {
    group: tuple(panel.name for panel in found)
    for group, found in groupby(_PANELS, key=lambda panel: panel.group)
}
"""The names of a group's panels, the one that is shown at first in front."""

GROUP_TITLES = {
    "content": "group-content",
    "sources": "group-sources",
    "places": "group-places",
    "technology": "group-technology",
}
