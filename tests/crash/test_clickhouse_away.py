"""ClickHouse hangs, is killed and comes back, in a process of its own as the server is."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from leadline.access import Organisations, Role
from leadline.sites import Site
from tests.clickhouse_process import ClickHouseProcess, clickhouse_process
from tests.crash.support import Owner, ServerProcess, owner_of, under_load
from tests.support import PATIENCE, eventually

PASSWORD = "correct horse battery"


@pytest.fixture
def clickhouse_outside(tmp_path: Path) -> Iterator[ClickHouseProcess]:
    with clickhouse_process(tmp_path / "clickhouse") as outside:
        yield outside


def test_hits_are_taken_and_reads_refused_while_clickhouse_is_away(
    clickhouse_outside: ClickHouseProcess, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    where = {"LEADLINE_WAREHOUSE_URL": clickhouse_outside.url}
    with owner_of(data) as owner:
        site = owner.site("Busy")
        person = sign_in_as(owner)
        server = ServerProcess(data, environment=where)
        acknowledged = send(server, site, "before")
        eventually(lambda: total(server, site, owner) == acknowledged)
        clickhouse_outside.hang()
        acknowledged += send(server, site, "hanging")
        check_refusals(server, site, owner, person)
        server.stop()
        clickhouse_outside.kill()
        server = ServerProcess(data, environment=where)
        acknowledged += send(server, site, "killed")
        check_refusals(server, site, owner, person)
        eventually(lambda: "hits are not loaded" in problems(server))
        clickhouse_outside.start()
        eventually(lambda: total(server, site, owner) == acknowledged)
        eventually(lambda: problems(server) == "")
        server.stop()


def send(server: ServerProcess, site: Site, name: str) -> int:
    with under_load(server.url, site, name) as load:
        load.wait_for(100)
    assert load.statuses <= {200, 204}
    return len(load.acknowledged)


def total(server: ServerProcess, site: Site, owner: Owner) -> int:
    answer = httpx.get(status_of(server, site), headers={"X-API-Key": owner.secret}, verify=False)
    assert answer.status_code in (200, 503)
    return int(answer.json()["data"]["total_hits"]) if answer.status_code == 200 else -1


def status_of(server: ServerProcess, site: Site) -> str:
    return f"{server.url}/api/v1/sites/{site.slug}/pixel/status"


def problems(server: ServerProcess) -> str:
    answer = httpx.get(f"{server.url}/readyz", verify=False)
    assert answer.status_code == 200
    return " ".join(answer.json()["problems"])


def sign_in_as(owner: Owner) -> dict[str, str]:
    """The fields of the form with which the owner signs in."""
    organisations = Organisations(owner.database)
    email = "ada@example.com"
    organisations.add_user(
        organisations.first().id, email=email, password=PASSWORD, role=Role.OWNER
    )
    return {"email": email, "password": PASSWORD}


def check_refusals(server: ServerProcess, site: Site, owner: Owner, person: dict[str, str]) -> None:
    headers = {"X-API-Key": owner.secret}
    with httpx.Client(headers=headers, verify=False) as program:
        for path in ("status", "rejections?minutes=60"):
            address = f"{server.url}/api/v1/sites/{site.slug}/pixel/{path}"
            refused = in_time(program, address)
            assert refused.json()["error"]["code"] == "database_unavailable"
    with httpx.Client(base_url=server.url, follow_redirects=True, verify=False) as browser:
        form = browser.get("/sign-in").text
        token = form.partition('name="form_token" value="')[2].partition('"')[0]
        browser.follow_redirects = False
        assert browser.post("/sign-in", data=person | {"form_token": token}).status_code == 303
        for page in ("/sites", f"/sites/{site.slug}"):
            assert "Hits cannot be counted now" in in_time(browser, page).text
        part = in_time(browser, f"/sites/{site.slug}/traffic", {"HX-Request": "true"})
        assert "Hits cannot be counted now" in part.text
    for healthy in ("/health", "/livez", "/readyz"):
        assert httpx.get(server.url + healthy, timeout=PATIENCE, verify=False).status_code == 200
    sites = httpx.get(
        f"{server.url}/v1/sites/{site.code}", headers=headers, timeout=PATIENCE, verify=False
    )
    assert sites.status_code == 200


def in_time(
    client: httpx.Client, address: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    answer = client.get(address, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    return answer
