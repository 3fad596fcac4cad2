"""What a server that is backed up has, and how to look at it."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from leadline.access import Role, User
from leadline.backup import metadata
from leadline.database import Database
from leadline.reports import (
    AllOf,
    Dimension,
    Filter,
    NewSegment,
    Not,
    Operator,
    Target,
    TargetKind,
)
from leadline.settings import Settings
from leadline.sites import (
    EventCurrency,
    MultiDomain,
    NewChannelRule,
    NewPassthroughReferrer,
    NewShareLink,
    NewSite,
    Sharing,
    Site,
    SiteChange,
    UtmField,
)
from tests.support import BROWSER, RunningServer, eventually

PASSWORD = "correct horse battery"
BUY = Target(TargetKind.EVENT, Operator.IS, "buy “now”")


def furnish(server: RunningServer) -> str:
    """People, sites of every kind, hits, a refusal; the secret of a token."""
    leadline = server.leadline
    organisation = leadline.organisations.first().id
    ada = leadline.organisations.add_user(
        organisation, email="ada@example.com", password=PASSWORD, role=Role.OWNER
    )
    shop = server.site("Shop", slug="shop", domains=("shop.example", "münchen.example"))
    leadline.sites.add_utm_mapping(shop, "partner", UtmField.SOURCE)
    leadline.sites.create(
        organisation,
        NewSite(
            name="Shared “twice”\u3000<b>",
            slug="shared",
            timezone="Europe/Madrid",
            currency="USD",
            sharing=Sharing.PRIVATE,
            share_password="open sesame",
            multi_domain=MultiDomain.SEPARATE,
        ),
    )
    leadline.share_links.create(
        shop, NewShareLink(name="For Ada", password="open sesame", condition_name="“twice”")
    )
    leadline.sites.update(shop, SiteChange(embed_on=("blog.example.com",)))
    leadline.milestones.create(shop, "Redesign", date(2026, 2, 28))
    leadline.milestones.delete(
        shop, leadline.milestones.create(shop, "Forgotten", date(2026, 3, 1)).id
    )
    leadline.events.create(shop, "buy", EventCurrency.YEN)
    leadline.events.delete_named(shop, leadline.events.create(shop, "by").name)
    save(server, shop, ada)
    leadline.sites.update(server.site("Asleep", slug="asleep"), SiteChange(is_active=False))
    leadline.sites.delete(server.site("Gone", slug="gone"))
    for path in ("/a", "/b", "/c"):
        send(server, path)
    send(server, "/d", host="https://elsewhere.example")
    eventually(
        lambda: (
            sum(paths(server).values()) == 3
            and all(each.erased_at for each in leadline.sites.deletions())
        )
    )
    return server.token("*", "read:shop")


def save(server: RunningServer, site: Site, user: User) -> None:
    """Segments, goals, funnels, exports, channel rules, passthrough referrers."""
    leadline = server.leadline
    tree = AllOf((Not(Filter(Dimension.REF, Operator.IN, ("a\0b", "“é”"))),))
    new = NewSegment(display_name="Not of “é”", condition=tree, color="#09afAF")
    leadline.segments.create(site.id, new, by=user.id)
    steps = Target(TargetKind.PAGE, Operator.STARTS_WITH, "/shop"), BUY
    leadline.goals.add(site.id, "A sale", BUY)
    leadline.funnels.add(site.id, "Checkout", steps)
    job = leadline.exports.create(site.id, "{}", 1).job_id
    eventually(lambda: leadline.exports.get(site.id, job).error)
    leadline.channel_rules.add(site, NewChannelRule(channel_name="“é”", source_pattern=r"\bé$"))
    referrer = NewPassthroughReferrer(domain="bänk.example", utm_source="bank")
    leadline.passthrough_referrers.add(site, referrer)


def send(server: RunningServer, path: str, host: str = "https://shop.example") -> None:
    query = {"sid": "shop", "h": host, "p": path}
    assert (
        httpx.get(
            server.url, params=query, headers={"User-Agent": BROWSER}, verify=False
        ).status_code
        == 200
    )


def paths(server: RunningServer) -> Counter[str]:
    rows = server.leadline.storage.warehouse.query("SELECT path, count(*) FROM hits GROUP BY path")
    return Counter(dict(rows))


def rows(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in metadata.tables()
        }


def fresh(tmp_path: Path) -> tuple[Settings, Database]:
    settings = Settings(data=tmp_path / "new")
    return settings, Database(settings.metadata)
