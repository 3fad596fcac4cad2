"""API tokens: one table for both dialects, secrets hashed, looked up at every request."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from string import ascii_letters, digits
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, insert, select, update

from leadline.access.errors import (
    InvalidAbility,
    InvalidTokenName,
    TokenNotFound,
    Unauthenticated,
)
from leadline.access.model import (
    CONTROL_CHARACTER,
    TOKEN_NAME_LENGTH,
    Abilities,
    Token,
    TokenId,
)
from leadline.access.tables import token_abilities, tokens
from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import OrganisationId, SiteId

SECRET_PREFIX = "sm_"
SECRET_LENGTH = 64
SHOWN_LENGTH = 8
USE_NOTED_EVERY = timedelta(minutes=1)
_NUMBER = re.compile(r"[0-9]{1,18}")


class NewToken(msgspec.Struct, frozen=True):
    """A token just made; `secret` can be had only here."""

    token: Token
    secret: str


class Tokens:
    """Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def create(
        self,
        organisation: OrganisationId,
        name: str,
        abilities: Abilities,
        expires_at: datetime | None = None,
    ) -> NewToken:
        """Raises `InvalidTokenName`."""
        if not 1 <= len(name.strip()) <= TOKEN_NAME_LENGTH or CONTROL_CHARACTER.search(name):
            raise InvalidTokenName
        secret = SECRET_PREFIX + "".join(
            secrets.choice(ascii_letters + digits) for _ in range(SECRET_LENGTH)
        )
        now = self._clock()
        values: dict[str, Any] = {
            "organisation_id": organisation,
            "name": name.strip(),
            "prefix": secret[:SHOWN_LENGTH],
            "created_at": now,
            "updated_at": now,
            "expires_at": expires_at,
        }
        with self._database.writing() as connection:
            token_id = insert_row(connection, tokens, secret_hash=_hash(secret), **values)
            rows = [
                {"token_id": token_id, "ability": ability, "site_id": site}
                for ability, site in _rows(abilities)
            ]
            if rows:
                connection.execute(insert(token_abilities), rows)
            (token,) = _load(connection, tokens.c.id == token_id)
        return NewToken(token, secret)

    def authenticate(self, secret: str | None) -> Token:
        """The valid token with this secret. Raises `Unauthenticated`.

        Notes the use, at most once a minute.
        """
        if not secret:
            raise Unauthenticated
        now = self._clock()
        hashed = _hash(secret)
        token = self._database.memory.remember(("token", hashed), lambda: self._find(hashed))
        if token is None:
            raise Unauthenticated
        if token.revoked_at is not None or (token.expires_at and token.expires_at <= now):
            raise Unauthenticated
        if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
            with self._database.writing() as connection:
                mine = tokens.c.id == token.id
                connection.execute(update(tokens).where(mine).values(last_used_at=now))
        return token

    def _find(self, hashed: str) -> Token | None:
        with self._database.reading() as connection:
            found = _load(connection, tokens.c.secret_hash == hashed)
        return found[0] if found else None

    def list(self, organisation: OrganisationId) -> tuple[Token, ...]:
        """In order of creation, revoked ones included."""
        with self._database.reading() as connection:
            return _load(connection, tokens.c.organisation_id == organisation)

    def revoke(self, organisation: OrganisationId, which: str) -> Token:
        """Revoke the token with this number, or whose secret begins so. Raises `TokenNotFound`."""
        match = _named(which)
        now = self._clock()
        with self._database.writing() as connection:
            found = _load(connection, match & (tokens.c.organisation_id == organisation))
            if len(found) != 1:
                raise TokenNotFound(which[:SHOWN_LENGTH])
            mine = tokens.c.id == found[0].id
            if found[0].revoked_at is None:
                values = {"revoked_at": now, "updated_at": now}
                connection.execute(update(tokens).where(mine).values(**values))
            (token,) = _load(connection, mine)
        return token


def parse_ability(text: str) -> tuple[str, str | None]:
    """The kind of an ability and the site that it names: `read:acme` is `("read", "acme")`."""
    kind, separator, site = text.partition(":")
    if text in ("*", "all-sites-readonly"):
        return text, None
    if kind in ("read", "manage") and separator and site:
        return kind, site
    raise InvalidAbility(text)


def abilities_of(pairs: Iterable[tuple[str, SiteId | None]]) -> Abilities:
    """The abilities that (kind, site) pairs add up to."""
    found = list(pairs)
    return Abilities(
        full=("*", None) in found,
        reads_all=("all-sites-readonly", None) in found,
        reads=frozenset(site for kind, site in found if kind == "read" and site is not None),
        manages=frozenset(site for kind, site in found if kind == "manage" and site is not None),
    )


def _rows(abilities: Abilities) -> Iterable[tuple[str, SiteId | None]]:
    if abilities.full:
        yield "*", None
    if abilities.reads_all:
        yield "all-sites-readonly", None
    for site in sorted(abilities.reads):
        yield "read", site
    for site in sorted(abilities.manages):
        yield "manage", site


def _named(which: str) -> ColumnElement[bool]:
    """The token with this number, secret or beginning of a secret. Raises `TokenNotFound`."""
    if _NUMBER.fullmatch(which) and int(which) <= LARGEST_NUMBER:
        return tokens.c.id == int(which)
    if len(which) > SHOWN_LENGTH:
        return tokens.c.secret_hash == _hash(which)
    if CONTROL_CHARACTER.search(which):
        raise TokenNotFound(which)
    return tokens.c.prefix == which


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _load(connection: Connection, which: ColumnElement[bool]) -> tuple[Token, ...]:
    joined = tokens.outerjoin(token_abilities, token_abilities.c.token_id == tokens.c.id)
    query = (
        select(tokens, token_abilities.c.ability, token_abilities.c.site_id)
        .select_from(joined)
        .where(which)
        .order_by(tokens.c.id, token_abilities.c.id)
    )
    grouped: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        grouped.setdefault(row.id, []).append(row)
    return tuple(_token(rows) for rows in grouped.values())


def _token(rows: list[Any]) -> Token:
    row = rows[0]
    return Token(
        id=TokenId(row.id),
        organisation=OrganisationId(row.organisation_id),
        name=row.name,
        prefix=row.prefix,
        abilities=abilities_of((each.ability, each.site_id) for each in rows),
        created_at=row.created_at,
        updated_at=row.updated_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
