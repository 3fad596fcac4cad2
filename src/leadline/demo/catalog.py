"""What the sites of a demo are: names, pages, events."""

from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import NamedTuple


class Page(NamedTuple):
    """`host` is the number of the site's host that has it."""

    path: str
    group: str
    host: int = 0


class Event(NamedTuple):
    """What some do on pages of a group: `chance` is for one pageview, a property a pair."""

    name: str
    group: str
    chance: float
    properties: tuple[dict[str, str], ...] = ({},)


class Goal(NamedTuple):
    """What it is all about: the pages that lead there, then a conversion on the last of them.

    `amounts` are in euros.
    """

    name: str
    pages: tuple[Page, ...]
    chance: float
    amounts: tuple[float, ...]
    properties: tuple[dict[str, str], ...]


class Kind(NamedTuple):
    """`weekend` is how busy a Saturday is beside a Monday, `evening` an evening beside a noon.

    `tells_engaged`: whether its pages tell for how long they are in view.
    """

    name: str
    home: tuple[Page, ...]
    events: tuple[Event, ...]
    goal: Goal
    weekend: float
    evening: float
    tells_engaged: bool


class Brand(NamedTuple):
    """A site to be, with the country where most of its visitors are, and prices beside euros."""

    name: str
    kind: Kind
    timezone: str
    currency: str
    country: str
    prices: float
    hosts: tuple[str, ...]
    wire: str


_ADJECTIVES = """
amber bold brisk calm clear coastal copper deep early eastern fine gentle golden grand hidden high
inner iron late light long low misty narrow northern old open pale plain quiet rare round salt
silver slow small smooth steady still tall warm western white wide
"""
_NOUNS = """
anchor atlas bay beacon boat bridge buoy canal captain chart cliff coast compass current dock ferry
fog gull harbour horizon island jetty keel kite lantern lighthouse log map mast mist moon oar pier
port reef rope rudder sail shell shore signal star storm tide wave wind
"""
_SECTIONS = {
    "shop": ("books", "maps", "prints", "gifts"),
    "journal": ("essays", "travel", "letters", "notes"),
    "software": ("guides", "reference", "changelog", "blog"),
}
_DOCS = 1

SHOP = Kind(
    "shop",
    (
        Page("/", "home"),
        Page("/books", "category"),
        Page("/maps", "category"),
        Page("/sale", "category"),
        Page("/search", "search"),
        Page("/about", "company"),
        Page("/delivery", "help"),
    ),
    (
        Event("add to cart", "books", 0.08, ({"list": "search"}, {"list": "category"})),
        Event("add to cart", "maps", 0.06, ({"list": "category"},)),
        Event("wishlist", "prints", 0.05),
        Event("newsletter", "home", 0.012, ({"place": "footer"}, {"place": "pop-up"})),
    ),
    Goal(
        "purchase",
        (
            Page("/cart", "checkout"),
            Page("/checkout", "checkout"),
            Page("/checkout/thank-you", "checkout"),
        ),
        0.03,
        (9.9, 14.5, 18, 19.95, 24.9, 29, 34.5, 42, 59.9, 75, 119),
        (
            {"payment": "card", "items": "1"},
            {"payment": "card", "items": "2"},
            {"payment": "card", "items": "4"},
            {"payment": "paypal", "items": "1"},
            {"payment": "transfer", "items": "3", "coupon": "TIDE10"},
        ),
    ),
    weekend=1.15,
    evening=1.5,
    tells_engaged=False,
)
JOURNAL = Kind(
    "journal",
    (
        Page("/", "home"),
        Page("/archive", "home"),
        Page("/authors", "company"),
        Page("/podcast", "podcast"),
        Page("/about", "company"),
    ),
    (
        Event("share", "essays", 0.02, ({"to": "mastodon"}, {"to": "mail"}, {"to": "linkedin"})),
        Event("subscribe", "letters", 0.04, ({"list": "weekly"}, {"list": "monthly"})),
        Event("play", "podcast", 0.3, ({"episode": "30"}, {"episode": "31"})),
    ),
    Goal(
        "donation",
        (Page("/support", "support"), Page("/support/thanks", "support")),
        0.008,
        (3, 5, 5, 10, 10, 20, 50),
        ({"rhythm": "once"}, {"rhythm": "monthly"}),
    ),
    weekend=0.9,
    evening=1.2,
    tells_engaged=True,
)
SOFTWARE = Kind(
    "software",
    (
        Page("/", "home"),
        Page("/pricing", "pricing"),
        Page("/features", "product"),
        Page("/customers", "product"),
        Page("/", "docs", _DOCS),
        Page("/download", "product"),
        Page("/status", "company"),
    ),
    (
        Event("docs search", "guides", 0.06, ({"found": "yes"}, {"found": "yes"}, {"found": "no"})),
        Event("copy snippet", "reference", 0.05),
        Event("download", "product", 0.1, ({"system": "windows"}, {"system": "macos"})),
        Event("trial", "pricing", 0.05, ({"plan": "team"}, {"plan": "solo"})),
    ),
    Goal(
        "subscription",
        (Page("/pricing", "pricing"), Page("/sign-up", "account"), Page("/welcome", "account")),
        0.015,
        (9, 9, 19, 19, 49, 99),
        ({"plan": "solo"}, {"plan": "team"}, {"plan": "company"}),
    ),
    weekend=0.4,
    evening=0.7,
    tells_engaged=True,
)

