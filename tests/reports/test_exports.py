"""Exports: waiting, made, failed and over; their files are bounded and go."""

from datetime import timedelta
from pathlib import Path

import pytest

from leadline.access import Organisations
from leadline.database import Database
from leadline.reports import (
    MOST_EXPORTS,
    Content,
    Export,
    ExportFailed,
    Exports,
    ExportStatus,
    SavedNotFound,
    SiteGone,
    TooManySaved,
)
from leadline.reports import exports as exports_module
from leadline.reports.exports import ABANDONED, KEPT, MOST_STARTS, REMEMBERED
from leadline.sites import Site, Sites
from tests.sites.making import new_site
from tests.support import ManualClock


@pytest.fixture
def exports(database: Database, tmp_path: Path, clock: ManualClock) -> Exports:
    return Exports(database, tmp_path / "exports", clock)


@pytest.fixture
def site(database: Database) -> Site:
    return Sites(database).create(Organisations(database).first().id, new_site())


def claimed(exports: Exports) -> Export:
    export = exports.claim()
    assert export is not None
    return export


def made(exports: Exports, site: Site, *parts: bytes) -> Export:
    exports.create(site.id, "{}", 3)
    export = claimed(exports)
    exports.complete(export, Content(len(parts), parts))
    return exports.get(site.id, export.job_id)


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "exports").iterdir())


def test_an_export_waits_and_is_made(
    exports: Exports, site: Site, clock: ManualClock, tmp_path: Path
) -> None:
    waiting = exports.create(site.id, '{"a":1}', 7)
    assert (waiting.status, waiting.asked, waiting.estimated_rows) == ("pending", '{"a":1}', 7)
    assert (waiting.token, waiting.created_at) == (None, clock.now)
    begun = claimed(exports)
    assert (begun.job_id, begun.status, begun.starts) == (waiting.job_id, "generating", 1)
    assert exports.claim() is None
    exports.complete(begun, Content(2, [b"ab", b"c"]))
    done = exports.get(site.id, waiting.job_id)
    assert (done.status, done.rows, done.size) == ("completed", 2, 3)
    assert done.expires_at == clock.now + KEPT
    assert done.token
    assert exports.find(done.token) == done
    file = exports.file(done)
    assert file is not None
    assert file.read_bytes() == b"abc"
    exports.delete(site.id, done.job_id)
    assert files(tmp_path) == []
    with pytest.raises(SavedNotFound):
        exports.get(site.id, done.job_id)


def test_a_file_is_there_for_a_day_and_its_export_for_a_month(
    exports: Exports, site: Site, clock: ManualClock, tmp_path: Path
) -> None:
    done = made(exports, site, b"a")
    assert done.token
    clock.advance(hours=23)
    exports.expire()
    assert files(tmp_path) == [done.job_id]
    clock.advance(hours=1)
    with pytest.raises(SavedNotFound):
        exports.find(done.token)
    exports.expire()
    assert files(tmp_path) == []
    assert exports.get(site.id, done.job_id).status is ExportStatus.EXPIRED
    assert exports.page(site.id, 10, 0) == ((), 0)
    assert exports.page(site.id, 10, 0, include_expired=True)[1] == 1
    clock.now += REMEMBERED
    exports.expire()
    assert exports.page(site.id, 10, 0, include_expired=True) == ((), 0)


def test_what_was_interrupted_is_made_again_or_said_to_have_failed(
    exports: Exports, site: Site, clock: ManualClock
) -> None:
    export = exports.create(site.id, "{}", 1)
    claimed(exports)
    assert exports.claim() is None
    exports.resume()
    assert claimed(exports).starts == 2
    exports.postpone(exports.get(site.id, export.job_id))
    assert claimed(exports).starts == 2
    clock.now += ABANDONED + timedelta(seconds=1)
    assert claimed(exports).starts == MOST_STARTS
    exports.resume()
    assert exports.claim() is None
    failed = exports.get(site.id, export.job_id)
    assert (failed.status, failed.error) == ("failed", "It was interrupted")


def test_one_that_fails_leaves_no_file(
    exports: Exports, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_module, "MOST_BYTES", 5)
    first = made(exports, site, b"abcd")
    exports.create(site.id, "{}", 1)
    export = claimed(exports)
    with pytest.raises(ExportFailed):
        exports.complete(export, Content(1, [b"e", b"f"]))
    assert files(tmp_path) == [first.job_id]
    exports.fail(export, "x" * 300)
    failed = exports.get(site.id, export.job_id)
    assert (failed.status, failed.error, failed.token) == ("failed", "x" * 255, None)


def test_a_site_has_so_many_and_only_its_own(
    exports: Exports, site: Site, database: Database, tmp_path: Path, clock: ManualClock
) -> None:
    done = made(exports, site, b"a")
    for _ in range(MOST_EXPORTS - 1):
        exports.create(site.id, "{}", 1)
    with pytest.raises(TooManySaved):
        exports.create(site.id, "{}", 1)
    some, total = exports.page(site.id, 2, MOST_EXPORTS - 2)
    assert (total, [each.job_id for each in some][1]) == (MOST_EXPORTS, done.job_id)
    sites = Sites(database)
    other = sites.create(site.organisation, new_site())
    for reach in (exports.get, exports.delete):
        with pytest.raises(SavedNotFound):
            reach(other.id, done.job_id)
    for token in ("", "x", "é", "\0"):
        with pytest.raises(SavedNotFound):
            exports.find(token)
    sites.delete(site)
    exports.expire()
    assert files(tmp_path) == []
    with pytest.raises(SiteGone):
        exports.create(site.id, "{}", 1)


def test_one_that_is_deleted_while_it_is_made_leaves_no_file(
    exports: Exports, site: Site, tmp_path: Path
) -> None:
    export = exports.create(site.id, "{}", 1)
    begun = claimed(exports)

    def parts() -> list[bytes]:
        exports.delete(site.id, export.job_id)
        return [b"a"]

    exports.complete(begun, Content(1, parts()))
    assert files(tmp_path) == []
    assert exports.file(begun) is None
