"""API tokens at the API itself: made, listed, revoked; what they may is what was asked for."""

from typing import Any

import httpx
import pytest

from tests.faces.seal.conftest import Connect
from tests.faces.seal.dialect import calls, data, moment, refusal, wrong_fields
from tests.support import RunningServer

READS = ["read", "stats:read", "sites:read", "accounts:read"]
WRITES = ["write", "channel_rules:write", "channel_rules:publish"]
INFO = {
    *("id", "name", "token_prefix", "scopes", "account_ids", "is_active", "expires_at"),
    *("last_used_at", "created_at", "revoked_at"),
}


def create(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = data(api.post("/api-tokens", json={"name": "A script"} | fields), 201)
    return made


def test_scopes_are_listed(api: httpx.Client) -> None:
    found = data(api.get("/api-tokens/scopes"))["scopes"]
    assert [each["id"] for each in found] == [*READS, *WRITES]
    assert all(each["name"] and each["description"] for each in found)


def test_a_token_is_made_listed_and_revoked(api: httpx.Client, server: RunningServer) -> None:
    made = create(api, scopes=["stats:read"], expires_in_days=30)
    assert made.keys() == INFO | {"token"}
    assert made["token"].startswith(made["token_prefix"])
    assert (made["scopes"], made["account_ids"], made["is_active"]) == (READS, [], True)
    assert (moment(made["expires_at"]) - moment(made["created_at"])).days == 30
    secret = made.pop("token")
    assert data(api.get(f"/api-tokens/{made['id']}")) == made
    assert made in data(api.get("/api-tokens"))["tokens"]
    with calls(server, secret) as client:
        data(client.get("/sites"))
        revoked = data(api.delete(f"/api-tokens/{made['id']}"))
        refusal(client.get("/sites"), 401, "unauthorized")
    assert revoked["is_active"] is False
    moment(revoked["revoked_at"])
    listed = data(api.get("/api-tokens"))
    assert made["id"] not in [each["id"] for each in listed["tokens"]]
    assert listed["total"] == len(listed["tokens"])
    everything = data(api.get("/api-tokens", params={"include_inactive": "true"}))["tokens"]
    assert made["id"] in [each["id"] for each in everything]


@pytest.mark.parametrize(
    ("scopes", "of_site", "printed", "may"),
    [
        (["stats:read"], False, READS, (200, 403, 403)),
        (["stats:read"], True, READS, (200, 403, 403)),
        (["read", "write"], True, [*READS, *WRITES], (200, 200, 403)),
        (["write"], False, [*READS, *WRITES], (200, 200, 201)),
        (["channel_rules:write"], True, [*READS, *WRITES], (200, 200, 403)),
    ],
)
def test_what_a_token_may(
    api: httpx.Client,
    server: RunningServer,
    scopes: list[str],
    of_site: bool,
    printed: list[str],
    may: tuple[int, int, int],
) -> None:
    site = server.site("Named")
    made = create(api, scopes=scopes, account_ids=[site.code] if of_site else None)
    assert made["scopes"] == printed
    assert made["account_ids"] == ([site.slug] if of_site else [])
    with calls(server, made["token"]) as client:
        answers = (
            client.get(f"/sites/{site.slug}"),
            client.patch(f"/sites/{site.slug}", json={"name": "Renamed"}),
            client.post("/sites", json={"name": "Made"}),
        )
    assert tuple(each.status_code for each in answers) == may


def test_what_no_token_can_be(api: httpx.Client, stranger: httpx.Client) -> None:
    theirs = data(stranger.post("/sites", json={"name": "Theirs"}), 201)["id"]

    def wrong(**fields: Any) -> list[str]:
        body = {"name": "A script", "scopes": ["read"]} | fields
        return wrong_fields(api.post("/api-tokens", json=body))

    assert wrong(name="") == ["body.name"]
    assert wrong(name="\n") == ["body.name"]
    assert wrong(scopes=[]) == ["body.scopes"]
    assert wrong(scopes=["read", "everything"]) == ["body.scopes.1"]
    assert wrong(account_ids=["nowhere"]) == ["body.account_ids.0"]
    assert wrong(account_ids=[theirs]) == ["body.account_ids.0"]
    assert wrong(expires_in_days=0) == ["body.expires_in_days"]
    assert wrong(expires_in_days=366) == ["body.expires_in_days"]


def test_tokens_are_those_of_the_organisation(api: httpx.Client, stranger: httpx.Client) -> None:
    made = create(api, scopes=["read"])
    refusal(stranger.get(f"/api-tokens/{made['id']}"), 404, "not_found")
    refusal(stranger.delete(f"/api-tokens/{made['id']}"), 404, "not_found")
    assert wrong_fields(api.get("/api-tokens/first")) == ["path.token_id"]


def test_only_who_may_do_everything(connect: Connect) -> None:
    reader = connect("all-sites-readonly")
    refusal(reader.get("/api-tokens"), 403, "forbidden")
    refusal(reader.post("/api-tokens", json={"name": "A", "scopes": ["read"]}), 403, "forbidden")
    data(reader.get("/api-tokens/scopes"))
