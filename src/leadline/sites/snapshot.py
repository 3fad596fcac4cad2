"""What the hot path knows of the sites: a copy in memory, kept current by revisions.

A change made in this process is in the copy before the change is answered; one made elsewhere
is found by `refresh`, which somebody has to call a few times a second.
"""

from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Row, Select, Table, select

from leadline.database import Database
from leadline.sites.block_lists import BlockList, Rule
from leadline.sites.channel_patterns import ChannelPatterns
from leadline.sites.channel_rules import rule_in
from leadline.sites.hosts import without_www
from leadline.sites.model import SiteId, UtmField
from leadline.sites.passthrough import Passthrough, referrer_in
from leadline.sites.tables import (
    deleted_sites,
    site_block_rules,
    site_channel_rules,
    site_domains,
    site_passthrough_referrers,
    site_revisions,
    site_utm_mappings,
    sites,
)
from leadline.sites.timezones import zone


class SiteRules(msgspec.Struct, frozen=True):
    """How hits of one site are to be taken.

    `hosts` are without a leading `www.`, and empty if every host may send hits. `utm_mappings`
    are the active ones, the earliest first; `blocked`, `channels` and `passthrough` are None if the
    site has no such rules.
    """

    id: SiteId
    code: str
    slug: str
    is_active: bool
    timezone: ZoneInfo
    hosts: frozenset[str]
    utm_mappings: tuple[tuple[str, UtmField], ...]
    blocked: BlockList | None
    channels: ChannelPatterns | None
    passthrough: Passthrough | None
    honours_dnt: bool
    honours_gpc: bool


class Snapshot:
    """The rules of all sites. `find` is safe on any thread and never waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_name: dict[str, SiteRules] = {}
        self._by_id: dict[SiteId, SiteRules] = {}
        self._revision = 0
        self._refreshing = Lock()

    def find(self, name: str) -> SiteRules | None:
        """The rules of the site with this code or slug, case-blind; of inactive ones too."""
        return self._by_name.get(name) or self._by_name.get(name.lower())

    def zones(self) -> dict[int, str]:
        """The reporting time zones of all sites, inactive ones too."""
        return {site: rules.timezone.key for site, rules in self._by_id.copy().items()}

    def refresh(self) -> None:
        """Take in what was committed since the last call."""
        with self._refreshing, self._database.reading() as connection:
            seen = self._revision
            revision = connection.execute(select(site_revisions.c.last)).scalar_one()
            if revision == seen:
                return
            changed = connection.execute(select(sites).where(sites.c.revision > seen)).all()
            gone = connection.execute(
                select(deleted_sites.c.site_id).where(deleted_sites.c.revision > seen)
            ).all()
            recent = select(sites.c.id).where(sites.c.revision > seen)
            hosts: dict[int, set[str]] = {}
            for row in connection.execute(
                select(site_domains).where(site_domains.c.site_id.in_(recent))
            ):
                hosts.setdefault(row.site_id, set()).add(without_www(row.host))
            mappings: dict[int, list[tuple[str, UtmField]]] = {}
            for row in connection.execute(
                select(site_utm_mappings)
                .where(site_utm_mappings.c.site_id.in_(recent), site_utm_mappings.c.is_active)
                .order_by(site_utm_mappings.c.id)
            ):
                field = UtmField(row.maps_to)
                mappings.setdefault(row.site_id, []).append((row.custom_param, field))
            blocked: dict[int, list[Rule]] = {}
            for row in connection.execute(
                select(site_block_rules).where(
                    site_block_rules.c.site_id.in_(recent), site_block_rules.c.is_active
                )
            ):
                blocked.setdefault(row.site_id, []).append(Rule(row.kind, row.value))
            channels = self._active(connection, site_channel_rules, recent)
            passing = self._active(connection, site_passthrough_referrers, recent)
            for row in changed:
                self._put(
                    SiteRules(
                        id=SiteId(row.id),
                        code=row.code,
                        slug=row.slug,
                        is_active=row.is_active,
                        timezone=zone(row.timezone),
                        hosts=frozenset(hosts.get(row.id, ())),
                        utm_mappings=tuple(mappings.get(row.id, ())),
                        blocked=BlockList(blocked[row.id]) if row.id in blocked else None,
                        channels=(
                            ChannelPatterns(map(rule_in, channels[row.id]))
                            if row.id in channels
                            else None
                        ),
                        passthrough=(
                            Passthrough(map(referrer_in, passing[row.id]))
                            if row.id in passing
                            else None
                        ),
                        honours_dnt=row.honours_dnt,
                        honours_gpc=row.honours_gpc,
                    )
                )
            for row in gone:
                self._remove(SiteId(row.site_id))
            self._revision = revision

    @staticmethod
    def _active(
        connection: Connection, table: Table, recent: Select[Any]
    ) -> dict[int, list[Row[Any]]]:
        """The active rows of these sites, by site."""
        found: dict[int, list[Row[Any]]] = {}
        mine = table.c.site_id.in_(recent), table.c.is_active
        for row in connection.execute(select(table).where(*mine)):
            found.setdefault(row.site_id, []).append(row)
        return found

    def _put(self, rules: SiteRules) -> None:
        self._by_id[rules.id] = rules
        self._by_name[rules.code] = self._by_name[rules.code.lower()] = rules
        self._by_name[rules.slug] = rules

    def _remove(self, site_id: SiteId) -> None:
        rules = self._by_id.pop(site_id, None)
        if rules is not None:
            for name in (rules.code, rules.code.lower(), rules.slug):
                self._by_name.pop(name, None)
