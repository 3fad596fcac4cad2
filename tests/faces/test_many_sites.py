"""10,000 sites, paged to the end while others come and go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest

from leadline.sites import NewSite, Site
from tests.support import RunningServer, eventually, running_server

MANY = 10_000


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("crowded")) as server:
        yield server


@pytest.fixture(scope="module")
def staying(crowded: RunningServer) -> list[Site]:
    """Sites that are there throughout, in order of creation; among them gaps to be filled."""
    organisation = crowded.leadline.organisations.first().id
    news = [NewSite(name=f"{n:05} site", timezone="UTC", currency="EUR") for n in range(MANY)]
    return list(crowded.leadline.sites.create_all(organisation, news))


@contextmanager
def coming_and_going(server: RunningServer) -> Iterator[Callable[[], list[str]]]:
    """Sites that are made and deleted meanwhile; answers the codes of those that are gone."""
    stopping = Event()
    gone: list[str] = []

    def change() -> None:
        present: list[Site] = []
        while not stopping.is_set():
            present.append(server.site(f"Passing {len(gone)}"))
            if len(present) > 3:
                site = present.pop(0)
                server.leadline.sites.delete(site)
                gone.append(site.code)

    thread = Thread(target=change)
    thread.start()
    try:
        eventually(lambda: len(gone) > 3)
        yield lambda: list(gone)
    finally:
        stopping.set()
        thread.join(timeout=30)


def forwards(client: httpx.Client, cursor: str | None = None) -> Iterator[str]:
    more = True
    while more:
        query = {"limit": "100"} | ({"starting_after": cursor} if cursor else {})
        page = client.get("/v1/sites", params=query).raise_for_status().json()
        yield from (site["id"] for site in page["data"])
        more = page["has_more"]
        cursor = page["data"][-1]["id"] if page["data"] else cursor


def backwards(client: httpx.Client, cursor: str) -> Iterator[str]:
    more = True
    while more:
        query = {"limit": "100", "ending_before": cursor}
        page = client.get("/v1/sites", params=query).raise_for_status().json()
        yield from (site["id"] for site in reversed(page["data"]))
        more = page["has_more"]
        cursor = page["data"][0]["id"] if page["data"] else cursor


def test_every_site_that_stays_is_seen_once_and_in_order(
    crowded: RunningServer, staying: list[Site]
) -> None:
    codes = [site.code for site in staying]
    with crowded.client("*") as client, coming_and_going(crowded) as gone:
        seen = list(forwards(client))
        assert len(set(seen)) == len(seen)
        assert [code for code in seen if code in set(codes)] == codes
        cursor = gone()[-1]
        back = list(backwards(client, cursor))
        assert len(set(back)) == len(back)
        assert [code for code in reversed(back) if code in set(codes)] == codes


def test_the_other_face_lists_them_all(crowded: RunningServer, staying: list[Site]) -> None:
    with crowded.client("all-sites-readonly") as client:
        answer = client.get("/api/v1/sites", timeout=30).raise_for_status().json()["data"]
    assert answer["total"] >= MANY
    listed = [site["id"] for site in answer["sites"]]
    assert listed[:MANY] == [site.slug for site in staying]
