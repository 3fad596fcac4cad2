"""API tokens: who holds one, what it may do, and until when."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from leadline.access import (
    Abilities,
    InvalidAbility,
    InvalidTokenName,
    NewToken,
    TokenNotFound,
    Tokens,
    Unauthenticated,
    abilities_of,
    parse_ability,
)
from leadline.database import Database, Location, metadata
from leadline.sites import OrganisationId, Site, SiteId, Sites
from tests.support import ManualClock

FULL = Abilities(full=True)


@pytest.fixture
def made(tokens: Tokens, organisation: OrganisationId) -> NewToken:
    return tokens.create(organisation, "Production", FULL)


def test_a_token_is_what_was_asked_for(
    tokens: Tokens, organisation: OrganisationId, clock: ManualClock
) -> None:
    expires_at = clock.now + timedelta(days=30)
    made = tokens.create(organisation, " Production ", FULL, expires_at)
    assert re.fullmatch(r"sm_[A-Za-z0-9]{64}", made.secret)
    token = made.token
    assert (token.name, token.prefix) == ("Production", made.secret[:8])
    assert (token.abilities, token.organisation) == (FULL, organisation)
    assert (token.created_at, token.updated_at, token.expires_at) == (
        clock.now,
        clock.now,
        expires_at,
    )
    assert (token.last_used_at, token.revoked_at) == (None, None)
    assert tokens.list(organisation) == (token,)


def test_no_secret_is_in_the_database(database: Database, made: NewToken) -> None:
    with database.reading() as connection:
        stored = repr([connection.execute(select(table)).all() for table in metadata.sorted_tables])
    assert made.token.prefix in stored
    assert made.secret[8:] not in stored


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "tab\there", "\udcff"])
def test_a_token_has_a_name(tokens: Tokens, organisation: OrganisationId, name: str) -> None:
    with pytest.raises(InvalidTokenName):
        tokens.create(organisation, name, FULL)
    assert tokens.list(organisation) == ()


def test_its_secret_authenticates(tokens: Tokens, made: NewToken) -> None:
    found = tokens.authenticate(made.secret)
    assert (found.id, found.abilities) == (made.token.id, FULL)


@pytest.mark.parametrize("secret", [None, "", "sm_", "7|abc", "sm_" + "x" * 64, "ü", "\udcff"])
def test_another_secret_does_not(tokens: Tokens, made: NewToken, secret: str | None) -> None:
    with pytest.raises(Unauthenticated):
        tokens.authenticate(secret)


def test_near_misses_do_not(tokens: Tokens, made: NewToken) -> None:
    for secret in (made.secret[:-1], made.secret + "x", made.secret.lower(), made.token.prefix):
        with pytest.raises(Unauthenticated):
            tokens.authenticate(secret)


def test_a_token_ends_when_it_expires(
    tokens: Tokens, organisation: OrganisationId, clock: ManualClock
) -> None:
    made = tokens.create(organisation, "Short", FULL, clock.now + timedelta(hours=1))
    clock.advance(minutes=59, seconds=59)
    tokens.authenticate(made.secret)
    clock.advance(seconds=1)
    with pytest.raises(Unauthenticated):
        tokens.authenticate(made.secret)


@pytest.mark.parametrize("which", ["number", "prefix", "secret"])
def test_a_token_is_revoked_at_once(
    tokens: Tokens, organisation: OrganisationId, made: NewToken, clock: ManualClock, which: str
) -> None:
    tokens.authenticate(made.secret)
    names = {"number": str(made.token.id), "prefix": made.token.prefix, "secret": made.secret}
    clock.advance(hours=1)
    revoked = tokens.revoke(organisation, names[which])
    assert (revoked.id, revoked.revoked_at, revoked.updated_at) == (
        made.token.id,
        clock.now,
        clock.now,
    )
    with pytest.raises(Unauthenticated):
        tokens.authenticate(made.secret)
    assert tokens.list(organisation) == (revoked,)


def test_a_token_revoked_elsewhere_is_refused_by_the_next_request(
    tokens: Tokens, location: Location, organisation: OrganisationId, made: NewToken
) -> None:
    tokens.authenticate(made.secret)
    other = Database(location)
    Tokens(other).revoke(organisation, made.token.prefix)
    other.close()
    with pytest.raises(Unauthenticated):
        tokens.authenticate(made.secret)


def test_revoking_twice_keeps_the_first_time(
    tokens: Tokens, organisation: OrganisationId, made: NewToken, clock: ManualClock
) -> None:
    first = tokens.revoke(organisation, made.secret)
    clock.advance(hours=1)
    assert tokens.revoke(organisation, made.secret) == first


NO_TOKENS = (
    *("", "0", str(2**31), "9" * 18, "9" * 30, "sm_", "sm_xxxxx", "sm_" + "x" * 64),
    *("²", "\udcff", "sm_\udcff" * 9, "a\0b"),
)


@pytest.mark.parametrize("which", NO_TOKENS)
def test_only_a_token_that_is_there_can_be_revoked(
    tokens: Tokens, organisation: OrganisationId, made: NewToken, which: str
) -> None:
    with pytest.raises(TokenNotFound):
        tokens.revoke(organisation, which)
    tokens.authenticate(made.secret)


def test_a_token_of_another_organisation_is_out_of_reach(tokens: Tokens, made: NewToken) -> None:
    stranger = OrganisationId(made.token.organisation + 1)
    assert tokens.list(stranger) == ()
    with pytest.raises(TokenNotFound):
        tokens.revoke(stranger, str(made.token.id))
    tokens.authenticate(made.secret)


def test_the_last_use_is_noted_at_most_once_a_minute(
    tokens: Tokens, organisation: OrganisationId, made: NewToken, clock: ManualClock
) -> None:
    def noted() -> object:
        return tokens.list(organisation)[0].last_used_at

    first = clock.now
    tokens.authenticate(made.secret)
    assert noted() == first
    clock.advance(seconds=59)
    tokens.authenticate(made.secret)
    assert noted() == first
    clock.advance(seconds=1)
    tokens.authenticate(made.secret)
    assert noted() == first + timedelta(minutes=1)


def test_a_refused_use_is_not_noted(
    tokens: Tokens, organisation: OrganisationId, made: NewToken
) -> None:
    tokens.revoke(organisation, made.secret)
    with pytest.raises(Unauthenticated):
        tokens.authenticate(made.secret)
    assert tokens.list(organisation)[0].last_used_at is None


# Abilities


def test_abilities_of_single_sites_are_kept(
    tokens: Tokens, organisation: OrganisationId, site: Site
) -> None:
    abilities = Abilities(reads=frozenset({site.id}), manages=frozenset({site.id}))
    made = tokens.create(organisation, "Single", abilities)
    assert tokens.authenticate(made.secret).abilities == abilities
    assert abilities.names({site.id: "ACME"}) == ["read:ACME", "manage:ACME"]


def test_the_abilities_of_a_deleted_site_vanish(
    tokens: Tokens, organisation: OrganisationId, sites: Sites, site: Site
) -> None:
    abilities = Abilities(reads_all=True, reads=frozenset({site.id}), manages=frozenset({site.id}))
    made = tokens.create(organisation, "Single", abilities)
    assert tokens.authenticate(made.secret).abilities == abilities
    sites.delete(site)
    assert tokens.authenticate(made.secret).abilities == Abilities(reads_all=True)


def test_a_token_without_abilities_is_still_a_token(
    tokens: Tokens, organisation: OrganisationId
) -> None:
    made = tokens.create(organisation, "Nothing", Abilities())
    assert tokens.authenticate(made.secret).abilities.visible == frozenset()


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("*", ("*", None)),
        ("all-sites-readonly", ("all-sites-readonly", None)),
        ("read:CDBUGS", ("read", "CDBUGS")),
        ("manage:acme-corp", ("manage", "acme-corp")),
    ],
)
def test_an_ability_is_parsed(text: str, parsed: tuple[str, str | None]) -> None:
    assert parse_ability(text) == parsed


@pytest.mark.parametrize("text", ["", "read", "read:", "write:acme", "*:acme", "READ:acme", "all"])
def test_other_texts_are_no_ability(text: str) -> None:
    with pytest.raises(InvalidAbility):
        parse_ability(text)


ids = st.integers(1, 4).map(SiteId)
pairs = st.one_of(
    st.sampled_from([("*", None), ("all-sites-readonly", None)]),
    st.tuples(st.sampled_from(["read", "manage"]), ids),
)


@given(st.lists(pairs), ids)
def test_abilities_allow_what_their_words_say(
    given_pairs: list[tuple[str, SiteId | None]], site: SiteId
) -> None:
    abilities = abilities_of(given_pairs)
    words = set(given_pairs)
    manages = ("*", None) in words or ("manage", site) in words
    reads = manages or ("all-sites-readonly", None) in words or ("read", site) in words
    assert abilities.may_manage(site) is manages
    assert abilities.may_read(site) is reads
    assert (abilities.visible is None or site in abilities.visible) is reads
    written = abilities.names({SiteId(number): f"S{number}" for number in range(1, 5)})
    assert {parse_ability(text) for text in written} == {
        (kind, named and f"S{named}") for kind, named in words
    }
