"""`GET /v1/sites/{site_id}`."""

import httpx
import pytest

from leadline.sites import SiteChange
from tests.faces.fathom.wire import SITE_KEYS, UNKNOWN, Account, bearer, error_of
from tests.support import RunningServer


@pytest.mark.rule("F-GET-01", "F-GET-02")
def test_a_site_is_answered_bare(server: RunningServer, owner: httpx.Client) -> None:
    site, other = server.site("Wanted"), server.site("Unwanted")
    answer = owner.get(f"/v1/sites/{site.code}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert list(body) == SITE_KEYS
    assert (body["id"], body["name"]) == (site.code, "Wanted")
    assert owner.get(f"/v1/sites/{other.code}").json()["id"] == other.code


def test_a_site_is_found_by_code_or_slug_in_any_case(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site("Found by anything")
    for name in (site.code.lower(), site.code.title(), site.slug, site.slug.upper()):
        assert owner.get(f"/v1/sites/{name}").json()["id"] == site.code


@pytest.mark.rule("F-GET-03")
def test_each_ability_that_reads_suffices(server: RunningServer, anybody: httpx.Client) -> None:
    site = server.site()
    for ability in ("all-sites-readonly", f"read:{site.code}", f"manage:{site.code}", "*"):
        answer = anybody.get(f"/v1/sites/{site.code}", headers=bearer(server.token(ability)))
        assert answer.status_code == 200
        assert answer.json()["id"] == site.code


@pytest.mark.rule("F-GET-04", "F-GET-05")
def test_a_site_out_of_reach_looks_like_none(server: RunningServer, anybody: httpx.Client) -> None:
    site, other = server.site(), server.site()
    secrets = [
        server.token(f"read:{other.code}", f"manage:{other.code}"),
        Account(server).token("*"),
        Account(server).token("all-sites-readonly"),
    ]
    for secret in secrets:
        hidden = anybody.get(f"/v1/sites/{site.code}", headers=bearer(secret))
        absent = anybody.get(f"/v1/sites/{UNKNOWN}", headers=bearer(secret))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text == absent.text


UNHEARD_OF = [UNKNOWN, "CDBUGS1", "0", "null", "%00", "%FF", "..%2f", "a%20b", "é", "x" * 4000]


@pytest.mark.rule("F-GET-05", "F-UPDATE-02", "F-DELETE-06")
@pytest.mark.parametrize("name", UNHEARD_OF)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_site_that_does_not_exist(owner: httpx.Client, method: str, name: str) -> None:
    error_of(owner.request(method, f"/v1/sites/{name}"), 404)


def test_a_site_that_sleeps_is_gone_until_it_wakes(
    server: RunningServer, owner: httpx.Client
) -> None:
    site = server.site()
    server.leadline.sites.update(site, SiteChange(is_active=False))
    for method in ("GET", "POST", "DELETE"):
        error_of(owner.request(method, f"/v1/sites/{site.code}"), 404)
    server.leadline.sites.update(site, SiteChange(is_active=True))
    assert owner.get(f"/v1/sites/{site.code}").status_code == 200
