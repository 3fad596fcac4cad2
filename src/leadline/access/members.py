"""Who is in an organisation, as what, and which of its sites its members were given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from leadline.access.errors import (
    AccessNotFound,
    AlreadyMember,
    MemberNotFound,
    NotAllowed,
)
from leadline.access.model import Abilities, Role, SiteRole, User, UserId
from leadline.access.organisations import (
    check_not_last_owner,
    end_membership,
    insert_membership,
    members,
    organisations_of,
    user_in,
)
from leadline.access.tables import (
    invited_sites,
    memberships,
    site_access,
    token_abilities,
    users,
)
from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database
from leadline.sites import OrganisationId, Site, SiteId, SiteNotFound, Sites


class Member(msgspec.Struct, frozen=True):
    """Somebody in an organisation. `sites` are those that were given; with a role of owner or
    admin they have all of them anyway."""

    user: User
    sites: Mapping[SiteId, SiteRole]


class SiteMember(msgspec.Struct, frozen=True):
    """Somebody who sees a site: `role` is None for an owner or admin of the organisation."""

    user: User
    role: SiteRole | None


class Members:
    """Every method is one transaction. `by` is the role of whoever asks.

    Owners do everything, admins what does not touch an owner or make one, members nothing.
    An organisation has an owner at any time.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def list(self, organisation: OrganisationId) -> tuple[Member, ...]:
        """In order of their accounts' creation."""
        with self._database.reading() as connection:
            found = connection.execute(members(organisation).order_by(users.c.id)).all()
            given = _given(connection, site_access.c.organisation_id == organisation)
        return tuple(Member(user_in(row), given.get(UserId(row.id), {})) for row in found)

    def get(self, organisation: OrganisationId, user: UserId) -> Member:
        """Raises `MemberNotFound`."""
        with self._database.reading() as connection:
            found = _member(connection, organisation, user)
            given = _given(connection, _theirs(organisation, user))
        return Member(found, given.get(user, {}))

    def add(self, organisation: OrganisationId, user: UserId, role: Role, *, by: Role) -> User:
        """Somebody who has an account. Raises `NotAllowed`, `AlreadyMember`, `MemberNotFound`."""
        _check(by, role)
        with self._database.writing() as connection:
            add_to(connection, organisation, user, role, self._clock())
            return _member(connection, organisation, user)

    def change_role(
        self, organisation: OrganisationId, user: UserId, role: Role, *, by: Role
    ) -> User:
        """Raises `NotAllowed`, `MemberNotFound`, `LastOwner`."""
        with self._database.writing() as connection:
            found = _member(connection, organisation, user)
            _check(by, found.role, role)
            if role is not Role.OWNER:
                check_not_last_owner(connection, organisation, found)
            theirs = _membership(organisation, user)
            connection.execute(update(memberships).where(theirs).values(role=role))
            return _member(connection, organisation, user)

    def remove(self, organisation: OrganisationId, user: UserId, *, by: Role) -> User:
        """At once; their account goes with their last organisation.

        Raises `NotAllowed`, `MemberNotFound`, `LastOwner`.
        """
        with self._database.writing() as connection:
            found = _member(connection, organisation, user)
            _check(by, found.role)
            check_not_last_owner(connection, organisation, found)
            end_membership(connection, organisation, found)
        return found

    def leave(self, organisation: OrganisationId, user: UserId) -> None:
        """As `remove`, of oneself, whatever the role. Raises `MemberNotFound`, `LastOwner`."""
        with self._database.writing() as connection:
            found = _member(connection, organisation, user)
            check_not_last_owner(connection, organisation, found)
            end_membership(connection, organisation, found)

    # Single sites; whether somebody may give one, their abilities say

    def of_site(self, site: Site) -> tuple[SiteMember, ...]:
        """Everybody who sees it, in order of their accounts' creation."""
        with self._database.reading() as connection:
            found = connection.execute(members(site.organisation).order_by(users.c.id)).all()
            given = _given(connection, site_access.c.site_id == site.id)
        people = [(user_in(row), given.get(UserId(row.id), {}).get(site.id)) for row in found]
        return tuple(
            SiteMember(user, None if user.role.may_manage else role)
            for user, role in people
            if role is not None or user.role.may_manage
        )

    def give(self, site: Site, user: UserId, role: SiteRole) -> None:
        """Let a member have the site, as this and nothing else. Raises `MemberNotFound`."""
        with self._database.writing() as connection:
            _member(connection, site.organisation, user)
            give_site(connection, site.organisation, site.id, user, role)

    def give_all(
        self, organisation: OrganisationId, user: UserId, given: Iterable[tuple[Site, SiteRole]]
    ) -> None:
        """Let a member have these sites and no other of the organisation.

        Raises `MemberNotFound`, `SiteNotFound` for a site of another organisation.
        """
        wanted = dict(checked_sites(organisation, given))
        with self._database.writing() as connection:
            _member(connection, organisation, user)
            connection.execute(delete(site_access).where(_theirs(organisation, user)))
            for site, role in wanted.items():
                give_site(connection, organisation, site, user, role)

    def give_more(self, user: UserId, sites: Sequence[Site], role: SiteRole) -> frozenset[SiteId]:
        """Let a member have these sites of one organisation too, and say which they had not;
        what they have of the others stays as it is. Raises `MemberNotFound`."""
        with self._database.writing() as connection:
            added = set()
            for site in sites:
                member = _member(connection, site.organisation, user)
                had = _given(connection, _theirs(site.organisation, user)).get(user, {})
                if not member.role.may_manage and site.id not in had:
                    give_site(connection, site.organisation, site.id, user, role)
                    added.add(site.id)
        return frozenset(added)

    def change_site_role(self, site: Site, user: UserId, role: SiteRole) -> None:
        """Raises `AccessNotFound` for whoever was not given the site."""
        theirs = _theirs(site.organisation, user) & (site_access.c.site_id == site.id)
        changed = update(site_access).where(theirs).values(role=role)
        with self._database.writing() as connection:
            if user > LARGEST_NUMBER or not connection.execute(changed).rowcount:
                raise AccessNotFound(user)

    def take(self, site: Site, user: UserId) -> None:
        """Raises `AccessNotFound`."""
        theirs = _theirs(site.organisation, user) & (site_access.c.site_id == site.id)
        with self._database.writing() as connection:
            is_known = user <= LARGEST_NUMBER
            if not is_known or not connection.execute(delete(site_access).where(theirs)).rowcount:
                raise AccessNotFound(user)

    def move_site(
        self, sites: Sites, site: Site, organisation: OrganisationId, user: UserId
    ) -> Site:
        """Give the site to another organisation; `user` manages both.

        Nobody who was given the site has it then, and no token that named it may do anything
        with it. Names, settings and hits stay. Raises `NotAllowed`, `SiteNotFound`.
        """

        def leave(connection: Connection) -> None:
            mine = {one.id: role for one, role in organisations_of(connection, user)}
            for end in (site.organisation, organisation):
                if end not in mine or not mine[end].may_manage:
                    raise NotAllowed
            for table in (site_access, token_abilities, invited_sites):
                connection.execute(delete(table).where(table.c.site_id == site.id))

        return sites.move(site, organisation, leave)


