"""What a site is, as the other rooms see it. All times are aware datetimes in UTC."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, NewType, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from leadline.sites.block_lists import BlockKind

SiteId = NewType("SiteId", int)
"""The site's own number: never printed by a face, never used twice."""

OrganisationId = NewType("OrganisationId", int)

Visible = Collection[SiteId] | None
"""The sites that somebody may see; None stands for all of the organisation's."""

NAME_LENGTH = 255
MILESTONE_NAME_LENGTH = 30
PASSWORD_LENGTH = 255
PARAMETER_LENGTH = 100
DOMAINS_AT_CREATION = 50
BLOCK_RULES_OF_A_KIND = 100
NOTE_LENGTH = 255
EMBEDDING_LENGTH = 2048
EMBEDDING_HOSTS = 50
LINK_NAME_LENGTH = 100
LINKS_OF_A_SITE = 100
VIEW_LENGTH = 2048
ENTRIES_OF_A_LIST = 100
CHANNEL_NAME_LENGTH = 50
HIGHEST_PRIORITY = 1000


class Sharing(StrEnum):
    NONE = "none"
    PRIVATE = "private"
    PUBLIC = "public"


class MultiDomain(StrEnum):
    """How the hosts of a site with several domains are reported."""

    COMBINED = "combined"
    SEPARATE = "separate"


class UtmField(StrEnum):
    SOURCE = "utm_source"
    MEDIUM = "utm_medium"
    CAMPAIGN = "utm_campaign"
    TERM = "utm_term"
    CONTENT = "utm_content"


class Domain(msgspec.Struct, frozen=True):
    """A host that may send hits; `domain` is as given, in lower case, `host` its ASCII form."""

    id: int
    domain: str
    host: str
    created_at: datetime


class UtmMapping(msgspec.Struct, frozen=True):
    """The value of the URL parameter `custom_param` counts as `maps_to`."""

    id: int
    custom_param: str
    maps_to: UtmField
    is_active: bool
    created_at: datetime


class BlockRule(msgspec.Struct, frozen=True):
    """Hits that `value` speaks of do not count; what it means depends on `kind`, see `Rule`."""

    id: int
    kind: BlockKind
    value: str
    note: str
    is_active: bool
    created_at: datetime


class Site(msgspec.Struct, frozen=True):
    """`honours_dnt`, `honours_gpc`: whoever sends `DNT: 1`, or `Sec-GPC: 1`, does not count.

    `retention` is for how many months hits are kept; see `sites.retention` for what else it says.
    `embed_on` are the hosts whose pages may show its share page in a frame; `*` is any host.
    """

    id: SiteId
    organisation: OrganisationId
    code: str
    slug: str
    name: str
    sharing: Sharing
    multi_domain: MultiDomain | None
    timezone: str
    currency: str
    is_active: bool
    honours_dnt: bool
    honours_gpc: bool
    retention: int | None
    embed_on: tuple[str, ...]
    created_at: datetime
    updated_at: datetime | None
    domains: tuple[Domain, ...]


class Kept(msgspec.Struct, frozen=True):
    """A site that does not keep its hits for ever, but for so many months."""

    site: SiteId
    timezone: str
    months: int


class Deletion(msgspec.Struct, frozen=True):
    """The end of a site. `erased_at` is when a warehouse last noted that its hits are gone."""

    site: SiteId
    revision: int
    erased_at: datetime | None


class NewSite(msgspec.Struct, frozen=True, kw_only=True):
    """What a site is made of. `code` and `slug` are chosen by the service unless given."""

    name: str
    timezone: str
    currency: str
    domains: tuple[str, ...] = ()
    sharing: Sharing = Sharing.NONE
    share_password: str | None = None
    multi_domain: MultiDomain | None = None
    code: str | None = None
    slug: str | None = None
    is_active: bool = True
    created_at: datetime | None = None


class SiteChange(msgspec.Struct, frozen=True, kw_only=True):
    """The fields to change; one left unset stays as it is.

    `multi_domain_option` without `multi_domain` changes the option of a site that has several
    domains already and is without effect on another.
    """

    name: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    honours_dnt: bool | UnsetType = UNSET
    honours_gpc: bool | UnsetType = UNSET
    retention: int | UnsetType | None = UNSET
    embed_on: tuple[str, ...] | UnsetType = UNSET
    sharing: Sharing | UnsetType = UNSET
    share_password: str | UnsetType = UNSET
    multi_domain: bool | UnsetType = UNSET
    multi_domain_option: MultiDomain | UnsetType = UNSET


