"""What nobody may guess: how much chance is in it, and that no time tells who is known."""

import base64
import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from leadline import passwords
from leadline.access import (
    Abilities,
    Invitations,
    Organisations,
    Passkeys,
    PasswordResets,
    Seals,
    SecondFactorNeeded,
    SecondFactors,
    Sessions,
    Tokens,
    UserId,
    WrongCredentials,
)
from leadline.access.factors import new_recovery_codes
from leadline.database import Database, metadata
from leadline.sites import NewShareLink, OrganisationId, ShareLinks, Site

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
MADE = 64


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """On one engine: chance is the same on both."""
    opened = Database(tmp_path / "leadline.sqlite3")
    yield opened
    opened.close()


def check(make: Callable[[], str], bits: int, alphabet: int) -> None:
    """No two are the same, each is long enough, and no place has a character of its own."""
    made = [make() for _ in range(MADE)]
    assert len(set(made)) == MADE
    (length,) = set(map(len, made))
    assert length * math.log2(alphabet) >= bits
    at_places = [len(set(characters)) for characters in zip(*made, strict=True)]
    assert min(at_places[:-1]) > min(alphabet, MADE) / 4, at_places


def test_sessions_and_links_have_256_bits(
    sessions: Sessions, invitations: Invitations, ada: UserId, organisation: OrganisationId
) -> None:
    check(lambda: sessions.open(ada), 256, 64)
    check(lambda: invitations.invite_owner(organisation) or "", 256, 64)


def test_tokens_and_links_to_reports_have_128_bits(
    tokens: Tokens, organisation: OrganisationId, site: Site, database: Database
) -> None:
    everything, links = Abilities(full=True), ShareLinks(database)
    check(lambda: tokens.create(organisation, "x", everything).secret[-32:], 128, 62)
    shares = {links.create(site, NewShareLink(name="x")).token for _ in range(MADE)}
    assert len(shares) == MADE
    assert min(map(len, shares)) * math.log2(64) >= 128


def test_secrets_of_apps_have_160_bits(
    database: Database, organisations: Organisations, organisation: OrganisationId, ada: UserId
) -> None:
    factors, user = SecondFactors(database), organisations.find(organisation, EMAIL)
    check(lambda: factors.offer(user, "x").secret, 160, 32)
    assert len(base64.b32decode(factors.offer(user, "x").secret)) == 20


def test_recovery_codes_have_39_bits_and_are_throttled_and_kept_as_slow_hashes() -> None:
    codes = [code for _ in range(50) for code in new_recovery_codes()]
    assert len(set(codes)) == 500
    assert {len(code.replace("-", "")) for code in codes} == {8}
    assert len(set("".join(codes)) - {"-"}) == 31
    assert 8 * math.log2(31) > 39


def test_seals_have_256_bits_and_a_nonce_of_128(database: Database) -> None:
    seals = Seals(database)
    made = [seals.seal("test", "x", timedelta(hours=1)) for _ in range(MADE)]
    check(iter([seal[:43] for seal in made]).__next__, 256, 64)
    passkeys = Passkeys(database)
    challenges = {passkeys.ask("https://stats.example.com") for _ in range(MADE)}
    assert len(challenges) == MADE


def test_a_copy_of_the_database_lets_nobody_in(
    database: Database,
    sessions: Sessions,
    invitations: Invitations,
    organisations: Organisations,
    organisation: OrganisationId,
    ada: UserId,
) -> None:
    """Of what stands for somebody there are hashes alone."""
    links: list[str] = []
    resets = PasswordResets(database, "https://stats.example.com")
    resets.send_reset = lambda user, link: links.append(link.rpartition("/")[2])
    resets.ask(EMAIL, address="192.0.2.7")
    resets.close()
    given = [*links, sessions.open(ada), invitations.invite_owner(organisation) or "x"]
    factors, user = SecondFactors(database), organisations.find(organisation, EMAIL)
    new = factors.offer(user, "x")
    code = pyotp.TOTP(new.secret).now()
    given += factors.turn_on(ada, new.seal, code, address="192.0.2.7")
    with pytest.raises(SecondFactorNeeded) as needed:
        sessions.sign_in(EMAIL, PASSWORD, address="192.0.2.7")
    given.append(needed.value.pending)
    assert len(given) == 14
    with database.reading() as connection:
        kept = str([connection.execute(select(table)).all() for table in metadata.sorted_tables])
    assert EMAIL in kept.lower()
    assert not [secret for secret in given if secret in kept]


def test_an_address_that_nobody_has_costs_as_much_as_a_wrong_password(
    sessions: Sessions, ada: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hash of the same strength each, whoever it is and however long the password."""
    worked: list[str] = []
    verify = passwords._hasher.verify

    class Counted:
        def verify(self, hashed: str, password: str) -> bool:
            worked.append(hashed.rpartition("$")[0].rpartition("$")[0])
            return verify(hashed, password)

    monkeypatch.setattr(passwords, "_hasher", Counted())
    for email in (EMAIL, "eve@example.com", "", "\x00"):
        for password in ("another password", "x" * 5000):
            with pytest.raises(WrongCredentials):
                sessions.verify(email, password, address=f"192.0.2.{len(worked)}")
    assert len(worked) == 8
    assert len(set(worked)) == 1
