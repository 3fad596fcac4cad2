"""Demos in data directories of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

from leadline.access import Organisations
from leadline.database import Database
from leadline.demo import Demo, Plan, Progress, fill
from leadline.demo.catalog import Brand, brands
from leadline.demo.days import microseconds
from leadline.demo.rhythm import Rhythm
from leadline.demo.traffic import Told, Traffic
from leadline.demo.venues import venues
from leadline.settings import Settings
from leadline.sites import Domain, OrganisationId, Sharing, Site, SiteId, Sites

UNTIL = datetime(2026, 3, 31, 17, 23, 45, 678901, tzinfo=UTC)
"""After a change to summer time in Europe and in North America."""


def plan(**changes: Any) -> Plan:
    usual: dict[str, Any] = {"hits": 6000, "days": 30, "sites": 4, "seed": 1, "until": UNTIL}
    return Plan(**(usual | changes))


@contextmanager
def sites_in(settings: Settings) -> Iterator[tuple[Sites, Organisations]]:
    database = Database(settings.metadata)
    try:
        yield Sites(database), Organisations(database)
    finally:
        database.close()


def made(
    settings: Settings,
    wanted: Plan,
    *,
    beside: bool = False,
    progress: Progress = lambda hits, until: None,
) -> Demo:
    with sites_in(settings) as (sites, organisations):
        organisation = organisations.first().id
        return fill(settings, sites, organisation, wanted, beside=beside, progress=progress)


def told(wanted: Plan) -> list[Told]:
    """What is told of a demo's visits, in the order of time, without any database."""
    chance = Random(wanted.seed)
    pairs = [(brand, _site(n, brand)) for n, brand in enumerate(brands(wanted.sites), start=1)]
    places = venues(chance, pairs, wanted.hits, wanted.until, wanted.days)
    rhythm = Rhythm(places, wanted.hits, microseconds(wanted.until))
    traffic = Traffic(chance, places, rhythm, wanted.hits)
    return [each for window in traffic.windows() for each in window]


def _site(number: int, brand: Brand) -> Site:
    domains = tuple(Domain(n, host, host, UNTIL) for n, host in enumerate(brand.hosts))
    return Site(
        id=SiteId(number),
        organisation=OrganisationId(1),
        code="A" * 8,
        slug=f"site-{number}",
        name=brand.name,
        sharing=Sharing.NONE,
        multi_domain=None,
        retention=None,
        embed_on=(),
        timezone=brand.timezone,
        currency=brand.currency,
        is_active=True,
        honours_dnt=False,
        honours_gpc=False,
        created_at=UNTIL,
        updated_at=None,
        domains=domains,
    )
