"""What there is to list: of each endpoint its dimensions, figures, filters, sorts, caps and money.

The handlers, the queries and the answers are all made of these rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from leadline.countries import country_name
from leadline.faces.seal.conditions import printed
from leadline.faces.seal.stats.asked import Narrowed, OnLanding, OnPages
from leadline.faces.seal.stats.figures import ALL_FIGURES, Money
from leadline.faces.seal.stats.filters import OF_ANY_PAGE, OF_LANDING_PAGES, Moved
from leadline.reports import Dimension

UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Column:
    """A field of a row that tells its value of a dimension."""

    name: str
    dimension: Dimension
    of: Callable[[str], str] | None = None

    def printed(self, value: str) -> str:
        return self.of(value) if self.of else printed(self.dimension, value)


UTM_COLUMNS = (
    Column("utm_source", Dimension.SOURCE),
    Column("utm_medium", Dimension.MEDIUM),
    Column("utm_campaign", Dimension.UTM_CAMPAIGN),
    Column("utm_term", Dimension.UTM_TERM),
    Column("utm_content", Dimension.UTM_CONTENT),
)
SOURCE, MEDIUM, CAMPAIGN, TERM, CONTENT = UTM_COLUMNS
COUNTRY = Column("country", Dimension.COUNTRY)
COUNTRY_NAME = Column("country_name", Dimension.COUNTRY, lambda code: country_name(code) or UNKNOWN)
DEVICE_TYPE = Column("device_type", Dimension.DEVICE_TYPE)
BROWSER = Column("browser", Dimension.BROWSER)
OS = Column("os", Dimension.OPERATING_SYSTEM)
CHANNEL_GROUP = Column("channel_group", Dimension.CHANNEL)
LANDING_PAGE = Column("landing_page", Dimension.ENTRY_PAGE)
INCLUDED = (DEVICE_TYPE, BROWSER, OS, CHANNEL_GROUP)
"""What `include` adds to the rows of pages."""

CHANNELS = (Column("channel", Dimension.CHANNEL),)
_REFERRER = (
    Column("referrer_domain", Dimension.REFERRER_DOMAIN),
    Column("referrer", Dimension.REFERRER_DOMAIN),
)
_COUNTRIES = (COUNTRY, COUNTRY_NAME)
_PAGE = (Column("path", Dimension.PATHNAME), Column("content_grouping", Dimension.CONTENT_GROUP))
_LANDING = (LANDING_PAGE, Column("content_grouping", Dimension.ENTRY_CONTENT_GROUP))


def _named(column: Column, *others: str) -> tuple[Column, ...]:
    """The same under the other names that clients know it by."""
    return (column, *(Column(name, column.dimension) for name in (*others, "name")))


_DEVICES = _named(DEVICE_TYPE, "device")
_BROWSERS = _named(BROWSER)
_SYSTEMS = _named(OS)
DEVICES = {"by_device": _DEVICES, "by_browser": _BROWSERS, "by_os": _SYSTEMS}

SORTS = (
    "entrances",
    "engaged_entrances",
    "page_views",
    "microconversions",
    "conversions",
    "revenue",
    "bounce_rate",
    "conversion_rate",
)
OF_LANDING = (
    "entrances",
    "engaged_entrances",
    "bounce_rate",
    "microconversions",
    "conversions",
    "conversion_rate",
    "revenue",
)


@dataclass(frozen=True)
class Listing:
    """A list on pages. It is sorted by the first of `sorts` unless something else is said."""

    path: str
    summary: str
    columns: tuple[Column, ...]
    figures: tuple[str, ...] = ALL_FIGURES
    sorts: tuple[str, ...] = SORTS
    usual: int = 50
    most: int = 100
    money: Money = Money.NUMBER
    moved: Moved = field(default_factory=lambda: OF_ANY_PAGE)
    has_share: bool = False
    """Whether a row says how much it has of all entrances."""
    of_pages: bool = False
    """Whether more may be said of pages: a filter of the path, what to include."""
    known_only: bool = False
    """Without the row of those of which nothing is known."""


LISTINGS = (
    Listing("/stats/sources", "List sources", (SOURCE,)),
    Listing("/stats/mediums", "List mediums", (MEDIUM,)),
    Listing("/stats/campaigns", "List campaigns", (CAMPAIGN,)),
    Listing("/stats/terms", "List terms", (TERM,)),
    Listing("/stats/contents", "List contents", (CONTENT,)),
    Listing("/stats/referrers", "List referrers", _REFERRER, known_only=True),
    Listing("/stats/channels", "List channels", CHANNELS),
    Listing(
        "/stats/pages",
        "List pages",
        _PAGE,
        figures=("page_views", "entrances"),
        sorts=("page_views", "entrances"),
        most=1000,
        of_pages=True,
    ),
    Listing(
        "/stats/landing-pages",
        "List landing pages",
        _LANDING,
        figures=OF_LANDING,
        sorts=OF_LANDING,
        most=1000,
        money=Money.TEXT,
        moved=OF_LANDING_PAGES,
        of_pages=True,
    ),
    Listing("/stats/geo/countries", "List countries", _COUNTRIES, most=1000, money=Money.TEXT),
    Listing("/stats/devices/types", "List device types", _DEVICES, usual=10, has_share=True),
    Listing("/stats/browsers", "List browsers", _BROWSERS, usual=15, has_share=True),
    Listing("/stats/operating-systems", "List systems", _SYSTEMS, usual=15, has_share=True),
)


@dataclass(frozen=True)
class Top:
    """The first rows of a list, by its first figure."""

    path: str
    summary: str
    columns: tuple[Column, ...]
    figures: tuple[str, ...] = ALL_FIGURES
    most: int = 100
    money: Money = Money.NUMBER
    asked: type[Narrowed] = Narrowed
    moved: Moved = field(default_factory=lambda: OF_ANY_PAGE)
    known_only: bool = False


TOPS = (
    Top("/stats/sources/top", "Get top sources", (SOURCE,), asked=OnLanding),
    Top("/stats/campaigns/top", "Get top campaigns", (CAMPAIGN,)),
    Top("/stats/terms/top", "Get top terms", (TERM,)),
    Top("/stats/contents/top", "Get top contents", (CONTENT,)),
    Top("/stats/referrers/top", "Get top referrers", _REFERRER, known_only=True),
    Top("/stats/top-channels", "Get top channels", CHANNELS, most=50),
    Top(
        "/stats/pages/top",
        "Get top pages",
        _PAGE[:1],
        figures=("page_views", "entrances", "engaged_entrances", "bounce_rate"),
    ),
    Top(
        "/stats/landing-pages/top",
        "Get top landing pages",
        _LANDING,
        figures=OF_LANDING,
        money=Money.TEXT,
        asked=OnPages,
        moved=OF_LANDING_PAGES,
    ),
)


@dataclass(frozen=True)
class Grouping:
    """Content groups, each with the number of its pages, which are those of `page`."""

    path: str
    summary: str
    group: Column
    page: Dimension
    figures: tuple[str, ...]
    counted: str
    """The figure without which a page is none of the group."""
    money: Money = Money.NUMBER
    moved: Moved = field(default_factory=lambda: OF_ANY_PAGE)


GROUPINGS = (
    Grouping(
        "/stats/pages/content-groups",
        "List content groups",
        _PAGE[1],
        Dimension.PATHNAME,
        figures=("page_views", "entrances"),
        counted="page_views",
    ),
    Grouping(
        "/stats/landing-pages/by-content-group",
        "List landing pages by content group",
        _LANDING[1],
        Dimension.ENTRY_PAGE,
        figures=OF_LANDING,
        counted="entrances",
        money=Money.TEXT,
        moved=OF_LANDING_PAGES,
    ),
)
