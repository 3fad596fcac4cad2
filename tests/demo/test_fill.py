"""Where a demo goes, and where it does not."""

from datetime import datetime
from pathlib import Path

import pytest

from leadline import storage
from leadline.demo import FILE, DataNotEmpty
from leadline.settings import Settings
from leadline.sites import MultiDomain, NewSite
from leadline.storage import DataInUse
from tests.collector.hits import seal, settle
from tests.demo.making import made, plan, sites_in
from tests.support import running_server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def names(settings: Settings) -> list[str]:
    with sites_in(settings) as (sites, organisations):
        return [site.slug for site in sites.list(organisations.first().id)]


def with_a_site(settings: Settings) -> None:
    with sites_in(settings) as (sites, organisations):
        new = NewSite(name="Mine", timezone="UTC", currency="EUR")
        sites.create(organisations.first().id, new)


def test_sites_are_what_they_should_be(settings: Settings) -> None:
    demo = made(settings, plan(hits=500))
    with sites_in(settings) as (sites, organisations):
        found = sites.list(organisations.first().id)
    assert {site.slug for site in found} == {site.slug for site in demo.sites}
    assert all(site.name.startswith("Demo: ") for site in found)
    assert len({site.timezone for site in found}) == len({site.currency for site in found}) == 4
    assert [site.multi_domain for site in found if len(site.domains) > 1] == [MultiDomain.COMBINED]
    assert all(site.created_at == total.since for site in found for total in demo.sites
               if total.code == site.code)  # fmt: skip
    assert demo.sites[0].pageviews == max(site.pageviews for site in demo.sites)


def test_only_once(settings: Settings) -> None:
    made(settings, plan(hits=100))
    before = (settings.data / FILE).read_bytes()
    for beside in (False, True):
        with pytest.raises(DataNotEmpty, match="hits have come"):
            made(settings, plan(hits=100), beside=beside)
    assert (settings.data / FILE).read_bytes() == before
    assert len(names(settings)) == 4


def test_not_beside_hits(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with running_server(tmp_path) as server:
        server.site("Shop", slug="shop")
        assert seal(server, "shop").status_code == 204
        settle(server)
    before = names(settings)
    with pytest.raises(DataNotEmpty):
        made(settings, plan(hits=100), beside=True)
    assert names(settings) == before


def test_beside_other_sites_only_if_that_is_wanted(settings: Settings) -> None:
    with_a_site(settings)
    with pytest.raises(DataNotEmpty, match="there are sites"):
        made(settings, plan(hits=100))
    assert names(settings) == ["mine"]
    made(settings, plan(hits=100), beside=True)
    assert len(names(settings)) == 5


def test_not_beside_a_server(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, pytest.raises(DataInUse):
        made(server.settings, plan(hits=100))


def test_a_server_that_has_taken_nothing_is_no_hindrance(tmp_path: Path) -> None:
    with running_server(tmp_path):
        pass
    demo = made(Settings(data=tmp_path), plan(hits=300))
    with running_server(tmp_path) as server:
        code = demo.sites[0].code
        with server.client("*") as client:
            status = client.get(f"/api/v1/sites/{code}/pixel/status")
            assert status.json()["data"]["installed"]
        server.site("Shop", slug="shop")
        assert seal(server, "shop").status_code == 204
        settle(server)


def test_what_fails_leaves_no_site(settings: Settings) -> None:
    def interrupt(hits: int, until: datetime) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(settings, plan(hits=1000), progress=interrupt)
    assert names(settings) == []
    assert not (settings.data / FILE).exists()


def test_a_thousand_sites(settings: Settings) -> None:
    demo = made(settings, plan(hits=3000, days=5, sites=1000))
    assert len({site.slug for site in demo.sites}) == 1000
    assert sum(site.pageviews for site in demo.sites) > 2500
    with storage.opened(settings) as opened:
        ((hits,),) = opened.warehouse.query("SELECT count(*) FROM hits WHERE kind <> 'departure'")
    assert hits == 3000
