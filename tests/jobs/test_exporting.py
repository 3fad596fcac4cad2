"""The job that makes exports: what goes wrong with one is told, and nothing is lost."""

from pathlib import Path

import pytest

from leadline.access import Organisations
from leadline.database import Database
from leadline.jobs import MakeExports
from leadline.patience import GivenUp
from leadline.reports import Content, Export, ExportFailed, Exports, HitsUnavailable
from leadline.sites import Site, Sites
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def exports(database: Database, tmp_path: Path, clock: ManualClock) -> Exports:
    return Exports(database, tmp_path / "exports", clock)


@pytest.fixture
def site(database: Database) -> Site:
    return Sites(database).create(Organisations(database).first().id, new_site())


def states(exports: Exports, site: Site) -> list[tuple[str, int, str | None]]:
    found, _ = exports.page(site.id, 10, 0)
    return [(each.status, each.starts, each.error) for each in reversed(found)]


def test_all_that_wait_are_made(exports: Exports, site: Site) -> None:
    for asked in ("good", "bad", "good"):
        exports.create(site.id, asked, 1)

    def content(export: Export) -> Content:
        if export.asked == "bad":
            raise ExportFailed("too many")
        return Content(1, [export.asked.encode()])

    MakeExports(exports, content).run()
    done = ("completed", 1, None)
    assert states(exports, site) == [done, ("failed", 1, "too many"), done]


def test_one_that_cannot_be_made_now_waits(exports: Exports, site: Site) -> None:
    exports.create(site.id, "{}", 1)

    def away(export: Export) -> Content:
        raise HitsUnavailable

    def left(export: Export) -> Content:
        raise GivenUp

    for _ in range(5):
        MakeExports(exports, away).run()
        with pytest.raises(GivenUp):
            MakeExports(exports, left).run()
    assert states(exports, site) == [("pending", 0, None)]


def test_a_mistake_of_ours_ends_one_export_and_is_told(exports: Exports, site: Site) -> None:
    exports.create(site.id, "{}", 1)

    def broken(export: Export) -> Content:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        MakeExports(exports, broken).run()
    assert states(exports, site) == [("failed", 1, "Something went wrong")]