def checked_sites(
    organisation: OrganisationId, given: Iterable[tuple[Site, SiteRole]]
) -> tuple[tuple[SiteId, SiteRole], ...]:
    """Raises `SiteNotFound` for a site of another organisation."""
    pairs = tuple(given)
    for site, _ in pairs:
        if site.organisation != organisation:
            raise SiteNotFound(site.code)
    return tuple((site.id, role) for site, role in pairs)


def add_to(
    connection: Connection,
    organisation: OrganisationId,
    user: UserId,
    role: Role,
    now: datetime,
) -> None:
    """Raises `AlreadyMember`, `MemberNotFound` for a user whom nobody knows."""
    if user > LARGEST_NUMBER:
        raise MemberNotFound(user)
    email = connection.execute(select(users.c.email).where(users.c.id == user)).scalar()
    if email is None:
        raise MemberNotFound(user)
    theirs = _membership(organisation, user)
    if connection.execute(select(memberships.c.role).where(theirs)).first():
        raise AlreadyMember(email)
    insert_membership(connection, organisation, user, role, now)


def give_site(
    connection: Connection,
    organisation: OrganisationId,
    site: SiteId,
    user: UserId,
    role: SiteRole,
) -> None:
    theirs = (site_access.c.user_id == user) & (site_access.c.site_id == site)
    connection.execute(delete(site_access).where(theirs))
    values = {"organisation_id": organisation, "user_id": user, "site_id": site, "role": role}
    connection.execute(insert(site_access).values(values))


def abilities_in(
    connection: Connection, organisation: OrganisationId, user: UserId, role: Role
) -> Abilities:
    """What somebody with this role may do with the organisation's sites."""
    if role.may_manage:
        return Abilities(full=True)
    given = _given(connection, _theirs(organisation, user)).get(user, {})

    def sites(roles: Iterable[SiteRole]) -> frozenset[SiteId]:
        return frozenset(site for site, role in given.items() if role in roles)

    return Abilities(
        reads=sites(SiteRole),
        manages=sites((SiteRole.EDITOR, SiteRole.ADMIN)),
        administers=sites((SiteRole.ADMIN,)),
    )


def _check(by: Role, *roles: Role) -> None:
    """Raises `NotAllowed` unless they may give and take all of these roles."""
    if not all(by.may_give(role) for role in roles):
        raise NotAllowed


def _membership(organisation: OrganisationId, user: UserId) -> Any:
    return (memberships.c.organisation_id == organisation) & (memberships.c.user_id == user)


def _theirs(organisation: OrganisationId, user: UserId) -> Any:
    return (site_access.c.organisation_id == organisation) & (site_access.c.user_id == user)


def _member(connection: Connection, organisation: OrganisationId, user: UserId) -> User:
    query = members(organisation).where(users.c.id == user)
    row = connection.execute(query).one_or_none() if user <= LARGEST_NUMBER else None
    if row is None:
        raise MemberNotFound(user)
    return user_in(row)


def _given(connection: Connection, which: Any) -> dict[UserId, dict[SiteId, SiteRole]]:
    given: dict[UserId, dict[SiteId, SiteRole]] = {}
    query = select(site_access).where(which).order_by(site_access.c.site_id)
    for row in connection.execute(query):
        given.setdefault(UserId(row.user_id), {})[SiteId(row.site_id)] = SiteRole(row.role)
    return given
