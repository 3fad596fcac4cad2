"""Draws docs/images: a site's page on a real server, light and dark, its hits made up.

`make screenshots` runs it; the pictures are committed.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, ViewportSize

from leadline.access import Role
from leadline.settings import Settings
from leadline.sites import Site
from leadline.spool import Hit, Kind, Source
from leadline.storage import Storage
from tests.browser_support import running_browser
from tests.support import RunningServer, eventually, running_server

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SIZE: ViewportSize = {"width": 1100, "height": 860}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DAYS = 14
BUSY_BY_WEEKDAY = (60, 72, 75, 81, 66, 34, 29)


def main() -> None:
    with TemporaryDirectory() as directory, running_browser() as browser:
        data = Path(directory)
        with running_server(data) as server:
            site = server.site(
                "Harbour Bakery", timezone="Europe/Madrid", domains=("bakery.example",)
            )
            server.site("Lighthouse Blog", domains=("lighthouse.example",))
        fill(Settings(data=data), site)
        public_url = "https://stats.bakery.example"
        with running_server(data, public_url=public_url) as server:
            for scheme in SCHEMES:
                picture(browser, server, site, scheme)


def fill(settings: Settings, site: Site) -> None:
    """Store made-up hits of the last days."""
    storage = Storage(settings)
    storage.spool.start()
    for hit in hits(site, random.Random(14)):
        storage.spool.append_unwaited(hit)
    storage.spool.close()
    storage.loader.drain()
    storage.warehouse.close()


def hits(site: Site, chance: random.Random) -> Iterator[Hit]:
    now = datetime.now(UTC)
    for age in reversed(range(DAYS)):
        today = now - timedelta(days=age)
        for _ in range(BUSY_BY_WEEKDAY[today.weekday()] * 12 + chance.randrange(120)):
            moment = today.replace(hour=0, minute=0) + timedelta(minutes=chance.randrange(1440))
            if moment < now:
                yield Hit(
                    site=site.id,
                    received_at=moment,
                    day=moment.date(),
                    visitor=chance.randrange(1 << 40),
                    previous=None,
                    kind=Kind.PAGEVIEW,
                    origin="https://bakery.example",
                    path=chance.choice(("/", "/bread", "/opening-hours")),
                    source=Source(),
                )


def picture(
    browser: Browser, server: RunningServer, site: Site, scheme: Literal["light", "dark"]
) -> None:
    organisation = server.leadline.organisations.first()
    user = server.leadline.organisations.add_user(
        organisation.id,
        email=f"{scheme}@bakery.example",
        password="x" * 12,
        role=Role.OWNER,
        name="Ada",
    )
    eventually(lambda: server.leadline.storage.warehouse.query("FROM hits LIMIT 1"))
    context = browser.new_context(
        viewport=SIZE, color_scheme=scheme, reduced_motion="reduce", device_scale_factor=1.5
    )
    secret = server.leadline.sessions.open(user.id)
    context.add_cookies([{"name": "leadline_session", "value": secret, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/sites/{site.slug}")
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / f"site-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main()
