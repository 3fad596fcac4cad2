"""Who may do what: every endpoint, asked with every kind of token."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from leadline.access import Abilities
from tests.faces.fathom.wire import (
    ENDPOINTS,
    EVENT,
    NOT_PERMITTED,
    UNAUTHENTICATED,
    UNKNOWN,
    Account,
    about,
    address,
    bearer,
)
from tests.support import RunningServer

KINDS = (
    "none",
    "unknown",
    "revoked",
    "expired",
    "*",
    "all-sites-readonly",
    "read-own",
    "manage-own",
    "read-other",
    "manage-other",
    "other-organisation",
)

NAMED = {"name": EVENT, "currency": "euro", "milestone_date": "2026-03-01"}

# One row an endpoint, its statuses in the order of KINDS. `{site}` is a site of the account.
TABLE = """
GET     /v1/sites               401 401 401 401   200 200 400 400 400 400   200
POST    /v1/sites               401 401 401 401   200 400 400 400 400 400   200
GET     /v1/sites/{site}        401 401 401 401   200 200 200 200 404 404   404
POST    /v1/sites/{site}        401 401 401 401   200 400 400 200 404 404   404
DELETE  /v1/sites/{site}        401 401 401 401   200 400 400 400 404 404   404
DELETE  /v1/sites/{site}/data   410 410 410 410   410 410 410 410 410 410   410
GET     /v1/sites/{site}/events 401 401 401 401   200 200 200 200 404 404   404
POST    /v1/sites/{site}/events 401 401 401 401   200 400 400 200 404 404   404
DELETE  /v1/sites/{site}/events 401 401 401 401   200 400 400 200 404 404   404
POST    /v1/sites/{site}/events/currency          401 401 401 401   200 400 400 200 404 404   404
GET     /v1/sites/{site}/events/{event}           401 401 401 401   200 200 200 200 404 404   404
POST    /v1/sites/{site}/events/{event}           401 401 401 401   200 400 400 200 404 404   404
DELETE  /v1/sites/{site}/events/{event}           401 401 401 401   200 400 400 200 404 404   404
DELETE  /v1/sites/{site}/events/{event}/data      410 410 410 410   410 410 410 410 410 410   410
GET     /v1/sites/{site}/milestones               401 401 401 401   200 200 200 200 404 404   404
POST    /v1/sites/{site}/milestones               401 401 401 401   201 400 400 201 404 404   404
GET     /v1/sites/{site}/milestones/{milestone}   401 401 401 401   200 200 200 200 404 404   404
POST    /v1/sites/{site}/milestones/{milestone}   401 401 401 401   200 400 400 200 404 404   404
DELETE  /v1/sites/{site}/milestones/{milestone}   401 401 401 401   200 400 400 200 404 404   404
GET     /v1/account             401 401 401 401   200 400 400 400 400 400   200
GET     /v1/token               401 401 401 401   200 200 200 200 200 200   200
GET     /v1/aggregations        401 401 401 401   200 200 200 200 404 404   404
GET     /v1/current_visitors    401 401 401 401   200 200 200 200 404 404   404
GET     /v1/sites/NO.SUCH.SITE  401 401 401 401   404 404 404 404 404 404   404
POST    /v1/sites/NO.SUCH.SITE  401 401 401 401   404 404 404 404 404 404   404
DELETE  /v1/sites/NO.SUCH.SITE  401 401 401 401   404 404 404 404 404 404   404
GET     /v1/unheard-of          404 404 404 404   404 404 404 404 404 404   404
PUT     /v1/sites               405 405 405 405   405 405 405 405 405 405   405
GET     /v1/openapi.json        200 200 200 200   200 200 200 200 200 200   200
GET     /v1/docs                200 200 200 200   200 200 200 200 200 200   200
"""
ROWS = [row.split() for row in TABLE.strip().splitlines()]


def revoked_token(server: RunningServer) -> str:
    leadline = server.leadline
    organisation = leadline.organisations.first().id
    new = leadline.tokens.create(organisation, "revoked", Abilities(full=True))
    leadline.tokens.revoke(organisation, new.secret)
    return new.secret


def expired_token(server: RunningServer) -> str:
    leadline = server.leadline
    expiry = datetime.now(UTC) - timedelta(seconds=1)
    organisation = leadline.organisations.first().id
    return leadline.tokens.create(organisation, "old", Abilities(full=True), expiry).secret


def token_of(server: RunningServer, kind: str, own: str, other: str) -> str | None:
    match kind:
        case "none":
            return None
        case "unknown":
            return "7|abcdefghijklmnopqrstuvwxyzabcdefghijklmn"
        case "revoked":
            return revoked_token(server)
        case "expired":
            return expired_token(server)
        case "other-organisation":
            return Account(server).token("*")
    return server.token(kind.replace("-own", f":{own}").replace("-other", f":{other}"))


@pytest.mark.rule("F-AUTH-02", "F-AUTH-03", "F-LIST-06", "F-GET-04", "F-CREATE-03", "F-ACCOUNT-04")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_status(server: RunningServer, anybody: httpx.Client, row: list[str]) -> None:
    method, path, *statuses = row
    other = server.site("Other").code
    own = server.site("Own").code
    for kind, status in zip(KINDS, statuses, strict=True):
        secret = token_of(server, kind, own, other)
        answer = anybody.request(
            method,
            address(server, path, own),
            params=about(own) | {"name": EVENT},
            headers={} if secret is None else bearer(secret),
            json=NAMED if method == "POST" else None,
        )
        assert answer.status_code == int(status), (kind, answer.text)
        if status == "400":
            assert answer.json() == NOT_PERMITTED
        elif status == "401":
            assert answer.json() == UNAUTHENTICATED
            assert answer.headers["www-authenticate"] == "Bearer"
        elif not answer.is_success:
            assert list(answer.json()) == ["error"]
        elif method == "DELETE":
            own = server.site("Own again").code


def test_the_table_has_every_endpoint() -> None:
    asked = {(method, re.sub(r"{(\w+)}", r"{\1_id}", path)) for method, path, *_ in ROWS}
    assert set(ENDPOINTS) <= asked
    assert UNKNOWN in TABLE


@pytest.mark.rule("F-AUTH-01")
def test_both_headers_are_accepted(server: RunningServer, anybody: httpx.Client) -> None:
    secret = server.token("*")
    basic = {"Authorization": "Basic dXNlcjpwYXNz"}
    for headers in (
        {"Authorization": f"Bearer {secret}"},
        {"authorization": f"bearer {secret}"},
        {"Authorization": f"BEARER   {secret}"},
        {"X-API-Key": secret},
        {"x-api-key": secret},
        basic | {"X-API-Key": secret},
        {"Authorization": "Bearer", "X-API-Key": secret},
        {"Authorization": f"Bearer {secret}", "X-API-Key": "7|nobody"},
    ):
        for method, path in (("GET", "/v1/sites"), ("GET", "/v1/token"), ("GET", "/v1/account")):
            assert anybody.request(method, path, headers=headers).status_code == 200, headers


@pytest.mark.rule("F-AUTH-01", "F-AUTH-02")
def test_anything_else_is_no_token(server: RunningServer, anybody: httpx.Client) -> None:
    secret = server.token("*")
    for headers in (
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": secret},
        {"Authorization": f"Basic {secret}"},
        {"Authorization": f"Token {secret}"},
        {"Authorization": f"Bearer {secret[:-1]}"},
        {"Authorization": f"Bearer {secret}x"},
        {"Authorization": f"Bearer {secret.swapcase()}"},
        {"Authorization": f"Bearer {secret} {secret}"},
        {"Authorization": "Bearer 7|abcdefghijklmnopqrstuvwxyzabcdefghijklmn"},
        {"Authorization": "Bearer 7|abc", "X-API-Key": secret},
        {"Authorization": b"Bearer \xff\xfe\xc3\xa9"},
        {"Authorization": "Bearer " + "x" * 8000},
        {"X-API-Key": ""},
        {"X-API-Key": f"Bearer {secret}"},
        {"Cookie": f"token={secret}"},
    ):
        answer = anybody.get("/v1/token", headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 401, headers
        assert answer.json() == UNAUTHENTICATED
    assert anybody.get(f"/v1/token?api_token={secret}&token={secret}").status_code == 401


@pytest.mark.rule("F-AUTH-02")
def test_a_revoked_token_is_refused_at_the_very_next_request(server: RunningServer) -> None:
    leadline = server.leadline
    organisation = leadline.organisations.first().id
    new = leadline.tokens.create(organisation, "short-lived", Abilities(full=True))
    site = server.site()
    with server.client(token=new.secret) as client:
        for _ in range(3):
            assert client.get(f"/v1/sites/{site.code}").status_code == 200
        leadline.tokens.revoke(organisation, str(new.token.id))
        assert client.get(f"/v1/sites/{site.code}").status_code == 401
