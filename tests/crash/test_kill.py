"""The server is killed while it works: every acknowledged hit is there once, none twice."""

from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Thread

import httpx
import pytest

from leadline.sites import Site
from tests.crash.fatal import POINTS
from tests.crash.rounds import Rounds
from tests.crash.support import Owner, ServerProcess, counted, owner_of, serving, under_load
from tests.support import PATIENCE, eventually

ROUNDS = 5


def test_what_was_acknowledged_is_counted_once(tmp_path: Path) -> None:
    with owner_of(tmp_path) as owner:
        rounds = Rounds(tmp_path, owner, Random())
        for _ in range(ROUNDS):
            rounds.kill_anywhere()
        assert rounds.check() > ROUNDS


def test_it_is_so_wherever_the_server_dies(tmp_path: Path) -> None:
    with owner_of(tmp_path) as owner:
        rounds = Rounds(tmp_path, owner, Random())
        for point in POINTS:
            rounds.die_at(point)
        assert rounds.check() > len(POINTS)


@pytest.mark.parametrize("answered", [True, False])
def test_a_deletion_is_finished_after_a_crash(tmp_path: Path, answered: bool) -> None:
    """Killed as soon as the deletion was answered, or while it was still being asked for."""
    with owner_of(tmp_path) as owner:
        gone, kept = owner.site("Gone"), owner.site("Kept")
        server = ServerProcess(tmp_path)
        with (
            under_load(server.url, gone, "gone") as gone_load,
            under_load(server.url, kept, "kept") as kept_load,
        ):
            gone_load.wait_for(50)
            kept_load.wait_for(50)
            deleting = Thread(target=delete_or_be_killed, args=(owner, server.url, gone))
            deleting.start()
            if answered:
                deleting.join(timeout=PATIENCE)
            server.kill()
        deleting.join(timeout=PATIENCE)
        deleted = not owner.exists(gone)
        assert deleted or not answered
        with serving(tmp_path) as server, under_load(server.url, gone, "afterwards") as late:
            eventually(lambda: all(each.erased_at for each in owner.sites.deletions()))
            late.wait_for(20)
    found = counted(tmp_path)
    assert set(found.values()) == {1}
    of_kept = {path for site, path in found if site == kept.id}
    assert set(kept_load.acknowledged) <= of_kept <= set(kept_load.sent)
    of_gone = {path for site, path in found if site == gone.id}
    if deleted:
        assert not of_gone
    else:
        assert {*gone_load.acknowledged, *late.acknowledged} <= of_gone


def delete_or_be_killed(owner: Owner, url: str, site: Site) -> None:
    with suppress(httpx.TransportError):
        owner.delete(url, site)
