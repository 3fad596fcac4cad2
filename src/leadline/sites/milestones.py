"""Days of a site that are worth a note, such as that of a redesign."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, insert, select, tuple_, update

from leadline.clock import Clock, utc_now
from leadline.database import Database
from leadline.sites import rows
from leadline.sites.errors import InvalidName, MilestoneNotFound, UnknownCursor
from leadline.sites.model import MILESTONE_NAME_LENGTH, Listed, Milestone, Site
from leadline.sites.names import check_name
from leadline.sites.tables import site_milestones

UUID_LENGTH = 36

_place = tuple_(site_milestones.c.created_at, site_milestones.c.id)


class Milestones:
    """The milestones of every site. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def page(
        self, site: Site, *, limit: int, after: str | None = None, before: str | None = None
    ) -> Listed[Milestone]:
        """Up to `limit` milestones next to a cursor, in order of creation.

        The cursor is a milestone's id; that of one gone meanwhile still marks its place. Raises
        `UnknownCursor`.
        """
        query = _of(site).where(site_milestones.c.name.is_not(None))
        with self._database.reading() as connection:
            if before is not None:
                query = query.where(_place < _place_of(connection, site, before)).order_by(
                    site_milestones.c.created_at.desc(), site_milestones.c.id.desc()
                )
            else:
                if after is not None:
                    query = query.where(_place > _place_of(connection, site, after))
                query = query.order_by(site_milestones.c.created_at, site_milestones.c.id)
            found = tuple(map(_milestone_in, connection.execute(query.limit(limit + 1))))
        chosen = found[:limit]
        return Listed(chosen if before is None else chosen[::-1], has_more=len(found) > limit)

    def between(self, site: Site, first: date, last: date) -> tuple[Milestone, ...]:
        """Those of the days from the one to the other, by day."""
        days = site_milestones.c.milestone_date
        query = _of(site).where(days.between(first, last)).order_by(days, site_milestones.c.id)
        with self._database.reading() as connection:
            return tuple(map(_milestone_in, connection.execute(query)))

    def get(self, site: Site, milestone_id: str) -> Milestone:
        """Raises `MilestoneNotFound`."""
        with self._database.reading() as connection:
            return _find(connection, site, milestone_id)

    def create(self, site: Site, name: str, day: date) -> Milestone:
        """Raises `InvalidName`."""
        _check(name)
        milestone_id = str(uuid4())
        with self._changing(site) as connection:
            now = self._clock()
            values = {"site_id": site.id, "uuid": milestone_id, "name": name, "milestone_date": day}
            connection.execute(
                insert(site_milestones).values(created_at=now, updated_at=now, **values)
            )
            return _find(connection, site, milestone_id)

    def change(self, site: Site, milestone_id: str, name: str, day: date) -> Milestone:
        """Raises `MilestoneNotFound`, `InvalidName`."""
        _check(name)
        with self._changing(site) as connection:
            found = _find(connection, site, milestone_id)
            _set(connection, site, found, name=name, milestone_date=day, updated_at=self._clock())
            return _find(connection, site, milestone_id)

    def delete(self, site: Site, milestone_id: str) -> Milestone:
        """The milestone that was. Raises `MilestoneNotFound`."""
        with self._changing(site) as connection:
            found = _find(connection, site, milestone_id)
            _set(connection, site, found, name=None, milestone_date=None)
            return found

    @contextmanager
    def _changing(self, site: Site) -> Iterator[Connection]:
        with self._database.writing() as connection:
            rows.check_exists(connection, site)
            yield connection


def _check(name: str) -> None:
    if len(check_name(name)) > MILESTONE_NAME_LENGTH:
        raise InvalidName(f"A milestone's name has at most {MILESTONE_NAME_LENGTH} characters")


def _of(site: Site) -> Select[Any]:
    return select(site_milestones).where(site_milestones.c.site_id == site.id)


def _row(connection: Connection, site: Site, milestone_id: str) -> Row[Any] | None:
    if len(milestone_id) != UUID_LENGTH or not milestone_id.isascii() or "\0" in milestone_id:
        return None
    mine = site_milestones.c.uuid == milestone_id.lower()
    return connection.execute(_of(site).where(mine)).one_or_none()


def _find(connection: Connection, site: Site, milestone_id: str) -> Milestone:
    row = _row(connection, site, milestone_id)
    if row is None or row.name is None:
        raise MilestoneNotFound(milestone_id)
    return _milestone_in(row)


def _place_of(connection: Connection, site: Site, cursor: str) -> tuple[datetime, int]:
    row = _row(connection, site, cursor)
    if row is None:
        raise UnknownCursor(cursor)
    return row.created_at, row.id


def _set(connection: Connection, site: Site, milestone: Milestone, **values: Any) -> None:
    mine = site_milestones.c.site_id == site.id, site_milestones.c.uuid == milestone.id
    connection.execute(update(site_milestones).where(*mine).values(**values))


def _milestone_in(row: Row[Any]) -> Milestone:
    return Milestone(row.uuid, row.name, row.milestone_date, row.created_at, row.updated_at)
