"""`DELETE /v1/sites/{site_id}`, and the retired `DELETE /v1/sites/{site_id}/data`."""

import httpx
import pytest

from tests.faces.fathom.wire import (
    NOT_PERMITTED,
    UNKNOWN,
    Account,
    bearer,
    codes,
    counted,
    error_of,
    everything_stored,
    send_hit,
)
from tests.support import RunningServer


@pytest.mark.rule("F-DELETE-01", "F-DELETE-02", "F-DELETE-03")
def test_a_deleted_site_is_named_in_the_answer(server: RunningServer) -> None:
    account = Account(server)
    first, second = account.some_sites(2)
    with account.client("*") as client:
        answer = client.delete(f"/v1/sites/{first.code}")
        assert answer.status_code == 200
        assert answer.json() == {"id": first.code, "object": "site", "deleted": True}
        assert codes(client.get("/v1/sites")) == [second.code]
        by_slug = client.delete(f"/v1/sites/{second.slug}")
        assert by_slug.json()["id"] == second.code


@pytest.mark.rule("F-DELETE-04")
def test_only_full_access_deletes(server: RunningServer, anybody: httpx.Client) -> None:
    site = server.site()
    send_hit(server, site.code)
    for ability in ("all-sites-readonly", f"read:{site.code}", f"manage:{site.code}"):
        before = everything_stored(server)
        answer = anybody.delete(f"/v1/sites/{site.code}", headers=bearer(server.token(ability)))
        assert answer.status_code == 400
        assert answer.json() == NOT_PERMITTED
        assert everything_stored(server) == before
    counted(server, site, 1)


@pytest.mark.rule("F-DELETE-05", "F-DELETE-06")
def test_no_request_brings_a_site_back(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site("Ephemeral")
    assert owner.delete(f"/v1/sites/{site.code}").status_code == 200
    for name in (site.code, site.slug):
        error_of(owner.get(f"/v1/sites/{name}"), 404)
        error_of(owner.post(f"/v1/sites/{name}", json={"name": "Back"}), 404)
        error_of(owner.delete(f"/v1/sites/{name}"), 404)
        other_face = owner.patch(f"/api/v1/sites/{name}", json={"is_active": True})
        assert other_face.status_code == 404
    assert codes(owner.get("/v1/sites", params={"starting_after": site.code})) == []
    again = owner.post("/v1/sites", json={"name": "Ephemeral"}).json()["id"]
    assert again != site.code
    error_of(owner.get(f"/v1/sites/{site.slug}"), 404)


@pytest.mark.rule("F-DELETE-05")
def test_the_hits_of_a_deleted_site_are_erased(server: RunningServer, owner: httpx.Client) -> None:
    site, other = server.site(), server.site()
    for code in (site.code, other.code, site.code):
        send_hit(server, code)
    counted(server, site, 2)
    assert owner.delete(f"/v1/sites/{site.code}").status_code == 200
    send_hit(server, site.code)
    counted(server, site, 0)
    counted(server, other, 1)


@pytest.mark.rule("F-DELETE-06", "F-ERR-03")
def test_where_nothing_was_deleted_the_answer_is_an_error(
    server: RunningServer, owner: httpx.Client
) -> None:
    before = everything_stored(server)
    error_of(owner.delete(f"/v1/sites/{UNKNOWN}"), 404)
    assert everything_stored(server) == before


@pytest.mark.rule("F-WIPE-01")
def test_wiping_is_retired_for_everybody(server: RunningServer, anybody: httpx.Client) -> None:
    site = server.site()
    secrets = [server.token("*"), server.token(f"read:{site.code}"), "7|nobody", None]
    for name in (site.code, site.slug, UNKNOWN, "x" * 3000, "%00", "é"):
        for secret in secrets:
            headers = {} if secret is None else bearer(secret)
            answer = anybody.delete(f"/v1/sites/{name}/data", headers=headers)
            assert error_of(answer, 410) == "This endpoint is no longer available"


@pytest.mark.rule("F-WIPE-02")
def test_wiping_removes_nothing(server: RunningServer, owner: httpx.Client) -> None:
    site = server.site()
    send_hit(server, site.code)
    send_hit(server, site.code, name="Signed up")
    before = counted(server, site, 2)
    stored = everything_stored(server)
    assert {kind for kind, *_ in before} == {"pageview", "micro"}
    error_of(owner.delete(f"/v1/sites/{site.code}/data"), 410)
    assert everything_stored(server) == stored
    send_hit(server, site.code)
    assert counted(server, site, 3)[:2] == before
