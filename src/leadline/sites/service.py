"""The one place that creates, changes, finds and deletes sites."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec import UNSET
from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from leadline.clock import Clock, utc_now
from leadline.database import Database, insert_row
from leadline.passwords import hash_password, is_text, share_secret
from leadline.sites import names
from leadline.sites.currencies import check_currency
from leadline.sites.errors import (
    DomainNotFound,
    DomainTaken,
    InvalidDomain,
    InvalidPassword,
    NameTaken,
    OptionRequired,
    PasswordRequired,
    SiteNotFound,
    UnknownCursor,
    UtmMappingNotFound,
    UtmMappingTaken,
)
from leadline.sites.hosts import ascii_host
from leadline.sites.model import (
    PASSWORD_LENGTH,
    Domain,
    MultiDomain,
    NewSite,
    OrganisationId,
    Page,
    Sharing,
    Site,
    SiteChange,
    SiteId,
    UtmField,
    UtmMapping,
    UtmMappingChange,
)
from leadline.sites.tables import (
    deleted_sites,
    site_domains,
    site_names,
    site_revisions,
    site_utm_mappings,
    sites,
)
from leadline.sites.timezones import check_timezone

Visible = Collection[SiteId] | None
"""The sites that somebody may see; None stands for all of the organisation's."""


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
            return _find(connection, organisation, name)

    def list(
        self,
        organisation: OrganisationId,
        *,
        visible: Visible = None,
        include_inactive: bool = False,
    ) -> tuple[Site, ...]:
        """Sites in order of creation."""
        query = _select_sites(organisation, visible, include_inactive)
        with self._database.reading() as connection:
            return _load(connection, query.order_by(sites.c.created_at, sites.c.id))

    def page(
        self,
        organisation: OrganisationId,
        *,
        limit: int,
        after: str | None = None,
        before: str | None = None,
    ) -> Page:
        """Up to `limit` active sites next to a cursor, in order of creation.

        The cursor is a site's name; that of a site gone meanwhile still marks its place.
        Raises `UnknownCursor`.
        """
        query = _select_sites(organisation, None, include_inactive=False)
        with self._database.reading() as connection:
            if before is not None:
                created_at, site_id = _place(connection, organisation, before)
                query = query.where(
                    or_(
                        sites.c.created_at < created_at,
                        and_(sites.c.created_at == created_at, sites.c.id < site_id),
                    )
                ).order_by(sites.c.created_at.desc(), sites.c.id.desc())
            else:
                if after is not None:
                    created_at, site_id = _place(connection, organisation, after)
                    query = query.where(
                        or_(
                            sites.c.created_at > created_at,
                            and_(sites.c.created_at == created_at, sites.c.id > site_id),
                        )
                    )
                query = query.order_by(sites.c.created_at, sites.c.id)
            found = _load(connection, query.limit(limit + 1))
        chosen = found[:limit]
        return Page(chosen if before is None else chosen[::-1], has_more=len(found) > limit)

    def codes(self, ids: Iterable[SiteId]) -> dict[SiteId, str]:
        """The tracking codes of these sites."""
        query = select(sites.c.id, sites.c.code).where(sites.c.id.in_(tuple(ids)))
        with self._database.reading() as connection:
            return {SiteId(row.id): row.code for row in connection.execute(query)}

    # Creating, changing, deleting

    def create(self, organisation: OrganisationId, new: NewSite) -> Site:
        """Raises an `InvalidValue` for what no site can have, `NameTaken`, `DomainTaken`."""
        return self.create_all(organisation, (new,))[0]

    def create_all(self, organisation: OrganisationId, news: Iterable[NewSite]) -> tuple[Site, ...]:
        """All of them or, when `create` would refuse one, none."""
        now = self._clock()
        checked = [(new, _checked(new), _checked_domains(new.domains)) for new in news]
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
                    "revision": _revise(connection),
                }
                site_id = insert_row(connection, sites, **values)
                for name in (code, slug):
                    entry = {"name": name.lower(), "site_id": site_id}
                    connection.execute(insert(site_names).values(**entry))
                for domain, host in domains:
                    _insert_domain(connection, SiteId(site_id), domain, host, now)
                created.append(_find(connection, organisation, code))
        self._changed()
        return tuple(created)

    def update(self, site: Site, change: SiteChange) -> Site:
        """The changed site; without a field nothing is touched. Raises an `InvalidValue`."""
        if change == SiteChange():
            return site
        given = _hashed(None if change.share_password is UNSET else change.share_password)
        with self._changing(site) as connection:
            mine = sites.c.id == site.id
            row = connection.execute(select(sites).where(mine)).one()
            values = _changed_values(row, change, given)
            if values:
                connection.execute(update(sites).where(mine).values(**values))
            updated = _find(connection, site.organisation, site.code)
        self._changed()
        return updated

    def delete(self, site: Site) -> None:
        """Final: the site is gone at once, its names are never used again.

        The hits are erased by whoever watches deletions; `unerased` lists what is left to do.
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
                    revision=_revise(connection),
                )
            )
        self._changed()

    def unerased(self) -> tuple[SiteId, ...]:
        """Deleted sites of which hits may be left."""
        query = select(deleted_sites.c.site_id).where(deleted_sites.c.erased_at.is_(None))
        with self._database.reading() as connection:
            return tuple(SiteId(row.site_id) for row in connection.execute(query))

    def confirm_erased(self, site_id: SiteId) -> None:
        """Note that the last hit of a deleted site is gone."""
        mine = deleted_sites.c.site_id == site_id
        with self._database.writing() as connection:
            connection.execute(update(deleted_sites).where(mine).values(erased_at=self._clock()))

    # Domains

    def add_domain(self, site: Site, domain: str) -> Domain:
        """Raises `InvalidDomain`, `DomainTaken`."""
        host = ascii_host(domain)
        now = self._clock()
        with self._changing(site) as connection:
            if _domain_id(connection, site.id, host) is not None:
                raise DomainTaken(domain)
            written = domain.strip().lower()
            domain_id = _insert_domain(connection, site.id, written, host, now)
        self._changed()
        return Domain(domain_id, written, host, now)

    def remove_domain(self, site: Site, domain: str) -> None:
        """Raises `DomainNotFound`."""
        try:
            host = ascii_host(domain)
        except InvalidDomain:
            raise DomainNotFound(domain) from None
        with self._changing(site) as connection:
            domain_id = _domain_id(connection, site.id, host)
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
            return tuple(_mapping(row) for row in connection.execute(query))

    def add_utm_mapping(self, site: Site, custom_param: str, maps_to: UtmField) -> UtmMapping:
        """Raises `InvalidParameter`, `UtmMappingTaken`; the parameter's case counts."""
        names.check_parameter(custom_param)
        now = self._clock()
        with self._changing(site) as connection:
            if _mapping_row(connection, site.id, site_utm_mappings.c.custom_param == custom_param):
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
        mine = site_utm_mappings.c.id == mapping_id
        values = {
            field: value
            for field, value in (("maps_to", change.maps_to), ("is_active", change.is_active))
            if value is not UNSET
        }
        with self._changing(site) as connection:
            if _mapping_row(connection, site.id, mine) is None:
                raise UtmMappingNotFound(str(mapping_id))
            if values:
                connection.execute(update(site_utm_mappings).where(mine).values(**values))
            row = _mapping_row(connection, site.id, mine)
        self._changed()
        return _mapping(row)

    def remove_utm_mapping(self, site: Site, custom_param: str) -> None:
        """Raises `UtmMappingNotFound`."""
        mine = site_utm_mappings.c.custom_param == custom_param
        with self._changing(site) as connection:
            row = _mapping_row(connection, site.id, mine)
            if row is None:
                raise UtmMappingNotFound(custom_param)
            connection.execute(delete(site_utm_mappings).where(site_utm_mappings.c.id == row.id))
        self._changed()

    @contextmanager
    def _changing(self, site: Site) -> Iterator[Connection]:
        """A transaction that changes `site`, or something of its. Raises `SiteNotFound`."""
        with self._database.writing() as connection:
            values = {"updated_at": self._clock(), "revision": _revise(connection)}
            mine = sites.c.id == site.id
            if not connection.execute(update(sites).where(mine).values(**values)).rowcount:
                raise SiteNotFound(site.code)
            yield connection


