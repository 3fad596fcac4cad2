"""`GET /v1/account` and `GET /v1/token`."""

import re
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from leadline.access import Abilities, Role
from tests.faces.fathom.wire import NOT_PERMITTED, Account, bearer
from tests.support import RunningServer

TOKEN_KEYS = [
    "name",
    "version",
    "abilities",
    "last_used_at",
    "expires_at",
    "created_at",
    "updated_at",
]


@pytest.mark.rule("F-ACCOUNT-01", "F-ACCOUNT-02", "F-ACCOUNT-03")
def test_an_account_is_the_organisation_and_its_owner(server: RunningServer) -> None:
    account = Account(server, name="Springfield Power")
    people = server.leadline.organisations
    with account.client("*") as client:
        answer = client.get("/v1/account")
        assert answer.status_code == 200
        assert list(answer.json()) == ["id", "object", "name", "email"]
        nobody = {"id": account.id, "object": "account", "name": "Springfield Power", "email": None}
        assert answer.json() == nobody
        assert type(answer.json()["id"]) is int

        def join(name: str, role: Role) -> str:
            email = f"{name}-{account.id}@example.com"
            secret = "correct horse battery"
            people.add_user(account.id, email=email, password=secret, role=role, name=name)
            return email

        join("Lenny", Role.ADMIN)
        assert client.get("/v1/account").json() == nobody
        email = join("Homer", Role.OWNER)
        join("Carl", Role.OWNER)
        assert client.get("/v1/account").json() == nobody | {"name": "Homer", "email": email}


@pytest.mark.rule("F-ACCOUNT-04")
def test_the_account_is_told_to_full_access_only(
    server: RunningServer, anybody: httpx.Client
) -> None:
    site = server.site()
    for ability in ("all-sites-readonly", f"read:{site.code}", f"manage:{site.code}"):
        answer = anybody.get("/v1/account", headers=bearer(server.token(ability)))
        assert answer.status_code == 400
        assert answer.json() == NOT_PERMITTED


@pytest.mark.rule("F-TOKEN-01", "F-TOKEN-02", "F-TOKEN-03", "F-TOKEN-04")
def test_a_token_tells_of_itself(server: RunningServer, anybody: httpx.Client) -> None:
    one, two = server.site("First"), server.site("Second")
    for given, printed in (
        (["*"], ["*"]),
        (["all-sites-readonly"], ["all-sites-readonly"]),
        ([f"read:{one.code}"], [f"read:{one.code}"]),
        ([f"manage:{two.slug}"], [f"manage:{two.code}"]),
        (
            [f"manage:{one.code}", f"read:{two.slug}", "all-sites-readonly"],
            ["all-sites-readonly", f"read:{two.code}", f"manage:{one.code}"],
        ),
    ):
        secret = server.token(*given)
        answer = anybody.get("/v1/token", headers=bearer(secret))
        assert answer.status_code == 200
        body = answer.json()
        assert list(body) == TOKEN_KEYS
        assert body["name"] == "test"
        assert body["version"] == 4
        assert type(body["version"]) is int
        assert sorted(body["abilities"]) == sorted(printed)
        assert secret[3:] not in answer.text


def test_a_deleted_site_is_no_ability_any_more(
    server: RunningServer, anybody: httpx.Client
) -> None:
    kept, deleted = server.site(), server.site()
    secret = server.token(f"read:{kept.code}", f"manage:{deleted.code}")
    server.leadline.sites.delete(deleted)
    body = anybody.get("/v1/token", headers=bearer(secret)).json()
    assert body["abilities"] == [f"read:{kept.code}"]


@pytest.mark.rule("F-TOKEN-05")
def test_the_times_of_a_token_are_in_utc(server: RunningServer, anybody: httpx.Client) -> None:
    organisation = server.leadline.organisations.first().id
    tokens = server.leadline.tokens
    before = datetime.now(UTC).replace(microsecond=0)
    expiry = datetime(2999, 12, 31, 23, 30, tzinfo=timezone(-timedelta(hours=2)))
    mortal = tokens.create(organisation, "mortal", Abilities(full=True), expiry)
    immortal = tokens.create(organisation, "immortal", Abilities())

    for _ in range(2):
        body = anybody.get("/v1/token", headers=bearer(mortal.secret)).json()
    assert body["name"] == "mortal"
    assert body["expires_at"] == "3000-01-01 01:30:00"
    for key in ("last_used_at", "created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", body[key])
        moment = datetime.strptime(f"{body[key]}+0000", "%Y-%m-%d %H:%M:%S%z")
        assert before <= moment <= datetime.now(UTC)

    body = anybody.get("/v1/token", headers=bearer(immortal.secret)).json()
    assert body["expires_at"] is None
    assert body["abilities"] == []
