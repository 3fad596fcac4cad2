"""`leadline site …`."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from leadline.cli.options import Data, opened
from leadline.sites import NewSite, Site, parse_site_list


class NotConfirmed(Exception):
    """Somebody was asked, and did not mean it."""

    def __init__(self) -> None:
        super().__init__("that is not its slug: nothing was deleted")


sites = App(name="site", help="Create, list, import and delete sites.")


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
    with opened(data) as metadata:
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
    with opened(data) as metadata:
        organisation = metadata.organisation
        found = parse_site_list(pages, organisation.currency)
        created = metadata.sites.create_all(organisation.id, found.sites)
    for warning in found.warnings:
        print(f"leadline: {warning}", file=sys.stderr)
    for site in created:
        print(_line(site))


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

    with opened(data) as metadata:
        configure_logs(metadata.settings.model_copy(update={"log_level": "warning"}))
        found = metadata.sites.get(metadata.organisation.id, site)
        if not yes and not _confirmed(found):
            raise NotConfirmed
        metadata.sites.delete(found)
        erased = erase_deleted_sites(metadata.settings, metadata.sites)
    what = "and its hits are gone" if erased else "is gone; each server erases its hits"
    print(f"{found.slug} {what}", file=sys.stderr)


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
