"""A hit that comes again with its id is counted once, however the log is cut."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.spool import Batch, Bundle, Erasure, Position, Record, Refusal
from leadline.warehouse import Warehouse
from tests.clickhouse import Engine, local
from tests.spool.examples import bundle, hit
from tests.warehouse.histories import Placed, cut, load

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROOM = 1000
"""Bytes that each record takes in the log: more than a bundle of these tests has hits."""


def placed(records: Iterable[Record], begin: int = 0) -> list[Placed]:
    return [(Position(1, begin + ROOM * number), each) for number, each in enumerate(records)]


def load_each(warehouse: Warehouse, *records: Record) -> None:
    """One batch for each record, behind what was loaded before."""
    for record in records:
        begin = warehouse.loaded().offset
        load(warehouse, [Batch(placed([record], begin), Position(1, begin + ROOM))])


def named(word: str) -> bytes:
    return blake2b(word.encode(), digest_size=16).digest()


def sent(*paths: str, days: float = 0, site: int = 1, at: datetime = NOON) -> Bundle:
    """A bundle taken so long after noon, each of its hits with an id made of its path."""
    taken = [hit(path, site=site, received_at=at) for path in paths]
    return bundle(*taken, ids=map(named, paths), taken_at=NOON + timedelta(days=days))


def paths(warehouse: Warehouse) -> list[str]:
    return [path for (path,) in warehouse.query("SELECT path FROM hits ORDER BY hit_id")]


def known(warehouse: Warehouse) -> int:
    ((found,),) = local(warehouse).query("SELECT count(*) FROM known_ids")
    return int(found)


_words = st.sampled_from(["a", "b", "c", "d", None])
_senders = st.lists(
    st.tuples(st.sampled_from([1, 2]), st.lists(_words, min_size=1, max_size=4)),
    min_size=1,
    max_size=12,
)


def test_any_repetition_cut_in_any_way(engine: Engine) -> None:
    """Against a set of what was seen: retries of any part, in any order, over restarts."""

    @settings(max_examples=engine.examples(15), deadline=None)
    @given(senders=_senders, data=st.data())
    def check(senders: list[tuple[int, list[str | None]]], data: st.DataObject) -> None:
        bundles, expected, seen = [], [], set()
        for number, (site, words) in enumerate(senders):
            mine = [f"/{number}/{place}/{word}" for place, word in enumerate(words)]
            ids = [None if word is None else named(word) for word in words]
            bundles.append(bundle(*(hit(path, site=site) for path in mine), ids=ids))
            for path, word in zip(mine, words, strict=True):
                if word is None or (site, word) not in seen:
                    expected.append(path)
                seen.add((site, word))
        records = placed(bundles)
        batches = cut(records, data.draw(st.sets(st.integers(1, len(records)), max_size=3)))
        restarts = data.draw(st.booleans())
        with TemporaryDirectory() as directory:
            if restarts:
                for batch in batches:
                    with engine.opened(Path(directory)) as warehouse:
                        load(warehouse, [batch])
            with engine.opened(Path(directory)) as warehouse:
                if not restarts:
                    load(warehouse, batches)
                assert paths(warehouse) == expected
                assert known(warehouse) == len({each for each in seen if each[1] is not None})

    check()


def test_a_bundle_is_many_hits_in_their_order(engine: Engine, tmp_path: Path) -> None:
    refused = [Refusal(1, NOON, "invalid_domain", "x"), Refusal(1, NOON, "invalid_domain", "y")]
    many = [f"/{number}" for number in range(50)]
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, bundle(*map(hit, many), refusals=refused), hit("/after"))
        assert paths(warehouse) == [*many, "/after"]
        ((numbers,),) = warehouse.query("SELECT count(DISTINCT hit_id) FROM hits")
        assert numbers == 51
        assert warehouse.query("SELECT sum(refused) FROM refusals") == [(2,)]


def test_the_first_of_a_batch_counts_and_leaves_no_trace_of_the_others(
    engine: Engine, tmp_path: Path
) -> None:
    """Entries, visits and new visitors are those of the hits that count."""
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a", "/a", "/b"), sent("/b", "/a"))
        rows = warehouse.query(
            "SELECT path, is_entry, is_second_pageview, is_new_visitor FROM hits ORDER BY hit_id"
        )
        assert rows == [("/a", True, False, True), ("/b", False, True, False)]
        assert local(warehouse).query("SELECT pageviews FROM live_visits") == [(2,)]


def test_a_batch_that_fails_leaves_its_ids_unknown(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        with pytest.raises(duckdb.Error):
            load_each(warehouse, bundle(hit("/a"), hit(site=2**40), ids=[named("/a"), None]))
        assert known(warehouse) == 0
        load_each(warehouse, sent("/a"))
        assert paths(warehouse) == ["/a"]


# For how long


@pytest.mark.parametrize("days", [0.5, 1, 3, 6, 7])
def test_an_id_is_known_for_seven_days(engine: Engine, tmp_path: Path, days: float) -> None:
    """However busy they are; the retry may come at the very end."""
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a", days=0.4999))
        for day in range(1, int(days) + 1):
            load_each(warehouse, sent(f"/{day}", days=day), hit(received_at=NOON + timedelta(day)))
        load_each(warehouse, sent("/a", days=0.4999 + days))
        assert paths(warehouse).count("/a") == 1


def test_an_id_is_forgotten_after_ten(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, *(sent("/a", f"/{day}", days=day) for day in range(10)))
        assert (paths(warehouse).count("/a"), known(warehouse)) == (1, 11)
        load_each(warehouse, sent("/10", days=10), sent("/a", days=10))
        assert (paths(warehouse).count("/a"), known(warehouse)) == (2, 11)


def test_hits_of_browsers_let_days_pass_too(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a"))
        days = (NOON + timedelta(days=day) for day in range(1, 11))
        load_each(warehouse, *(hit(received_at=day) for day in days))
        assert known(warehouse) == 0


def test_a_midnight_that_is_told_of_again_and_again_is_one(engine: Engine, tmp_path: Path) -> None:
    """What was taken just before it may come behind what was taken just after."""
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a"))
        for _ in range(10):
            load_each(warehouse, sent("/b", days=1), sent("/b", days=0))
        load_each(warehouse, sent("/a", days=1))
        assert paths(warehouse) == ["/a", "/b"]


@pytest.mark.parametrize("years", [-50, -1, 1, 50])
def test_a_clock_that_jumps_and_returns_forgets_nothing(
    engine: Engine, tmp_path: Path, years: float
) -> None:
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a", days=0), sent("/b", days=365 * years))
        load_each(warehouse, sent("/a", days=365 * years), sent("/a", "/b", days=1))
        load_each(warehouse, *(sent("/a", "/b", days=day) for day in range(2, 8)))
        assert paths(warehouse) == ["/a", "/b"]


# Whose


def test_an_id_is_of_its_site(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a", site=1), sent("/a", site=2), sent("/a", site=1))
        assert warehouse.query("SELECT site_id FROM hits ORDER BY site_id") == [(1,), (2,)]


def test_the_ids_of_an_erased_site_are_erased(engine: Engine, tmp_path: Path) -> None:
    with engine.opened(tmp_path) as warehouse:
        load_each(warehouse, sent("/a", site=1), sent("/a", site=2), Erasure(1), sent("/b", site=1))
        assert local(warehouse).query("SELECT site_id FROM known_ids") == [(2,)]
        assert paths(warehouse) == ["/a"]