def _revise(connection: Connection) -> int:
    """The next revision; taken inside a write transaction, so revisions grow as commits do."""
    connection.execute(update(site_revisions).values(last=site_revisions.c.last + 1))
    return int(connection.execute(select(site_revisions.c.last)).scalar_one())


def _checked(new: NewSite) -> dict[str, Any]:
    """The columns that a new site's own values give. Raises an `InvalidValue`."""
    return {
        "name": names.check_name(new.name),
        "timezone": check_timezone(new.timezone),
        "currency": check_currency(new.currency),
        "sharing": new.sharing,
        "share_password_hash": _share_hash(new.sharing, _hashed(new.share_password), None),
        "multi_domain": new.multi_domain,
        "is_active": new.is_active,
    }


def _checked_domains(domains: Iterable[str]) -> list[tuple[str, str]]:
    """Each domain in lower case, with its host. Raises `InvalidDomain`, `DomainTaken`."""
    found: dict[str, str] = {}
    for domain in domains:
        host = ascii_host(domain)
        if host in found:
            raise DomainTaken(domain)
        found[host] = domain.strip().lower()
    return [(domain, host) for host, domain in found.items()]


def _select_sites(
    organisation: OrganisationId, visible: Visible, include_inactive: bool
) -> Select[Any]:
    query = select(sites).where(sites.c.organisation_id == organisation)
    if visible is not None:
        query = query.where(sites.c.id.in_(tuple(visible)))
    if not include_inactive:
        query = query.where(sites.c.is_active)
    return query


