"""Two servers, each with its own data directory, on one PostgreSQL."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import pytest

from leadline.sites import Site, SiteChange, UtmField
from tests.collector.hits import seal, stored
from tests.postgresql import Cluster
from tests.support import RunningServer, eventually, running_server


class Nodes(NamedTuple):
    one: RunningServer
    other: RunningServer


@pytest.fixture(scope="module")
def nodes(postgresql: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    url = postgresql.empty()
    data = tmp_path_factory.mktemp
    with (
        running_server(data("one"), database_url=url, loader_interval=0.01) as one,
        running_server(data("other"), database_url=url, loader_interval=0.01) as other,
    ):
        yield Nodes(one, other)
    postgresql.drop(url)


def test_what_is_done_to_a_site_on_one_is_seen_by_the_others_collector(nodes: Nodes) -> None:
    one, other = nodes
    find, sites = other.leadline.snapshot.find, one.leadline.sites
    site = one.site("Acme")
    eventually(lambda: find(site.code))
    seal(other, site.slug)

    def maps() -> bool:
        rules = find(site.slug)
        return rules is not None and rules.utm_mappings != ()

    sites.add_utm_mapping(site, "src", UtmField.SOURCE)
    eventually(maps)
    seal(other, site.slug, u="https://shop.example/?src=news")

    def refuses() -> bool:
        rules = find(site.slug)
        return rules is not None and not rules.is_active

    sites.update(site, SiteChange(is_active=False))
    eventually(refuses)
    seal(other, site.slug)
    assert [row.utm_source for row in stored(other, site.id)] == ["", "news"]
    assert stored(one, site.id) == []


def test_a_change_on_one_is_in_the_others_next_answer(nodes: Nodes) -> None:
    with nodes.one.client("*") as here, nodes.other.client("*") as there:
        for number in range(20):
            name = f"Name {number}"
            code = here.post("/v1/sites", json={"name": name}).json()["id"]
            assert there.get(f"/v1/sites/{code}").json()["name"] == name
            there.post(f"/v1/sites/{code}", json={"name": f"{name} now"})
            assert here.get(f"/v1/sites/{code}").json()["name"] == f"{name} now"
            assert here.delete(f"/v1/sites/{code}").status_code == 200
            assert there.get(f"/v1/sites/{code}").status_code == 404


def test_a_token_revoked_on_one_is_refused_by_the_others_next_request(nodes: Nodes) -> None:
    organisation = nodes.one.leadline.organisations.first().id
    secret = nodes.one.token("*")
    with nodes.other.client(token=secret) as client:
        for _ in range(3):
            assert client.get("/v1/token").status_code == 200
        nodes.one.leadline.tokens.revoke(organisation, secret)
        assert client.get("/v1/token").status_code == 401
        assert client.get("/api/v1/sites").status_code == 401


def test_a_site_deleted_on_one_is_erased_on_both(nodes: Nodes) -> None:
    site = nodes.one.site("Gone")
    for node in nodes:
        eventually(partial(node.leadline.snapshot.find, site.code))
        seal(node, site.slug)
        assert len(stored(node, site.id)) == 1
    with nodes.other.client("*") as client:
        assert client.delete(f"/v1/sites/{site.code}").status_code == 200
    for node in nodes:
        eventually(partial(is_erased, node, site))
        assert stored(node, site.id) == []


def is_erased(node: RunningServer, site: Site) -> bool:
    return site.id in node.leadline.storage.warehouse.erased()
