"""Who may do what in an organisation, and with which of its sites."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.access import (
    AccessError,
    AccessNotFound,
    AlreadyMember,
    LastOwner,
    MemberNotFound,
    Members,
    NotAllowed,
    Organisations,
    Role,
    Session,
    Sessions,
    SiteRole,
    UserId,
)
from leadline.access.tables import users
from leadline.database import Database, Location, insert_row
from leadline.sites import NewSite, OrganisationId, Site, SiteNotFound, Sites
from tests.support import ManualClock

Add = Callable[[Role], UserId]


@pytest.fixture
def members(database: Database, clock: ManualClock) -> Members:
    return Members(database, clock)


@pytest.fixture
def add(database: Database, members: Members, organisation: OrganisationId) -> Add:
    """Somebody new of a role, who never signs in with a password."""

    def add(role: Role) -> UserId:
        with database.writing() as connection:
            email = f"{role}-{len(members.list(organisation))}@example.com"
            values = {"email": email, "email_key": email, "name": role, "password_hash": ""}
            user = UserId(insert_row(connection, users, created_at=ManualClock().now, **values))
        members.add(organisation, user, role, by=Role.OWNER)
        return user

    return add


def session_of(sessions: Sessions, user: UserId) -> Session:
    session = sessions.find(sessions.open(user))
    assert session is not None
    return session


# With one site: an oracle of role × role at the site × action

ALL = {"read", "manage", "administer"}
OF_A_SITE = {
    None: set[str](),
    SiteRole.VIEWER: {"read"},
    SiteRole.EDITOR: {"read", "manage"},
    SiteRole.ADMIN: ALL,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("site_role", [None, *SiteRole])
def test_a_role_opens_what_it_should(
    members: Members,
    sessions: Sessions,
    sites: Sites,
    site: Site,
    add: Add,
    role: Role,
    site_role: SiteRole | None,
) -> None:
    other = sites.create(site.organisation, NewSite(name="Other", timezone="UTC", currency="EUR"))
    user = add(role)
    if site_role is not None:
        members.give(site, user, SiteRole.VIEWER)
        members.give(site, user, site_role)
    abilities = session_of(sessions, user).abilities
    for asked, mine in ((site, OF_A_SITE[site_role]), (other, set())):
        expected = ALL if role is not Role.MEMBER else mine
        found = {
            "read": abilities.may_read(asked.id),
            "manage": abilities.may_manage(asked.id),
            "administer": abilities.may_administer(asked.id),
        }
        assert {action for action, may in found.items() if may} == expected
    assert abilities.full == role.may_manage
    seers = {seer.user.id: seer.role for seer in members.of_site(site)}
    if role.may_manage or site_role is not None:
        assert seers == {user: None if role.may_manage else site_role}
    else:
        assert seers == {}


# With people: an oracle of who may change whose role to what


def may_change(by: Role, was: Role, becomes: Role) -> bool:
    return by is Role.OWNER or (by is Role.ADMIN and Role.OWNER not in (was, becomes))


@pytest.mark.parametrize("by", Role)
def test_nobody_raises_anybody_above_themselves(
    members: Members, organisation: OrganisationId, add: Add, by: Role
) -> None:
    add(Role.OWNER)
    for was in Role:
        user = add(was)
        for becomes in Role:
            members.change_role(organisation, user, was, by=Role.OWNER)
            try:
                changed = members.change_role(organisation, user, becomes, by=by)
            except NotAllowed:
                assert not may_change(by, was, becomes)
                assert members.get(organisation, user).user.role is was
            else:
                assert may_change(by, was, becomes)
                assert changed.role is becomes
        members.change_role(organisation, user, was, by=Role.OWNER)
        if may_change(by, was, was):
            assert members.remove(organisation, user, by=by).id == user
        else:
            with pytest.raises(NotAllowed):
                members.remove(organisation, user, by=by)


@pytest.mark.parametrize("way", ["leave", "remove", "change_role", "remove_user"])
def test_an_organisation_has_an_owner_at_any_time(
    members: Members,
    organisations: Organisations,
    organisation: OrganisationId,
    location: Location,
    add: Add,
    way: str,
) -> None:
    """Of two owners who go at the same time, on two nodes, one stays."""
    elsewhere = Database(location)
    owners = [add(Role.OWNER), add(Role.OWNER)]

    def go(members: Members, organisations: Organisations, user: UserId) -> bool:
        try:
            match way:
                case "leave":
                    members.leave(organisation, user)
                case "remove":
                    members.remove(organisation, user, by=Role.OWNER)
                case "change_role":
                    members.change_role(organisation, user, Role.ADMIN, by=Role.OWNER)
                case "remove_user":
                    email = members.get(organisation, user).user.email
                    organisations.remove_user(organisation, email)
        except LastOwner:
            return False
        return True

    nodes = [members, Members(elsewhere)]
    rooms = [organisations, Organisations(elsewhere)]
    with ThreadPoolExecutor(2) as pool:
        went = sorted(pool.map(go, nodes, rooms, owners))
    elsewhere.close()
    assert went == [False, True]
    assert organisations.owner(organisation) is not None


def test_a_member_is_who_is_there(
    members: Members, organisation: OrganisationId, site: Site, add: Add
) -> None:
    user = add(Role.MEMBER)
    with pytest.raises(AlreadyMember):
        members.add(organisation, user, Role.MEMBER, by=Role.OWNER)
    for nobody in (UserId(user + 1), UserId(2**40), UserId(0)):
        for ask in (
            lambda nobody=nobody: members.get(organisation, nobody),
            lambda nobody=nobody: members.add(organisation, nobody, Role.ADMIN, by=Role.OWNER),
            lambda nobody=nobody: members.give(site, nobody, SiteRole.VIEWER),
            lambda nobody=nobody: members.leave(organisation, nobody),
        ):
            with pytest.raises(MemberNotFound):
                ask()
        with pytest.raises(AccessNotFound):
            members.take(site, nobody)


# Several sites, several organisations


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["give", "take", "give_all"]),
        st.integers(0, 2),
        st.sampled_from(list(SiteRole)),
    ),
    max_size=6,
)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_given_is_what_a_dictionary_would_have(
    members: Members,
    sites: Sites,
    organisation: OrganisationId,
    add: Add,
    steps: list[tuple[str, int, SiteRole]],
) -> None:
    there = sites.list(organisation)
    while len(there) < 3:
        sites.create(organisation, NewSite(name="Given", timezone="UTC", currency="EUR"))
        there = sites.list(organisation)
    user, expected = add(Role.MEMBER), dict[int, SiteRole]()
    for step, index, role in steps:
        site = there[index]
        match step:
            case "give":
                members.give(site, user, role)
                expected[site.id] = role
            case "take" if site.id in expected:
                members.take(site, user)
                del expected[site.id]
            case "take":
                with pytest.raises(AccessNotFound):
                    members.take(site, user)
            case "give_all":
                members.give_all(organisation, user, [(one, role) for one in there[:index]])
                expected = {one.id: role for one in there[:index]}
        assert dict(members.get(organisation, user).sites) == expected


def test_a_site_moves_and_nobody_keeps_it(
    members: Members,
    organisations: Organisations,
    sessions: Sessions,
    sites: Sites,
    site: Site,
    organisation: OrganisationId,
    add: Add,
) -> None:
    owner, member, stranger = add(Role.OWNER), add(Role.MEMBER), add(Role.MEMBER)
    other = organisations.create("Other", owner, like=organisations.get(organisation))
    members.give(site, member, SiteRole.EDITOR)
    members.add(other.id, member, Role.MEMBER, by=Role.OWNER)
    for nobody in (member, stranger):
        with pytest.raises(NotAllowed):
            members.move_site(sites, site, other.id, nobody)
    moved = members.move_site(sites, site, other.id, owner)
    assert (moved.code, moved.slug, moved.organisation) == (site.code, site.slug, other.id)
    with pytest.raises(SiteNotFound):
        sites.get(organisation, site.code)
    assert not session_of(sessions, member).abilities.may_read(site.id)
    with pytest.raises(SiteNotFound):
        members.give_all(organisation, member, [(moved, SiteRole.VIEWER)])


def test_a_session_goes_on_where_its_person_still_is(
    members: Members,
    organisations: Organisations,
    sessions: Sessions,
    organisation: OrganisationId,
    add: Add,
) -> None:
    owner, user = add(Role.OWNER), add(Role.MEMBER)
    other = organisations.create("Other", owner, like=organisations.get(organisation))
    secret = sessions.open(user)
    with pytest.raises(AccessError):
        sessions.choose(secret, other.slug)
    members.add(other.id, user, Role.ADMIN, by=Role.OWNER)
    sessions.choose(secret, other.slug)
    session = sessions.find(secret)
    assert session is not None
    assert (session.organisation, session.role) == (other, Role.ADMIN)
    assert [one.slug for one in session.organisations] == ["leadline", "other"]
    members.remove(other.id, user, by=Role.OWNER)
    session = sessions.find(secret)
    assert session is not None
    assert (session.organisation.id, session.role) == (organisation, Role.MEMBER)
    members.leave(organisation, user)
    assert sessions.find(secret) is None
    assert organisations.people(organisation) == organisations.people(other.id)
