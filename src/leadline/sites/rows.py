"""How sites lie in their tables: the queries that more than one method needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    exists,
    false,
    or_,
    select,
    update,
)

from leadline.database import insert_row
from leadline.sites.errors import SiteNotFound, UnknownCursor
from leadline.sites.model import (
    NAME_LENGTH,
    Domain,
    MultiDomain,
    OrganisationId,
    Sharing,
    Site,
    SiteId,
    UtmField,
    UtmMapping,
    Visible,
)
from leadline.sites.names import SLUG_LENGTH, could_name_a_site
from leadline.sites.tables import (
    deleted_sites,
    site_domains,
    site_names,
    site_revisions,
    site_utm_mappings,
    sites,
)
from leadline.text import CONTROL_CHARACTERS

NUMBERED_FROM = SLUG_LENGTH - 12
"""A slug is cut off no earlier than here to make place for a number."""


def next_revision(connection: Connection) -> int:
    """The next revision; taken inside a write transaction, so revisions grow as commits do."""
    connection.execute(update(site_revisions).values(last=site_revisions.c.last + 1))
    return int(connection.execute(select(site_revisions.c.last)).scalar_one())


def touch(connection: Connection, site: Site, now: datetime) -> None:
    """Note that the site, or something of its, changes. Raises `SiteNotFound`."""
    values = {"updated_at": now, "revision": next_revision(connection)}
    if not connection.execute(update(sites).where(sites.c.id == site.id).values(**values)).rowcount:
        raise SiteNotFound(site.code)


def check_exists(connection: Connection, site: Site) -> None:
    """Raises `SiteNotFound` if the site was deleted meanwhile."""
    if connection.execute(select(sites.c.id).where(sites.c.id == site.id)).scalar() is None:
        raise SiteNotFound(site.code)


def select_sites(
    organisation: OrganisationId, visible: Visible, include_inactive: bool
) -> Select[Any]:
    query = select(sites).where(sites.c.organisation_id == organisation)
    if visible is not None:
        query = query.where(sites.c.id.in_(tuple(visible)))
    if not include_inactive:
        query = query.where(sites.c.is_active)
    return query


def has(text: str) -> ColumnElement[bool]:
    """Whether a site has `text` in a name or a domain of its own."""
    # No name is longer or has one of these; not every database takes such a pattern.
    if len(text) > NAME_LENGTH or CONTROL_CHARACTERS.search(text):
        return false()
    columns = (sites.c.name, sites.c.code, sites.c.slug)
    of_domain = select(site_domains.c.id).where(
        site_domains.c.site_id == sites.c.id,
        site_domains.c.domain.icontains(text, autoescape=True),
    )
    return or_(*(column.icontains(text, autoescape=True) for column in columns), exists(of_domain))


def find(connection: Connection, organisation: OrganisationId, name: str) -> Site:
    if not could_name_a_site(name):
        raise SiteNotFound(name)
    query = (
        select(sites)
        .join(site_names, site_names.c.site_id == sites.c.id)
        .where(site_names.c.name == name.lower(), sites.c.organisation_id == organisation)
    )
    found = load(connection, query)
    if not found:
        raise SiteNotFound(name)
    return found[0]


def load(connection: Connection, query: Select[Any]) -> tuple[Site, ...]:
    rows = connection.execute(query).all()
    mine = site_domains.c.site_id.in_(query.with_only_columns(sites.c.id))
    domains: dict[int, list[Domain]] = {}
    for row in connection.execute(select(site_domains).where(mine).order_by(site_domains.c.id)):
        domain = Domain(row.id, row.domain, row.host, row.created_at)
        domains.setdefault(row.site_id, []).append(domain)
    return tuple(site_in(row, tuple(domains.get(row.id, ()))) for row in rows)


def site_in(row: Row[Any], domains: tuple[Domain, ...]) -> Site:
    return Site(
        id=SiteId(row.id),
        organisation=OrganisationId(row.organisation_id),
        code=row.code,
        slug=row.slug,
        name=row.name,
        sharing=Sharing(row.sharing),
        multi_domain=MultiDomain(row.multi_domain) if row.multi_domain else None,
        timezone=row.timezone,
        currency=row.currency,
        is_active=row.is_active,
        honours_dnt=row.honours_dnt,
        honours_gpc=row.honours_gpc,
        retention=row.retention,
        embed_on=tuple(row.embed_on.split()),
        created_at=row.created_at,
        updated_at=row.updated_at,
        domains=domains,
    )


def place_of(
    connection: Connection, organisation: OrganisationId, cursor: str, visible: Visible
) -> tuple[datetime, int]:
    """Where in the order of creation the site named `cursor` stands, or stood."""
    if not could_name_a_site(cursor):
        raise UnknownCursor(cursor)
    named = select(site_names.c.site_id).where(site_names.c.name == cursor.lower())
    for table, site_id in ((sites, sites.c.id), (deleted_sites, deleted_sites.c.site_id)):
        row = connection.execute(
            select(table.c.created_at, site_id.label("site_id")).where(
                site_id.in_(named), table.c.organisation_id == organisation
            )
        ).one_or_none()
        if row is not None and (visible is None or row.site_id in visible):
            return row.created_at, row.site_id
    raise UnknownCursor(cursor)


def is_free(connection: Connection, name: str) -> bool:
    query = select(site_names.c.site_id).where(site_names.c.name == name.lower())
    return connection.execute(query).one_or_none() is None


def names_like(connection: Connection, slug: str) -> set[str]:
    """The names in use, or once in use, among which are all that begin as `slug` does."""
    beginning = slug[:NUMBERED_FROM]
    query = select(site_names.c.name).where(
        site_names.c.name.startswith(beginning, autoescape=True)
    )
    return set(connection.execute(query).scalars())


def insert_domain(
    connection: Connection, site_id: SiteId, domain: str, host: str, now: datetime
) -> int:
    values = {"site_id": site_id, "domain": domain, "host": host, "created_at": now}
    return insert_row(connection, site_domains, **values)


def domain_id(connection: Connection, site_id: SiteId, host: str) -> int | None:
    return connection.execute(
        select(site_domains.c.id).where(
            site_domains.c.site_id == site_id, site_domains.c.host == host
        )
    ).scalar()


def mapping_row(connection: Connection, site_id: SiteId, which: Any) -> Row[Any] | None:
    query = select(site_utm_mappings).where(site_utm_mappings.c.site_id == site_id, which)
    return connection.execute(query).one_or_none()


def mapping_in(row: Any) -> UtmMapping:
    return UtmMapping(
        row.id, row.custom_param, UtmField(row.maps_to), row.is_active, row.created_at
    )
