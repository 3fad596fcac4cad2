"""Thousands of sites, paged to the end while others come and go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import NamedTuple

import httpx
import pytest

from leadline.sites import NewSite, Site
from tests.support import PATIENCE, RunningServer, eventually, running_server

MANY = 4_000
LEAVES = 5
"""For so many sites that stay one leaves."""
PACE = 0.02
"""Seconds between one that leaves and the next, so that there are some left to the end."""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("crowded")) as server:
        yield server


class Crowd(NamedTuple):
    """In order of creation; those that leave stand among those that stay."""

    staying: list[Site]
    leaving: list[Site]
    codes: list[str]
    gone: list[str]


@pytest.fixture(scope="module")
def crowd(crowded: RunningServer) -> Crowd:
    organisation = crowded.leadline.organisations.first().id
    news = [
        NewSite(name=f"{n:05} site", timezone="UTC", currency="EUR")
        for n in range(MANY + MANY // LEAVES)
    ]
    made = crowded.leadline.sites.create_all(organisation, news)
    leaving = list(made[LEAVES // 2 :: LEAVES + 1])
    staying = [site for number, site in enumerate(made) if number % (LEAVES + 1) != LEAVES // 2]
    return Crowd(staying, leaving, [site.code for site in made], [])


@contextmanager
def coming_and_going(server: RunningServer, crowd: Crowd) -> Iterator[Callable[[], list[str]]]:
    """Sites go from the front on and new ones come; answers the codes of those that are gone."""
    stopping = Event()
    gone = crowd.gone

    def change() -> None:
        while not stopping.wait(PACE):
            site = crowd.leaving.pop(0)
            server.leadline.sites.delete(site)
            gone.append(site.code)
            server.site(f"Passing {len(gone)}")

    thread = Thread(target=change)
    thread.start()
    try:
        eventually(lambda: len(gone) > 3)
        yield lambda: list(gone)
    finally:
        stopping.set()
        thread.join(timeout=PATIENCE)


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
    crowded: RunningServer, crowd: Crowd
) -> None:
    codes = [site.code for site in crowd.staying]
    with crowded.client("*") as client, coming_and_going(crowded, crowd) as gone:
        before = len(gone())
        seen = list(forwards(client))
        assert len(gone()) > before
        assert len(set(seen)) == len(seen)
        assert [code for code in seen if code in set(codes)] == codes
        before = len(gone())
        back = list(backwards(client, list(forwards(client, codes[-1]))[-1]))
        assert len(gone()) > before
        assert len(set(back)) == len(back)
        assert [code for code in reversed(back) if code in set(codes)] == codes


def test_one_that_is_gone_still_says_where_to_go_on(crowded: RunningServer, crowd: Crowd) -> None:
    with crowded.client("*") as client, coming_and_going(crowded, crowd) as gone:
        cursor = gone()[0]
        codes = {site.code for site in crowd.staying}
        after = crowd.codes[crowd.codes.index(cursor) :]
        assert [code for code in forwards(client, cursor) if code in codes] == [
            code for code in after if code in codes
        ]


def test_the_other_face_lists_them_all(crowded: RunningServer, crowd: Crowd) -> None:
    with crowded.client("all-sites-readonly") as client:
        answer = client.get("/api/v1/sites", timeout=PATIENCE).raise_for_status().json()["data"]
    assert answer["total"] >= MANY
    slugs = [site.slug for site in crowd.staying]
    listed = [site["id"] for site in answer["sites"] if site["id"] in set(slugs)]
    assert listed == slugs