class SharedSite(msgspec.Struct, frozen=True):
    """A site and the argon2id hash of what opens its share; None if nobody is asked for it."""

    site: Site
    password_hash: str | None


class NewShareLink(msgspec.Struct, frozen=True, kw_only=True):
    """`condition` is as the reports write one, and None for everything; `condition_name` says it
    to people. `view` is the query that the link's address begins with."""

    name: str
    password: str | None = None
    expires_at: datetime | None = None
    condition: str | None = None
    condition_name: str = ""
    view: str = ""


class ShareLink(msgspec.Struct, frozen=True):
    """An address at which reports of a site are shown, beside its own; see `NewShareLink`.

    Whoever has `token` has the link, and still has to know the password if there is one.
    """

    id: int
    site: SiteId
    token: str
    name: str
    password_hash: str | None
    condition: str | None
    condition_name: str
    view: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class UtmMappingChange(msgspec.Struct, frozen=True, kw_only=True):
    maps_to: UtmField | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class BlockRuleChange(msgspec.Struct, frozen=True, kw_only=True):
    value: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class NewChannelRule(msgspec.Struct, frozen=True, kw_only=True):
    """`channel_name` has 1 to 50 characters, `priority` is from 0 to 1,000.

    Patterns are of RE2, of up to 255 characters and at least one of them not empty.
    """

    channel_name: str
    source_pattern: str = ""
    medium_pattern: str = ""
    campaign_pattern: str = ""
    priority: int = 50
    is_active: bool = True


class ChannelRule(msgspec.Struct, frozen=True):
    """Arrivals in whose source, medium and campaign its patterns are found come by this channel.

    An empty pattern is found everywhere; the rule of the highest priority goes first.
    """

    id: int
    channel_name: str
    source_pattern: str
    medium_pattern: str
    campaign_pattern: str
    priority: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


class ChannelRuleChange(msgspec.Struct, frozen=True, kw_only=True):
    channel_name: str | UnsetType = UNSET
    source_pattern: str | UnsetType = UNSET
    medium_pattern: str | UnsetType = UNSET
    campaign_pattern: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class NewPassthroughReferrer(msgspec.Struct, frozen=True, kw_only=True):
    """`utm_source` has 1 to 255 characters, campaign and term up to 255, the others up to 100."""

    domain: str
    utm_source: str
    utm_medium: str = "passthrough"
    utm_campaign: str = ""
    utm_term: str = ""
    service_name: str = ""
    is_active: bool = True


class PassthroughReferrer(msgspec.Struct, frozen=True):
    """Who is linked from `domain`, or from below it, goes on with the visit; a visit that begins
    there has these UTM fields unless the page's address says something else.

    `domain` is in lower case, ASCII and without `www.`.
    """

    id: int
    domain: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    service_name: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class PassthroughReferrerChange(msgspec.Struct, frozen=True, kw_only=True):
    domain: str | UnsetType = UNSET
    utm_source: str | UnsetType = UNSET
    utm_medium: str | UnsetType = UNSET
    utm_campaign: str | UnsetType = UNSET
    utm_term: str | UnsetType = UNSET
    service_name: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class Page(msgspec.Struct, frozen=True):
    """Some sites in order of creation; `has_more` speaks of the direction that was asked for."""

    sites: tuple[Site, ...]
    has_more: bool


Listing = TypeVar("Listing")


class Listed(msgspec.Struct, Generic[Listing], frozen=True):
    """Some of what a site has, as `Page`."""

    rows: tuple[Listing, ...]
    has_more: bool


class Milestone(msgspec.Struct, frozen=True):
    """A day that is worth a note. `id` is a UUID in lower case."""

    id: str
    name: str
    day: date
    created_at: datetime
    updated_at: datetime


class EventCurrency(StrEnum):
    """How the value of an event is shown; nothing is converted."""

    DOLLAR = "dollar"
    POUND = "pound"
    EURO = "euro"
    YUAN = "yuan"
    PESO = "peso"
    SHEKEL = "shekel"
    YEN = "yen"
    WON = "won"
    HRYVNIA = "hryvnia"
    FRANC = "franc"
    RUPEE = "rupee"
    INTEGER = "integer"
    NONE = "none"


Tracked = tuple[str, datetime, datetime]
"""The name of an event, and the moments of its first and its last hit."""


class Event(msgspec.Struct, frozen=True):
    """A name that a site tracks, or is going to. `id` begins with the site's code.

    It was created with its first hit, or when something was first set if that was earlier.
    """

    id: str
    name: str
    currency: EventCurrency | None
    created_at: datetime
