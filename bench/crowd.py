"""A spool full of hits: a million visitors of a thousand sites, five pages each."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from leadline.access import Organisations
from leadline.database import Database
from leadline.settings import Settings
from leadline.sites import NewSite, Sites
from leadline.spool import Hit, Kind, Source, frames
from leadline.spool.segments import Segments, write_all

SEGMENT_BYTES = 64 * 1024 * 1024


class Crowd(NamedTuple):
    hits: int
    visitors: int
    sites: int


CROWD = Crowd(hits=5_000_000, visitors=1_000_000, sites=1000)

SOURCES = [
    Source(),
    Source(referrer="https://www.google.com", referrer_path="/"),
    Source(utm_source="news", utm_medium="email", utm_campaign="may"),
]

BROWSERS = ["Chrome", "Firefox", "Safari", "Edge"]
COUNTRIES = ["ES", "FR", "DE", "GB", "US", "MX", "AR"]


def prepare_crowd(data: Path) -> None:
    """A data directory with the sites, and their hits in the spool: two hours of them."""
    settings = Settings(data=data)
    database = Database(settings.metadata_file)
    news = [
        NewSite(name=f"Site {number}", timezone="UTC", currency="EUR")
        for number in range(CROWD.sites)
    ]
    made = Sites(database).create_all(Organisations(database).first().id, news)
    database.close()
    ids = [site.id for site in made]
    segments = Segments(settings.spool_directory)
    begins = datetime.now(UTC) - timedelta(hours=2)
    waiting: list[bytes] = []
    size = segment = 0
    for number in range(CROWD.hits):
        waiting.append(frames.frame(frames.encode(_hit(number, ids, begins))))
        size += len(waiting[-1])
        if size > SEGMENT_BYTES or number == CROWD.hits - 1:
            segment += 1
            with open(segments.create(segment), "wb") as file:
                write_all(file.fileno(), b"".join(waiting))
            waiting, size = [], 0


def _hit(number: int, sites: Sequence[int], begins: datetime) -> Hit:
    """The pages of a visitor come a minute after one another, those of others between them."""
    at = begins + timedelta(seconds=7200 * number / CROWD.hits)
    wave = number // (CROWD.hits // 24)  # of five minutes
    visitor = (wave * 7919 + number % (CROWD.visitors // 5)) % CROWD.visitors
    return Hit(
        site=sites[visitor % len(sites)],
        received_at=at,
        day=at.date(),
        visitor=hash((visitor, 1)) & (2**64 - 1),
        previous=None,
        kind=Kind.PAGEVIEW,
        origin="https://www.example.com",
        path=f"/blog/article-{number % 2000}",
        source=SOURCES[visitor % len(SOURCES)],
        browser_timezone="Europe/Madrid",
        wire="seal",
        browser=BROWSERS[visitor % len(BROWSERS)],
        operating_system="Windows",
        device_type="Desktop",
        country=COUNTRIES[visitor % len(COUNTRIES)],
        language="es",
    )
