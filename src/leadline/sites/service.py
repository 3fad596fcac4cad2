"""The one place that creates, changes, finds and deletes sites."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from msgspec import UNSET
from sqlalchemy import (
    Column,
    Connection,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import names, rows, rules
from leadline.sites.errors import (
    DomainNotFound,
    DomainTaken,
    InvalidDomain,
    NameTaken,
    SiteNotFound,
    UtmMappingNotFound,
    UtmMappingTaken,
)
from leadline.sites.hosts import ascii_host
from leadline.sites.model import (
    Deletion,
    Domain,
    Kept,
    NewSite,
    OrganisationId,
    Page,
    SharedSite,
    Site,
    SiteChange,
    SiteId,
    UtmField,
    UtmMapping,
    UtmMappingChange,
    Visible,
)
from leadline.sites.retention import months_of
from leadline.sites.tables import (
    deleted_sites,
    site_domains,
    site_names,
    site_utm_mappings,
    sites,
)


class Sites:
    """Sites of all organisations. Every method is one transaction.

    A site is named by its code or its slug, case-blind. `changed` is called after each change
    is committed and before the method returns.
    """

    def __init__(
        self,
        database: Database,
        changed: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._changed = changed
        self._clock = clock

    # Finding

    def get(self, organisation: OrganisationId, name: str) -> Site:
        """The site with this code or slug, inactive or not. Raises `SiteNotFound`."""
        question = ("site", organisation, name)
        return self._database.memory.remember(question, lambda: self._get(organisation, name))

    def _get(self, organisation: OrganisationId, name: str) -> Site:
        with self._database.reading() as connection:
            return rows.find(connection, organisation, name)

    def numbered(self, number: SiteId) -> Site:
        """The site with this number, of any organisation. Raises `SiteNotFound`."""
        with self._database.reading() as connection:
            found = rows.load(connection, select(sites).where(sites.c.id == number))
        if not found:
            raise SiteNotFound(str(number))
        return found[0]

    def shared(self, code: str) -> SharedSite:
        """The active site of any organisation with this tracking code, case-blind, and of what
        opens its share. Raises `SiteNotFound`.
        """
        if not names.could_be_a_code(code):
            raise SiteNotFound(code)
        code = code.upper()
        return self._database.memory.remember(("shared", code), lambda: self._shared(code))

    def _shared(self, code: str) -> SharedSite:
        mine = (sites.c.code == code) & sites.c.is_active
        with self._database.reading() as connection:
            row = connection.execute(select(sites.c.share_password_hash).where(mine)).one_or_none()
            if row is None:
                raise SiteNotFound(code)
            (site,) = rows.load(connection, select(sites).where(mine))
        return SharedSite(site, row.share_password_hash)

    def list(
        self,
        organisation: OrganisationId,
        *,
        visible: Visible = None,
        include_inactive: bool = False,
    ) -> tuple[Site, ...]:
        """Sites in order of creation."""
        query = rows.select_sites(organisation, visible, include_inactive)
        with self._database.reading() as connection:
            return rows.load(connection, query.order_by(sites.c.created_at, sites.c.id))

    def page(
        self,
        organisation: OrganisationId,
        *,
        visible: Visible = None,
        limit: int,
        after: str | None = None,
        before: str | None = None,
        include_inactive: bool = False,
        matching: str = "",
    ) -> Page:
        """Up to `limit` sites next to a cursor, in order of creation.

        The cursor is a site's name; that of a site gone meanwhile still marks its place. Only
        sites are in it that have `matching` in their name, code, slug or a domain; the case of
        letters from A to Z does not count. Raises `UnknownCursor`.
        """
        query = rows.select_sites(organisation, visible, include_inactive)
        if matching:
            query = query.where(rows.has(matching))
        with self._database.reading() as connection:
            if before is not None:
                created_at, site_id = rows.place_of(connection, organisation, before, visible)
                query = query.where(
                    or_(
                        sites.c.created_at < created_at,
                        and_(sites.c.created_at == created_at, sites.c.id < site_id),
                    )
                ).order_by(sites.c.created_at.desc(), sites.c.id.desc())
            else:
                if after is not None:
                    created_at, site_id = rows.place_of(connection, organisation, after, visible)
                    query = query.where(
                        or_(
                            sites.c.created_at > created_at,
                            and_(sites.c.created_at == created_at, sites.c.id > site_id),
                        )
                    )
                query = query.order_by(sites.c.created_at, sites.c.id)
            found = rows.load(connection, query.limit(limit + 1))
        chosen = found[:limit]
        return Page(chosen if before is None else chosen[::-1], has_more=len(found) > limit)

    def codes(self, ids: Iterable[SiteId]) -> dict[SiteId, str]:
        """The tracking codes of these sites."""
        return self._names(sites.c.code, ids)

    def slugs(self, ids: Iterable[SiteId]) -> dict[SiteId, str]:
        """Those of these sites."""
        return self._names(sites.c.slug, ids)

    def _names(self, column: Column[str], ids: Iterable[SiteId]) -> dict[SiteId, str]:
        query = select(sites.c.id, column.label("name")).where(sites.c.id.in_(tuple(ids)))
        with self._database.reading() as connection:
            return {SiteId(row.id): row.name for row in connection.execute(query)}

    def kept(self, default: int | None) -> tuple[Kept, ...]:
        """The sites of all organisations, inactive ones too, that do not keep hits for ever.

        `default` is for how many months those do that say nothing of it; None is for ever.
        """
        return self._database.memory.remember(("kept", default), lambda: self._kept(default))

    def _kept(self, default: int | None) -> tuple[Kept, ...]:
        query = select(sites.c.id, sites.c.timezone, sites.c.retention).order_by(sites.c.id)
        if default is None:
            query = query.where(sites.c.retention.is_not(None))
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        months = (months_of(row.retention, default) for row in found)
        return tuple(
            Kept(SiteId(row.id), row.timezone, number)
            for row, number in zip(found, months, strict=True)
            if number is not None
        )

    # Creating, changing, deleting

    def create(self, organisation: OrganisationId, new: NewSite) -> Site:
        """Raises an `InvalidValue` for what no site can have, `NameTaken`, `DomainTaken`."""
        return self.create_all(organisation, (new,))[0]

    def create_all(self, organisation: OrganisationId, news: Iterable[NewSite]) -> tuple[Site, ...]:
        """All of them or, when `create` would refuse one, none."""
        now = self._clock()
        checked = [(new, rules.columns_of(new), rules.hosts_of(new.domains)) for new in news]
        created = []
        with self._database.writing() as connection:
            for new, values, domains in checked:
                code = _free_code(connection, new.code)
                slug = _free_slug(connection, new.slug, new.name, taken=code)
                values |= {
                    "organisation_id": organisation,
                    "code": code,
                    "slug": slug,
                    "created_at": new.created_at or now,
                    "revision": rows.next_revision(connection),
                }
                site_id = insert_row(connection, sites, **values)
                for name in (code, slug):
                    entry = {"name": name.lower(), "site_id": site_id}
                    connection.execute(insert(site_names).values(**entry))
                for domain, host in domains:
                    rows.insert_domain(connection, SiteId(site_id), domain, host, now)
                created.append(rows.find(connection, organisation, code))
        self._changed()
        return tuple(created)

    def update(self, site: Site, change: SiteChange) -> Site:
        """The changed site; without a field nothing is touched. Raises an `InvalidValue`."""
        if change == SiteChange():
            return site
        given = rules.share_hash(None if change.share_password is UNSET else change.share_password)
        with self._changing(site) as connection:
            mine = sites.c.id == site.id
            row = connection.execute(select(sites).where(mine)).one()
            values = rules.changed_columns(row, change, given)
            if values:
                connection.execute(update(sites).where(mine).values(**values))
            updated = rows.find(connection, site.organisation, site.code)
        self._changed()
        return updated

    def delete(self, site: Site) -> None:
        """Final: the site is gone at once, its names are never used again.

        The hits are erased by whoever watches `deletions`.
        """
        with self._database.writing() as connection:
            gone = connection.execute(delete(sites).where(sites.c.id == site.id)).rowcount
            if not gone:
                raise SiteNotFound(site.code)
            connection.execute(
                insert(deleted_sites).values(
                    site_id=site.id,
                    organisation_id=site.organisation,
                    created_at=site.created_at,
                    deleted_at=self._clock(),
                    revision=rows.next_revision(connection),
                )
            )
        self._changed()

    def deactivate_all(
        self, organisation: OrganisationId, also: Callable[[Connection], object]
    ) -> None:
        """Let no site of the organisation count any more; `also` is in the same transaction."""
        mine = (sites.c.organisation_id == organisation) & sites.c.is_active
        with self._database.writing() as connection:
            also(connection)
            for site in rows.load(connection, select(sites).where(mine)):
                rows.touch(connection, site, self._clock())
                its = sites.c.id == site.id
                connection.execute(update(sites).where(its).values(is_active=False))
        self._changed()

    def move(
        self, site: Site, organisation: OrganisationId, also: Callable[[Connection], object]
    ) -> Site:
        """Give the site, with all that is its own, to another organisation.

        `also` is in the same transaction. Raises `SiteNotFound`.
        """
        with self._changing(site) as connection:
            also(connection)
            mine = sites.c.id == site.id
            connection.execute(update(sites).where(mine).values(organisation_id=organisation))
            moved = rows.find(connection, organisation, site.code)
        self._changed()
        return moved

    def deletions(self, after: int = 0) -> tuple[Deletion, ...]:
        """Sites that were deleted after this revision, in order; all that ever were after 0."""
        query = (
            select(deleted_sites)
            .where(deleted_sites.c.revision > after)
            .order_by(deleted_sites.c.revision)
        )
        with self._database.reading() as connection:
            return tuple(
                Deletion(SiteId(row.site_id), row.revision, row.erased_at)
                for row in connection.execute(query)
            )

    def confirm_erased(self, site_id: SiteId) -> None:
        """Note that a deleted site's last hit is gone from one more warehouse."""
        mine = deleted_sites.c.site_id == site_id
        with self._database.writing() as connection:
            connection.execute(update(deleted_sites).where(mine).values(erased_at=self._clock()))

    # Domains

    def add_domain(self, site: Site, domain: str) -> Domain:
        """Raises `InvalidDomain`, `DomainTaken`."""
        host = ascii_host(domain)
        now = self._clock()
        with self._changing(site) as connection:
            if rows.domain_id(connection, site.id, host) is not None:
                raise DomainTaken(domain)
            written = domain.strip().lower()
            domain_id = rows.insert_domain(connection, site.id, written, host, now)
        self._changed()
        return Domain(domain_id, written, host, now)

    def remove_domain(self, site: Site, domain: str) -> None:
        """Raises `DomainNotFound`."""
        try:
            host = ascii_host(domain)
        except InvalidDomain:
            raise DomainNotFound(domain) from None
        with self._changing(site) as connection:
            domain_id = rows.domain_id(connection, site.id, host)
            if domain_id is None:
                raise DomainNotFound(domain)
            connection.execute(delete(site_domains).where(site_domains.c.id == domain_id))
        self._changed()

    # UTM mappings

    def utm_mappings(self, site: Site) -> tuple[UtmMapping, ...]:
        """In order of creation, inactive ones included."""
        query = (
            select(site_utm_mappings)
            .where(site_utm_mappings.c.site_id == site.id)
            .order_by(site_utm_mappings.c.id)
        )
        with self._database.reading() as connection:
            return tuple(rows.mapping_in(row) for row in connection.execute(query))

    def add_utm_mapping(self, site: Site, custom_param: str, maps_to: UtmField) -> UtmMapping:
        """Raises `InvalidParameter`, `UtmMappingTaken`; the parameter's case counts."""
        names.check_parameter(custom_param)
        now = self._clock()
        with self._changing(site) as connection:
            if rows.mapping_row(
                connection, site.id, site_utm_mappings.c.custom_param == custom_param
            ):
                raise UtmMappingTaken(custom_param)
            values = {
                "site_id": site.id,
                "custom_param": custom_param,
                "maps_to": maps_to,
                "is_active": True,
                "created_at": now,
            }
            mapping_id = insert_row(connection, site_utm_mappings, **values)
        self._changed()
        return UtmMapping(mapping_id, custom_param, maps_to, True, now)

    def change_utm_mapping(
        self, site: Site, mapping_id: int, change: UtmMappingChange
    ) -> UtmMapping:
        """Raises `UtmMappingNotFound`."""
        if mapping_id > LARGEST_NUMBER:
            raise UtmMappingNotFound(str(mapping_id))
        mine = site_utm_mappings.c.id == mapping_id
        values = {
            field: value
            for field, value in (("maps_to", change.maps_to), ("is_active", change.is_active))
            if value is not UNSET
        }
        with self._changing(site) as connection:
            if rows.mapping_row(connection, site.id, mine) is None:
                raise UtmMappingNotFound(str(mapping_id))
            if values:
                connection.execute(update(site_utm_mappings).where(mine).values(**values))
            row = rows.mapping_row(connection, site.id, mine)
        self._changed()
        return rows.mapping_in(row)

    def remove_utm_mapping(self, site: Site, custom_param: str) -> None:
        """Raises `UtmMappingNotFound`."""
        if not names.is_parameter(custom_param):
            raise UtmMappingNotFound(custom_param)
        mine = site_utm_mappings.c.custom_param == custom_param
        with self._changing(site) as connection:
            row = rows.mapping_row(connection, site.id, mine)
            if row is None:
                raise UtmMappingNotFound(custom_param)
            connection.execute(delete(site_utm_mappings).where(site_utm_mappings.c.id == row.id))
        self._changed()

    @contextmanager
    def _changing(self, site: Site) -> Iterator[Connection]:
        """A transaction that changes `site`, or something of its. Raises `SiteNotFound`."""
        with self._database.writing() as connection:
            rows.touch(connection, site, self._clock())
            yield connection


def _free_code(connection: Connection, wanted: str | None) -> str:
    if wanted is not None:
        if not rows.is_free(connection, names.check_code(wanted)):
            raise NameTaken(wanted)
        return wanted
    while True:
        code = names.new_code()
        if code.lower() not in names.RESERVED and rows.is_free(connection, code):
            return code


def _free_slug(connection: Connection, wanted: str | None, name: str, taken: str) -> str:
    if wanted is not None:
        slug = names.check_slug(wanted)
        if slug == taken.lower() or not rows.is_free(connection, slug):
            raise NameTaken(wanted)
        return slug
    first = names.slug_of(name)
    unavailable = rows.names_like(connection, first) | names.RESERVED | {taken.lower()}
    if first not in unavailable:
        return first
    numbered = (names.numbered(first, number) for number in itertools.count(2))
    return next(slug for slug in numbered if slug not in unavailable)
