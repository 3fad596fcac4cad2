"""docs/privacy.md says what is stored, and for how long."""

import re
from datetime import UTC, date, datetime, time, timedelta

from leadline.settings import Settings
from leadline.visitors.salts import EARLIEST_OFFSET, SALT_BYTES, disposal_time
from tests.docs.documents import ROOT
from tests.support import RunningServer

PAGE = (ROOT / "docs" / "privacy.md").read_text()


def test_every_column_of_a_hit_is_named(server: RunningServer) -> None:
    paragraph = PAGE.partition("a hit has these columns: ")[2].partition("\n\n")[0]
    stored = server.leadline.storage.warehouse.query(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'hits'"
    )
    assert sorted(re.findall(r"`(\w+)`", paragraph)) == sorted(name for (name,) in stored)


def test_salts_live_as_long_as_it_says() -> None:
    day = date(2026, 3, 10)
    begins = datetime.combine(day, time(), UTC) - EARLIEST_OFFSET
    (hours,) = re.findall(r"(\d+) hours after its day has begun somewhere", PAGE)
    assert disposal_time(day) - begins == timedelta(hours=int(hours))
    assert f"{SALT_BYTES} random bytes" in PAGE


def test_files_of_the_spool_are_as_large_as_it_says() -> None:
    (size,) = re.findall(r"finished when it has (\d+) MiB", PAGE)
    assert Settings.model_fields["spool_segment_bytes"].default == int(size) * 1024 * 1024