def _find(connection: Connection, organisation: OrganisationId, name: str) -> Site:
    if not name.isascii():
        raise SiteNotFound(name)
    query = (
        select(sites)
        .join(site_names, site_names.c.site_id == sites.c.id)
        .where(site_names.c.name == name.lower(), sites.c.organisation_id == organisation)
    )
    found = _load(connection, query)
    if not found:
        raise SiteNotFound(name)
    return found[0]


def _load(connection: Connection, query: Select[Any]) -> tuple[Site, ...]:
    rows = connection.execute(query).all()
    mine = site_domains.c.site_id.in_(query.with_only_columns(sites.c.id))
    domains: dict[int, list[Domain]] = {}
    for row in connection.execute(select(site_domains).where(mine).order_by(site_domains.c.id)):
        domain = Domain(row.id, row.domain, row.host, row.created_at)
        domains.setdefault(row.site_id, []).append(domain)
    return tuple(_site(row, tuple(domains.get(row.id, ()))) for row in rows)


def _site(row: Row[Any], domains: tuple[Domain, ...]) -> Site:
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
        created_at=row.created_at,
        updated_at=row.updated_at,
        domains=domains,
    )


def _place(
    connection: Connection, organisation: OrganisationId, cursor: str
) -> tuple[datetime, int]:
    """Where in the order of creation the site named `cursor` stands, or stood."""
    if not cursor.isascii():
        raise UnknownCursor(cursor)
    named = select(site_names.c.site_id).where(site_names.c.name == cursor.lower())
    for table, site_id in ((sites, sites.c.id), (deleted_sites, deleted_sites.c.site_id)):
        row = connection.execute(
            select(table.c.created_at, site_id.label("site_id")).where(
                site_id.in_(named), table.c.organisation_id == organisation
            )
        ).one_or_none()
        if row is not None:
            return row.created_at, row.site_id
    raise UnknownCursor(cursor)


