"""`GET /v1/sites`: what is in a list, and how one pages through it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.sites import NewSite, Site, SiteChange
from tests.faces.fathom.wire import (
    NOT_PERMITTED,
    OLDEST,
    SITE_KEYS,
    UNKNOWN,
    Account,
    codes,
    errors_of,
)
from tests.support import RunningServer, running_server


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("lists")) as running:
        yield running


@pytest.fixture(scope="module")
def twelve(lists: RunningServer) -> Iterator[tuple[httpx.Client, list[str]]]:
    """Somebody with twelve sites, and their ids in order of creation. Not to be changed."""
    account = Account(lists)
    sites = account.some_sites(12)
    with account.client() as client:
        yield client, [site.code for site in sites]


@pytest.mark.rule("F-LIST-01", "F-LIST-02")
def test_an_empty_list(lists: RunningServer) -> None:
    with Account(lists).client() as client:
        answer = client.get("/v1/sites")
    assert answer.status_code == 200
    assert answer.json() == {"object": "list", "url": "/v1/sites", "has_more": False, "data": []}


@pytest.mark.rule("F-LIST-01", "F-LIST-02", "F-OBJECT-01")
def test_the_envelope_holds_site_objects(twelve: tuple[httpx.Client, list[str]]) -> None:
    client, ids = twelve
    for query in ("", "?limit=3", f"?starting_after={ids[0]}&limit=2", "?x=y"):
        body = client.get(f"/v1/sites{query}").json()
        assert list(body) == ["object", "url", "has_more", "data"]
        assert body["object"] == "list"
        assert body["url"] == "/v1/sites"
        assert body["has_more"] is True
        for site in body["data"]:
            assert list(site) == SITE_KEYS
            assert client.get(f"/v1/sites/{site['id']}").json() == site


@pytest.mark.rule("F-LIST-03")
def test_a_list_covers_the_active_sites_of_its_own_organisation(lists: RunningServer) -> None:
    account, other = Account(lists), Account(lists)
    first, sleeping, last = account.some_sites(3)
    (foreign,) = other.some_sites(1)
    lists.leadline.sites.update(sleeping, SiteChange(is_active=False))
    with account.client() as client:
        assert codes(client.get("/v1/sites")) == [first.code, last.code]
        lists.leadline.sites.update(sleeping, SiteChange(is_active=True))
        assert codes(client.get("/v1/sites")) == [first.code, sleeping.code, last.code]
    with other.client("all-sites-readonly") as client:
        assert codes(client.get("/v1/sites")) == [foreign.code]


@pytest.mark.rule("F-LIST-04", "F-LIST-05", "F-LIST-06")
def test_who_may_list(lists: RunningServer) -> None:
    account = Account(lists)
    (site,) = account.some_sites(1)
    for ability in ("all-sites-readonly", "*"):
        with account.client(ability) as client:
            assert codes(client.get("/v1/sites")) == [site.code]
    for ability in (f"read:{site.code}", f"manage:{site.code}"):
        with account.client(ability) as client:
            answer = client.get("/v1/sites")
            assert answer.status_code == 400
            assert answer.json() == NOT_PERMITTED
            assert client.get(f"/v1/sites/{site.code}").status_code == 200


@pytest.mark.rule("F-LIST-07")
def test_the_oldest_site_comes_first(lists: RunningServer) -> None:
    account = Account(lists)
    minutes = (5, 1, 4, 2, 3)
    sites = account.sites(OLDEST + timedelta(minutes=minute) for minute in minutes)
    by_age = [site.code for site in sorted(sites, key=lambda site: site.created_at)]
    with account.client() as client:
        assert codes(client.get("/v1/sites")) == by_age
        made = client.post("/v1/sites", json={"name": "Newest"}).json()["id"]
        assert codes(client.get("/v1/sites")) == [*by_age, made]


def test_sites_of_the_same_moment_keep_the_order_in_which_they_were_made(
    lists: RunningServer,
) -> None:
    account = Account(lists)
    ids = [site.code for site in account.sites([OLDEST] * 6)]
    with account.client() as client:
        assert codes(client.get("/v1/sites")) == ids
        for place, cursor in enumerate(ids):
            after = {"starting_after": cursor}
            assert codes(client.get("/v1/sites", params=after)) == ids[place + 1 :]
            before = {"ending_before": cursor}
            assert codes(client.get("/v1/sites", params=before)) == ids[:place]


@pytest.mark.rule("F-LIST-08", "F-LIST-10", "F-LIST-11", "F-LIST-15")
def test_a_limit_bounds_the_page(lists: RunningServer) -> None:
    account = Account(lists)
    ids = [site.code for site in account.some_sites(101)]
    with account.client() as client:
        for query, count in (("", 10), ("?limit=", 10), ("?limit=1", 1), ("?limit=100", 100)):
            answer = client.get(f"/v1/sites{query}")
            assert codes(answer) == ids[:count]
            assert answer.json()["has_more"] is True
        rest = client.get(f"/v1/sites?limit=100&starting_after={ids[0]}")
        assert codes(rest) == ids[1:]
        assert rest.json()["has_more"] is False


ARABIC_FIVE = "\u0665"
BAD_LIMITS = ["0", "-1", "101", "9" * 30, "ten", "5.0", "1e1", "1_0", "0x5", "true", ARABIC_FIVE]


@pytest.mark.rule("F-LIST-09")
@pytest.mark.parametrize("limit", BAD_LIMITS)
def test_a_limit_is_an_integer_from_1_to_100(
    twelve: tuple[httpx.Client, list[str]], limit: str
) -> None:
    client, _ = twelve
    errors = errors_of(client.get("/v1/sites", params={"limit": limit}))
    assert list(errors) == ["limit"]


@pytest.mark.rule("F-LIST-11", "F-LIST-12", "F-LIST-14", "F-PAGE-04")
def test_cursors_point_at_the_neighbouring_pages(twelve: tuple[httpx.Client, list[str]]) -> None:
    client, ids = twelve
    after = client.get("/v1/sites", params={"starting_after": ids[3], "limit": 4})
    assert codes(after) == ids[4:8]
    before = client.get("/v1/sites", params={"ending_before": ids[8], "limit": 4})
    assert codes(before) == ids[4:8]
    assert before.json()["has_more"] is True
    start = client.get("/v1/sites", params={"ending_before": ids[4], "limit": 4})
    assert codes(start) == ids[:4]
    assert start.json()["has_more"] is False
    assert codes(client.get("/v1/sites", params={"starting_after": ids[0]})) == ids[1:11]
    assert codes(client.get("/v1/sites", params={"ending_before": ids[11]})) == ids[1:11]


def test_a_cursor_may_be_written_in_any_case_or_be_a_slug(
    twelve: tuple[httpx.Client, list[str]], lists: RunningServer
) -> None:
    client, ids = twelve
    account = Account(lists)
    first, second = account.some_sites(2)
    lower = client.get("/v1/sites", params={"starting_after": ids[8].lower()})
    assert codes(lower) == ids[9:]
    with account.client() as other:
        by_slug = other.get("/v1/sites", params={"starting_after": first.slug})
        assert codes(by_slug) == [second.code]
        empty = other.get("/v1/sites?starting_after=&ending_before=%20&limit=1")
        assert codes(empty) == [first.code]


@pytest.mark.rule("F-PAGE-01", "F-PAGE-02")
def test_cursors_that_cannot_be_used(lists: RunningServer) -> None:
    account, other = Account(lists), Account(lists)
    (site,) = account.some_sites(1)
    (foreign,) = other.some_sites(1)
    with account.client() as client:
        both = {"starting_after": site.code, "ending_before": site.code}
        assert errors_of(client.get("/v1/sites", params=both))
        for cursor in (UNKNOWN, "obj_foo", "x" * 3000, "\0", "'; --", "é", foreign.code):
            for parameter in ("starting_after", "ending_before"):
                errors = errors_of(client.get("/v1/sites", params={parameter: cursor}))
                assert list(errors) == [parameter]
        everything = {"limit": "0", "starting_after": UNKNOWN}
        assert list(errors_of(client.get("/v1/sites", params=everything))) == ["limit"]


def walk(
    client: httpx.Client,
    limit: int,
    parameter: str,
    between: Callable[[list[str]], None] = lambda page: None,
) -> list[str]:
    """All ids that paging to the end in one direction shows, in the order of showing."""
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": limit}
    while True:
        answer = client.get("/v1/sites", params=query)
        page = codes(answer)
        if parameter == "ending_before":
            page.reverse()
        seen += page
        between(page)
        if not answer.json()["has_more"]:
            return seen
        query[parameter] = page[-1]


@pytest.mark.rule("F-LIST-13")
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 11, 12, 13, 100])
def test_paging_visits_every_site_once(twelve: tuple[httpx.Client, list[str]], limit: int) -> None:
    client, ids = twelve
    assert walk(client, limit, "starting_after") == ids


@pytest.mark.rule("F-PAGE-03")
@pytest.mark.parametrize("limit", [1, 3, 4])
def test_whoever_deletes_what_was_shown_still_reaches_the_end(
    lists: RunningServer, limit: int
) -> None:
    account = Account(lists)
    ids = [site.code for site in account.some_sites(10)]

    with account.client() as client:

        def delete(page: list[str]) -> None:
            for site in page:
                assert client.delete(f"/v1/sites/{site}").status_code == 200

        assert walk(client, limit, "starting_after", between=delete) == ids
        assert codes(client.get("/v1/sites")) == []


def in_the_order_of_creation(sites: list[Site]) -> list[Site]:
    return sorted(sites, key=lambda site: (site.created_at, site.id))


seconds = st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=12)
questions = st.lists(
    st.tuples(
        st.sampled_from(["starting_after", "ending_before", None]),
        st.integers(min_value=0, max_value=11),
        st.one_of(st.none(), st.integers(min_value=1, max_value=13), st.just(100)),
    ),
    min_size=4,
    max_size=12,
)


@pytest.mark.rule("F-LIST-12", "F-LIST-14", "F-LIST-15", "F-PAGE-03", "F-PAGE-04")
@settings(max_examples=20, deadline=None)
@given(
    seconds=seconds, gone=st.sets(st.integers(0, 11)), asleep=st.integers(0, 11), asked=questions
)
def test_a_page_is_a_slice(
    lists: RunningServer,
    seconds: list[int],
    gone: set[int],
    asleep: int,
    asked: list[tuple[str | None, int, int | None]],
) -> None:
    """Against slices of a list, with ties, deleted and inactive sites, and their cursors."""
    account = Account(lists)
    order = in_the_order_of_creation(
        account.sites(OLDEST + timedelta(seconds=second) for second in seconds)
    )
    for place, site in enumerate(order):
        if place in gone:
            lists.leadline.sites.delete(site)
        elif place == asleep:
            lists.leadline.sites.update(site, SiteChange(is_active=False))
    hidden = gone | {asleep}
    visible = [(place, site.code) for place, site in enumerate(order) if place not in hidden]
    with account.client("all-sites-readonly") as client:
        for parameter, number, limit in asked:
            cursor = number % len(order)
            query: dict[str, str | int] = {} if limit is None else {"limit": limit}
            size = limit or 10
            if parameter is None:
                rest = [code for _, code in visible]
                page = rest[:size]
            elif parameter == "starting_after":
                rest = [code for place, code in visible if place > cursor]
                page = rest[:size]
            else:
                rest = [code for place, code in visible if place < cursor]
                page = rest[-size:]
            if parameter is not None:
                query[parameter] = order[cursor].code
            answer = client.get("/v1/sites", params=query)
            assert codes(answer) == page
            assert answer.json()["has_more"] is (len(rest) > size)


def test_an_imported_site_has_its_place_by_its_own_time(lists: RunningServer) -> None:
    account = Account(lists)
    with account.client() as client:
        newer = client.post("/v1/sites", json={"name": "Newer"}).json()["id"]
        older = NewSite(
            name="Older", code="OLDER", timezone="UTC", currency="EUR", created_at=OLDEST
        )
        lists.leadline.sites.create(account.id, older)
        assert codes(client.get("/v1/sites")) == ["OLDER", newer]
