"""The server is killed while it works, and lines to ClickHouse break: each hit is there once."""

from collections import Counter
from pathlib import Path
from random import Random

from tests.clickhouse import ClickHouseInside
from tests.clickhouse_http import listening
from tests.crash.fatal import POINTS
from tests.crash.rounds import Rounds
from tests.crash.support import ServerProcess, owner_of, serving, under_load
from tests.support import eventually

ROUNDS = 3


def test_wherever_the_server_dies(clickhouse: ClickHouseInside, tmp_path: Path) -> None:
    with listening(clickhouse.url(tmp_path)) as line, owner_of(tmp_path) as owner:
        rounds = Rounds(tmp_path, owner, Random(), line.url())
        for point in POINTS:
            rounds.die_at(point)
        assert rounds.check() > len(POINTS)


def test_what_was_acknowledged_is_in_clickhouse_once(
    clickhouse: ClickHouseInside, tmp_path: Path
) -> None:
    random = Random()
    acknowledged: set[str] = set()
    sent: set[str] = set()
    inside = clickhouse.url(tmp_path)

    def found() -> Counter[str]:
        return Counter(path for (path,) in clickhouse.ask(inside, "SELECT path FROM {db}.hits"))

    with listening(inside) as line, owner_of(tmp_path) as owner:
        site = owner.site("Busy")
        where = {"LEADLINE_WAREHOUSE_URL": line.url()}
        for round_ in range(ROUNDS):
            server = ServerProcess(tmp_path, environment=where)
            with under_load(server.url, site, f"round-{round_}") as load:
                load.wait_for(random.randint(50, 200))
                line.cut_after += ["INSERT"] * random.randint(0, 3)
                load.wait_for(len(load.acknowledged) + random.randint(1, 200))
                server.kill()
            acknowledged.update(load.acknowledged)
            sent.update(load.sent)
        line.cut_after.clear()
        with serving(tmp_path, **where) as server:
            with under_load(server.url, site, "last") as load:
                load.wait_for(20)
            acknowledged.update(load.acknowledged)
            sent.update(load.sent)
            eventually(lambda: acknowledged <= set(found()))
    counted = found()
    assert set(counted.values()) == {1}
    assert set(counted) <= sent