def _is_free(connection: Connection, name: str) -> bool:
    query = select(site_names.c.site_id).where(site_names.c.name == name.lower())
    return connection.execute(query).one_or_none() is None


def _free_code(connection: Connection, wanted: str | None) -> str:
    if wanted is not None:
        if not _is_free(connection, names.check_code(wanted)):
            raise NameTaken(wanted)
        return wanted
    while True:
        code = names.new_code()
        if code.lower() not in names.RESERVED and _is_free(connection, code):
            return code


def _free_slug(connection: Connection, wanted: str | None, name: str, taken: str) -> str:
    if wanted is not None:
        slug = names.check_slug(wanted)
        if slug == taken.lower() or not _is_free(connection, slug):
            raise NameTaken(wanted)
        return slug
    first = candidate = names.slug_of(name)
    number = 1
    while (
        candidate in names.RESERVED
        or candidate == taken.lower()
        or not _is_free(connection, candidate)
    ):
        number += 1
        candidate = names.numbered(first, number)
    return candidate


def _hashed(password: str | None) -> str | None:
    """Slow on purpose: to be called before a transaction, not inside one."""
    if password is None:
        return None
    if not 1 <= len(password) <= PASSWORD_LENGTH or not is_text(password):
        raise InvalidPassword(f"A share password has 1 to {PASSWORD_LENGTH} characters")
    return hash_password(share_secret(password))


def _share_hash(sharing: Sharing, given: str | None, present: str | None) -> str | None:
    """The hash to keep: none unless private, else the one given or the one already set."""
    if sharing is not Sharing.PRIVATE:
        return None
    kept = given or present
    if kept is None:
        raise PasswordRequired
    return kept


def _changed_values(row: Row[Any], change: SiteChange, share_hash: str | None) -> dict[str, Any]:
    """The columns that `change` sets on the site in `row`."""
    values: dict[str, Any] = {}
    if change.name is not UNSET:
        values["name"] = names.check_name(change.name)
    if change.timezone is not UNSET:
        values["timezone"] = check_timezone(change.timezone)
    if change.currency is not UNSET:
        values["currency"] = check_currency(change.currency)
    if change.is_active is not UNSET:
        values["is_active"] = change.is_active
    if change.sharing is not UNSET or change.share_password is not UNSET:
        sharing = Sharing(row.sharing) if change.sharing is UNSET else change.sharing
        values["sharing"] = sharing
        values["share_password_hash"] = _share_hash(sharing, share_hash, row.share_password_hash)
    if change.multi_domain is False:
        values["multi_domain"] = None
    elif change.multi_domain is True or row.multi_domain is not None:
        option = (
            row.multi_domain if change.multi_domain_option is UNSET else change.multi_domain_option
        )
        if option is None:
            raise OptionRequired
        values["multi_domain"] = option
    return values


def _insert_domain(
    connection: Connection, site_id: SiteId, domain: str, host: str, now: datetime
) -> int:
    values = {"site_id": site_id, "domain": domain, "host": host, "created_at": now}
    return insert_row(connection, site_domains, **values)


def _domain_id(connection: Connection, site_id: SiteId, host: str) -> int | None:
    return connection.execute(
        select(site_domains.c.id).where(
            site_domains.c.site_id == site_id, site_domains.c.host == host
        )
    ).scalar()


def _mapping_row(connection: Connection, site_id: SiteId, which: Any) -> Row[Any] | None:
    query = select(site_utm_mappings).where(site_utm_mappings.c.site_id == site_id, which)
    return connection.execute(query).one_or_none()


def _mapping(row: Any) -> UtmMapping:
    return UtmMapping(
        row.id, row.custom_param, UtmField(row.maps_to), row.is_active, row.created_at
    )
