"""Filling a data directory: sites through their room, hits as the loader hands them over."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import msgspec

from leadline import __version__, storage
from leadline.demo.catalog import Brand, brands
from leadline.demo.days import last_days, microseconds, moment_of
from leadline.demo.loading import Loading
from leadline.demo.rhythm import Rhythm
from leadline.demo.tally import SiteTotals, Tally
from leadline.demo.traffic import Told, Traffic
from leadline.demo.venues import Venue, venues
from leadline.settings import Settings
from leadline.sites import MultiDomain, NewSite, OrganisationId, Site, Sites
from leadline.spool import START, Kind, Spool
from leadline.warehouse import Warehouse

FILE = "demo.json"
LOADED_TOGETHER = 30_000
"""So many hits and departures, or somewhat more."""

Progress = Callable[[int, datetime], None]
"""Is told how many hits have been made, and of when the last is."""


class DataNotEmpty(Exception):
    """A demo would get mixed up with what is there."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Hits of the last `days` local days of each site, up to `until`, an aware datetime.

    The same plan makes the same hits. `hits` are pageviews and events, of all `sites` together.
    """

    hits: int
    days: int
    sites: int
    seed: int
    until: datetime


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What was made, and what reports must say of it; `hits` as they were asked for."""

    leadline: str
    seed: int
    hits: int
    until: datetime
    sites: list[SiteTotals]


def fill(
    settings: Settings,
    sites: Sites,
    organisation: OrganisationId,
    plan: Plan,
    *,
    beside: bool = False,
    progress: Progress = lambda hits, until: None,
) -> Demo:
    """Make sites and their hits, and write what they add up to into `demo.json`.

    The data directory must have no hits and, unless the demo's are wanted `beside` them, no sites.
    If anything fails the sites are deleted again, and their hits with them.

    Raises `DataNotEmpty`, `storage.DataInUse`, and what the warehouse raises.
    """
    with storage.opened(settings) as opened:
        _check_empty(opened, sites, organisation, beside)
        chosen = brands(plan.sites)
        made = sites.create_all(organisation, [_new_site(brand, plan) for brand in chosen])
        try:
            totals = _load(opened, plan, list(zip(chosen, made, strict=True)), progress)
        except BaseException:
            for site in made:
                sites.delete(site)
            raise
    demo = Demo(
        leadline=__version__, seed=plan.seed, hits=plan.hits, until=plan.until, sites=totals
    )
    _write(settings.data / FILE, msgspec.json.format(msgspec.json.encode(demo), indent=2))
    return demo


def pour(
    spool: Spool, warehouse: Warehouse, sites: Sites, organisation: OrganisationId, plan: Plan
) -> None:
    """The same through a server that runs: its spool takes the hits, its loader loads them.

    There must be neither a site nor a hit. Raises `DataNotEmpty`, and what the warehouse raises.
    """
    if sites.list(organisation, include_inactive=True) or warehouse.loaded() > START:
        raise DataNotEmpty("there are sites, or hits, already: a demo needs a server of its own")
    chosen = brands(plan.sites)
    made = sites.create_all(organisation, [_new_site(brand, plan) for brand in chosen])
    _, traffic = _traffic(plan, list(zip(chosen, made, strict=True)))
    for told in traffic.windows():
        for each in told:
            spool.append_unwaited(each.hit)


def _check_empty(
    opened: storage.Storage, sites: Sites, organisation: OrganisationId, beside: bool
) -> None:
    """Hits of long ago would end the visits under way, and have ids forgotten that may come again:
    so there must be none."""
    if opened.warehouse.loaded() > START or opened.spool.status().bytes:
        raise DataNotEmpty(
            "hits have come to this data directory already: a demo needs one of its own"
        )
    if not beside and sites.list(organisation, include_inactive=True):
        raise DataNotEmpty(
            "there are sites in this data directory already: --add puts the demo's beside"
        )


def _new_site(brand: Brand, plan: Plan) -> NewSite:
    began = last_days(plan.until, brand.timezone, plan.days).begins[0]
    return NewSite(
        name=brand.name,
        timezone=brand.timezone,
        currency=brand.currency,
        domains=brand.hosts,
        multi_domain=MultiDomain.COMBINED if len(brand.hosts) > 1 else None,
        created_at=moment_of(began),
    )


def _traffic(plan: Plan, made: Sequence[tuple[Brand, Site]]) -> tuple[list[Venue], Traffic]:
    chance = Random(plan.seed)
    places = venues(chance, made, plan.hits, plan.until, plan.days)
    rhythm = Rhythm(places, plan.hits, microseconds(plan.until))
    return places, Traffic(chance, places, rhythm, plan.hits)


def _load(
    opened: storage.Storage, plan: Plan, made: Sequence[tuple[Brand, Site]], progress: Progress
) -> list[SiteTotals]:
    places, traffic = _traffic(plan, made)
    tallies: dict[int, Tally] = {
        venue.site.id: Tally(venue.site, venue.days.dates) for venue in places
    }
    done = 0
    with Loading(opened.warehouse) as loading:
        for told in _together(traffic.windows()):
            loading.add([each.hit for each in told])
            for each in told:
                tallies[each.hit.site].add(each)
            done += sum(each.hit.kind is not Kind.DEPARTURE for each in told)
            progress(done, told[-1].hit.received_at)
    return [
        tallies[venue.site.id].totals(moment_of(venue.days.begins[0]), plan.until)
        for venue in places
    ]


def _together(windows: Iterator[list[Told]]) -> Iterator[list[Told]]:
    """Windows that are loaded at once; none without hits."""
    waiting: list[Told] = []
    for window in windows:
        waiting += window
        if len(waiting) >= LOADED_TOGETHER:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _write(file: Path, content: bytes) -> None:
    """All of it or nothing."""
    written = file.with_suffix(".part")
    written.write_bytes(content + b"\n")
    os.replace(written, file)
