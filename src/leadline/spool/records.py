"""What travels through the spool: hits, refusals and erasures, in the order they arrived.

The field order is the wire order of the frames on disk: new fields go at the end, with a default.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a hit says: somebody saw a page, did something there, or left it.

    A departure counts as nothing. It tells until when a visit lasted that hits have made.
    """

    PAGEVIEW = "pageview"
    CONVERSION = "conversion"
    MICRO = "micro"
    DEPARTURE = "departure"


class Reason(StrEnum):
    """Why a hit is not counted. The first seven are SealMetrics' own words."""

    INVALID_JSON = "invalid_json"
    INVALID_ACCOUNT = "invalid_account"
    INVALID_DOMAIN = "invalid_domain"
    INVALID_TOKEN = "invalid_token"
    BLOCKLIST_IP = "blocklist_ip"
    BLOCKLIST_UA = "blocklist_ua"
    BOT_DETECTED = "bot_detected"
    PREVIEW = "preview"
    DATA_CENTRE = "data_centre"
    REFERRER_SPAM = "referrer_spam"
    DO_NOT_TRACK = "do_not_track"
    EXCLUDED_VISITOR = "excluded_visitor"
    BLOCKLIST_COUNTRY = "blocklist_country"
    BLOCKLIST_HOST = "blocklist_host"
    BLOCKLIST_PATH = "blocklist_path"
    BLOCKLIST_EVENT = "blocklist_event"


class Source(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a visitor came from, as far as one hit knows.

    `referrer` is an origin such as `https://news.ycombinator.com`, empty if there is none or it
    is the page's own; the fields after it are the URL parameters of their names, and `keyword` is
    `q` or `s` if there is none. `source`, `medium` and `channel` are what follows from all of that
    (`leadline.enrichment.Attribution`), empty in records of versions that did not know them.
    """

    referrer: str = ""
    referrer_path: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    ref: str = ""
    keyword: str = ""
    source: str = ""
    medium: str = ""
    channel: str = ""


class Hit(msgspec.Struct, frozen=True, array_like=True, tag=1, gc=False):
    """One accepted hit.

    `received_at` is in UTC; of a hit that a program sent it is when that says that it happened.
    `day` is the site's local date whose salt made `visitor`; `previous` is the hash under the day
    before, or None. `origin` is scheme and host of the page without port, `path` its path without
    query. `name`, `amount` (in the site's currency) and `properties` belong to events; the
    properties of a departure are `engaged`, for how many seconds the page was in view since the
    one before, and `scroll`, how much of it was seen in percent. `group` is
    the page's content group, `browser_timezone` what the browser says. `wire` is the one that
    brought it, `fathom`, `seal` or `api`. What follows is "" if it is not known: families of
    browsers and systems, the type of the device, the place (`country` a code of ISO 3166-1),
    `language` a code of ISO 639, `screen` a class of widths.
    """

    site: int
    received_at: datetime
    day: date
    visitor: int
    previous: int | None
    kind: Kind
    origin: str
    path: str
    source: Source
    name: str = ""
    amount: Decimal | None = None
    properties: dict[str, str] = {}
    group: str = ""
    browser_timezone: str = ""
    wire: str = ""
    browser: str = ""
    operating_system: str = ""
    device_type: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    language: str = ""
    screen: str = ""


class Refusal(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """A hit that was not counted: when, for which site, why, and the host that it named."""

    site: int
    received_at: datetime
    reason: str
    origin: str


class Erasure(msgspec.Struct, frozen=True, array_like=True, tag=3):
    """The end of a site: its hits before this record go, and none comes after it."""

    site: int


class Bundle(msgspec.Struct, frozen=True, array_like=True, tag=4, kw_only=True):
    """What a program sent in one request, taken at a moment in UTC: all of it is kept, or nothing.

    `ids` has for each of the hits 16 bytes by which it is known if it is sent again, or None.
    """

    taken_at: datetime
    hits: list[Hit]
    ids: list[bytes | None]
    refusals: list[Refusal] = []


Record = Hit | Refusal | Erasure | Bundle
