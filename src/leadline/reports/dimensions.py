"""What rows may be told apart by, and filtered by."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Dimension(StrEnum):
    """Texts are empty where nothing is known.

    `SITE` is the number of one of the query's. `HOSTNAME` and `REFERRER_HOSTNAME` are scheme and
    host, as in `https://www.example.com`, `REFERRER_DOMAIN` is the host alone. `CONTENT_GROUP` is
    each page's own, `ENTRY_CONTENT_GROUP` that of the page on which a visit began. The last three
    are of events only: `EVENT_KIND` is
    `conversion` or `micro`, and an event counts in the row of each key that it has a property of,
    so that no filter can be by `PROPERTY_KEY`.
    """

    SITE = "site"
    HOSTNAME = "hostname"
    PATHNAME = "pathname"
    CONTENT_GROUP = "content_group"
    ENTRY_PAGE = "entry_page"
    ENTRY_CONTENT_GROUP = "entry_content_group"
    EXIT_PAGE = "exit_page"
    REFERRER_HOSTNAME = "referrer_hostname"
    REFERRER_DOMAIN = "referrer_domain"
    REFERRER_PATHNAME = "referrer_pathname"
    SOURCE = "source"
    MEDIUM = "medium"
    CHANNEL = "channel"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"
    REF = "ref"
    KEYWORD = "keyword"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    BROWSER = "browser"
    OPERATING_SYSTEM = "operating_system"
    DEVICE_TYPE = "device_type"
    EVENT_NAME = "event_name"
    EVENT_KIND = "event_kind"
    PROPERTY_KEY = "property_key"


class Property(msgspec.Struct, frozen=True):
    """What events have under a key; empty of an event that has nothing there."""

    key: str


By = Dimension | Property

OF_EVENTS = frozenset((Dimension.EVENT_NAME, Dimension.EVENT_KIND, Dimension.PROPERTY_KEY))
_PAGES = frozenset((Dimension.PATHNAME, Dimension.ENTRY_PAGE, Dimension.EXIT_PAGE))


class OnlyOfEvents(ValueError):
    """What is known of events alone is asked of pageviews and visits."""


def is_of_events(each: By) -> bool:
    return isinstance(each, Property) or each in OF_EVENTS


def by_host(dimensions: Iterable[By]) -> tuple[By, ...]:
    """These, and with a page its host: `/` of one host is another page than that of the next."""
    found = tuple(dimensions)
    has_pages = not _PAGES.isdisjoint(found)
    is_apart = Dimension.HOSTNAME in found or not has_pages
    return found if is_apart else (*found, Dimension.HOSTNAME)
