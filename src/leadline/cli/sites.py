"""`leadline site …`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter

from leadline.access import Change
from leadline.cli.options import Data, opened
from leadline.clock import utc_now
from leadline.settings import Settings
from leadline.sites import (
    NewSite,
    Site,
    SiteChange,
    months_of,
    parse_retention,
    parse_site_list,
)


class NotConfirmed(Exception):
    """Somebody was asked, and did not mean it."""

    def __init__(self) -> None:
        super().__init__("that is not its slug: nothing was deleted")


sites = App(
    name="site", help="Create, list, import and delete sites; say for how long they keep hits."
)


@sites.command
def create(
    name: str,
    *,
    code: str | None = None,
    slug: str | None = None,
    domain: Annotated[list[str] | None, Parameter("--domain", negative=())] = None,
    timezone: str | None = None,
    currency: str | None = None,
    data: Data = None,
) -> None:
    """Create a site and print its tracking code and its slug.

    Parameters
    ----------
    name
        The site's name.
    code
        The tracking code, 5 to 8 capital letters; without it a new one.
    slug
        The slug, 3 to 64 lower-case letters, digits, hyphens; without it one made from the name.
    domain
        A host that may send hits; may be repeated. Without any, every host may.
    timezone
        The reporting time zone, an IANA name; without it the organisation's.
    currency
        An ISO 4217 code; without it the organisation's.
    """
    with opened(data, Change("site.create", name)) as metadata:
        organisation = metadata.organisation
        site = metadata.sites.create(
            organisation.id,
            NewSite(
                name=name,
                code=code,
                slug=slug,
                domains=tuple(domain or ()),
                timezone=timezone or organisation.timezone,
                currency=currency or organisation.currency,
            ),
        )
    print(f"{site.code}\t{site.slug}")


@sites.command(name="list")
def list_sites(*, data: Data = None) -> None:
    """List the sites: code, slug, state, time zone, currency, name, domains."""
    with opened(data) as metadata:
        for site in metadata.sites.list(metadata.organisation.id, include_inactive=True):
            print(_line(site))


@sites.command(name="import")
def import_sites(
    files: Annotated[list[Path], Parameter(name="FILE", negative=())], /, *, data: Data = None
) -> None:
    """Create the sites of a saved site list of either vendor, under their own codes or slugs.

    All of them are created or, if one cannot be, none.

    Parameters
    ----------
    files
        An answer of GET /v1/sites (Fathom) or GET /api/v1/sites (SealMetrics); of a list of several
        pages, all of them.
    """
    pages = {str(file): file.read_bytes() for file in files}
    with opened(data, Change("site.import", details={"files": len(pages)})) as metadata:
        organisation = metadata.organisation
        found = parse_site_list(pages, organisation.currency)
        created = metadata.sites.create_all(organisation.id, found.sites)
    for warning in found.warnings:
        print(f"leadline: {warning}", file=sys.stderr)
    for site in created:
        print(_line(site))


@sites.command
def retention(
    site: str,
    months: str,
    *,
    dry_run: Annotated[bool, Parameter("--dry-run", negative=())] = False,
    data: Data = None,
) -> None:
    """Say for how many months a site keeps its hits; older ones are deleted for good.

    Parameters
    ----------
    site
        The code or the slug.
    months
        1 to 120, from the first day of a month; `forever`; or `default`, as the server is set.
    dry_run
        Change nothing, and print how many hits would go.
    """
    with opened(data, Change("site.update", site, site, {"retention": months})) as metadata:
        found = metadata.sites.get(metadata.organisation.id, site)
        wanted = parse_retention(months)
        kept = months_of(wanted, metadata.settings.retention_months)
        if dry_run:
            print(_going(metadata.settings, found, kept))
            return
        metadata.sites.update(found, SiteChange(retention=wanted))
    how_long = "for ever" if kept is None else f"for {kept} months"
    print(f"{found.slug} keeps its hits {how_long} now", file=sys.stderr)


@sites.command
def delete(
    site: str,
    *,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative=())] = False,
    data: Data = None,
) -> None:
    """Delete a site and all its hits, for good.

    Parameters
    ----------
    site
        The code or the slug.
    """
    from leadline.logs import configure_logs
    from leadline.storage import erase_deleted_sites

    with opened(data, Change("site.delete", site, site)) as metadata:
        configure_logs(metadata.settings.model_copy(update={"log_level": "warning"}))
        found = metadata.sites.get(metadata.organisation.id, site)
        if not yes and not _confirmed(found):
            raise NotConfirmed
        metadata.sites.delete(found)
        erased = erase_deleted_sites(metadata.settings, metadata.sites)
    what = "and its hits are gone" if erased else "is gone; each server erases its hits"
    print(f"{found.slug} {what}", file=sys.stderr)


def _going(settings: Settings, site: Site, months: int | None) -> str:
    """How many hits would be deleted if they were kept for so long."""
    from leadline.jobs import kept_since
    from leadline.storage import count

    if months is None:
        return "no hits would go"
    since = kept_since(utc_now(), site.timezone, months)
    held = count(settings, site.id, since)
    if held.first_at is None or held.last_at is None:
        return f"no hits would go: none is older than {_date(since, site)}"
    days = f"{_date(held.first_at, site)} to {_date(held.last_at, site)}"
    return f"{held.hits} hit{'s' * (held.hits != 1)} would go, of {days}"


def _date(moment: datetime, site: Site) -> str:
    return moment.astimezone(ZoneInfo(site.timezone)).date().isoformat()


def _confirmed(site: Site) -> bool:
    if sys.stdin.isatty():
        question = f"Delete {site.name} and all its hits? Type its slug: "
        print(question, end="", file=sys.stderr, flush=True)
    return input() == site.slug


def _line(site: Site) -> str:
    state = "active" if site.is_active else "inactive"
    domains = " ".join(domain.domain for domain in site.domains)
    return "\t".join(
        (site.code, site.slug, state, site.timezone, site.currency, site.name, domains)
    )