_BRANDS: tuple[tuple[str, Kind, str, str, str, float], ...] = (
    ("Harbour Books", SHOP, "Europe/Madrid", "EUR", "ES", 1),
    ("Tide and Timber", JOURNAL, "America/New_York", "USD", "US", 1.1),
    ("Lantern Cloud", SOFTWARE, "Asia/Tokyo", "JPY", "JP", 160),
    ("Compass Prints", SHOP, "Europe/London", "GBP", "GB", 0.85),
    ("Southern Letters", JOURNAL, "Australia/Adelaide", "AUD", "AU", 1.7),
    ("Signal Desk", SOFTWARE, "America/Los_Angeles", "USD", "US", 1.1),
    ("Mapas do Mar", SHOP, "America/Sao_Paulo", "BRL", "BR", 6),
    ("Fog and Ferry", JOURNAL, "Europe/Berlin", "EUR", "DE", 1),
    ("Kite Code", SOFTWARE, "Asia/Kolkata", "INR", "IN", 95),
    ("Atlas Maison", SHOP, "Europe/Paris", "EUR", "FR", 1),
)


def brands(count: int) -> list[Brand]:
    """So many different ones; after the first few, names come again with a number."""
    return [_brand(number) for number in range(count)]


def _brand(number: int) -> Brand:
    again, which = divmod(number, len(_BRANDS))
    name, kind, timezone, currency, country, prices = _BRANDS[which]
    suffix = f" {again + 1}" if again else ""
    host = (name + suffix).lower().replace(" ", "-")
    hosts = (f"{host}.example", f"{host}-docs.example")[: 2 if kind is SOFTWARE else 1]
    wire = ("seal", "fathom")[(which + again) % 2]
    return Brand(f"Demo: {name}{suffix}", kind, timezone, currency, country, prices, hosts, wire)


def pages(kind: Kind, count: int) -> tuple[Page, ...]:
    """The pages of a site, the most visited first."""
    return (*kind.home, *islice(_articles(kind), max(0, count - len(kind.home))))


def _articles(kind: Kind) -> Iterator[Page]:
    """Some thousands, in an order that is always the same."""
    words = list(product(_NOUNS.split(), _ADJECTIVES.split(), _SECTIONS[kind.name]))
    Random(kind.name).shuffle(words)
    for noun, adjective, section in words:
        host = _DOCS if section in ("guides", "reference") else 0
        yield Page(f"/{section}/{adjective}-{noun}", section, host)
