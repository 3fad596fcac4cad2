"""Links to a site's reports, beside the address that the site itself is shared at."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from leadline.clock import Clock, utc_now
from leadline.database import LARGEST_NUMBER, Database, insert_row
from leadline.sites import rows
from leadline.sites.errors import (
    InvalidPassword,
    InvalidShareLink,
    ShareLinkFault,
    ShareLinkNotFound,
    TooManyShareLinks,
)
from leadline.sites.model import (
    LINK_NAME_LENGTH,
    LINKS_OF_A_SITE,
    NAME_LENGTH,
    PASSWORD_LENGTH,
    VIEW_LENGTH,
    NewShareLink,
    ShareLink,
    Site,
    SiteId,
)
from leadline.sites.rules import share_hash
from leadline.sites.tables import share_links
from leadline.text import CONTROL_CHARACTERS

TOKEN_BYTES = 24
USE_NOTED_EVERY = timedelta(hours=1)


class ShareLinks:
    """The links of every site. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def list(self, site: Site) -> tuple[ShareLink, ...]:
        """In order of creation, those that are over included."""
        query = _of(site).order_by(share_links.c.id)
        with self._database.reading() as connection:
            return tuple(_link_in(row) for row in connection.execute(query))

    def find(self, site: Site, token: str) -> ShareLink:
        """Raises `ShareLinkNotFound`, also for a link that is over."""
        question = ("share link", site.id, token)
        link = self._database.memory.remember(question, lambda: self._load(site, token))
        if link is None or (link.expires_at is not None and link.expires_at <= self._clock()):
            raise ShareLinkNotFound(token)
        return link

    def create(self, site: Site, new: NewShareLink) -> ShareLink:
        """Raises `InvalidShareLink`, `TooManyShareLinks`."""
        now = self._clock()
        _check(new, now)
        values = {
            "site_id": site.id,
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "name": new.name.strip(),
            "password_hash": _hash(new.password),
            "condition": new.condition,
            "condition_name": new.condition_name,
            "view": new.view,
            "created_at": now,
            "expires_at": new.expires_at,
        }
        with self._changing(site) as connection:
            count = select(func.count()).select_from(_of(site).subquery())
            if connection.execute(count).scalar_one() >= LINKS_OF_A_SITE:
                raise TooManyShareLinks(LINKS_OF_A_SITE)
            link_id = insert_row(connection, share_links, **values)
            return _link_in(connection.execute(_of(site, link_id)).one())

    def revoke(self, site: Site, link_id: int) -> None:
        """Over at once, and for good. Raises `ShareLinkNotFound`."""
        if link_id > LARGEST_NUMBER:
            raise ShareLinkNotFound(str(link_id))
        mine = share_links.c.site_id == site.id, share_links.c.id == link_id
        with self._changing(site) as connection:
            if not connection.execute(delete(share_links).where(*mine)).rowcount:
                raise ShareLinkNotFound(str(link_id))

    def revoke_all(self, site: Site) -> None:
        with self._changing(site) as connection:
            connection.execute(delete(share_links).where(share_links.c.site_id == site.id))

    def note_use(self, link: ShareLink) -> None:
        """At most once an hour."""
        now = self._clock()
        if link.last_used_at is None or now - link.last_used_at >= USE_NOTED_EVERY:
            mine = share_links.c.id == link.id
            with self._database.writing() as connection:
                connection.execute(update(share_links).where(mine).values(last_used_at=now))

    def _load(self, site: Site, token: str) -> ShareLink | None:
        if not token.isascii() or CONTROL_CHARACTERS.search(token):
            return None
        with self._database.reading() as connection:
            row = connection.execute(_of(site).where(share_links.c.token == token)).one_or_none()
        return None if row is None else _link_in(row)

    @contextmanager
    def _changing(self, site: Site) -> Iterator[Connection]:
        with self._database.writing() as connection:
            rows.check_exists(connection, site)
            yield connection


def _hash(password: str | None) -> str | None:
    try:
        return share_hash(password)
    except InvalidPassword:
        raise InvalidShareLink(ShareLinkFault.PASSWORD, PASSWORD_LENGTH) from None


def _check(new: NewShareLink, now: datetime) -> None:
    if new.expires_at is not None and new.expires_at <= now:
        raise InvalidShareLink(ShareLinkFault.EXPIRY)
    for text, fault, least, most in (
        (new.name.strip(), ShareLinkFault.NAME, 1, LINK_NAME_LENGTH),
        (new.condition_name, ShareLinkFault.CONDITION, 0, NAME_LENGTH),
        (new.view, ShareLinkFault.VIEW, 0, VIEW_LENGTH),
    ):
        if not least <= len(text) <= most or CONTROL_CHARACTERS.search(text):
            raise InvalidShareLink(fault, most)


def _of(site: Site, link_id: int | None = None) -> Select[Any]:
    query = select(share_links).where(share_links.c.site_id == site.id)
    return query if link_id is None else query.where(share_links.c.id == link_id)


def _link_in(row: Row[Any]) -> ShareLink:
    return ShareLink(
        row.id,
        SiteId(row.site_id),
        row.token,
        row.name,
        row.password_hash,
        row.condition,
        row.condition_name,
        row.view,
        row.created_at,
        row.expires_at,
        row.last_used_at,
    )
