"""Who may do what: every endpoint with every kind of token."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import pytest

from leadline.access import Abilities
from tests.faces.seal.dialect import FORBIDDEN_WRITE, calls, data, fresh, new_site, refusal
from tests.support import BROWSER, RunningServer


class Route(NamedTuple):
    method: str
    path: str
    need: str
    """read: to see the site. manage: to change it. full: `*`. key: any token will do."""

    success: int = 200


ROUTES = [
    Route("GET", "/sites/config/timezones", "key"),
    Route("GET", "/sites", "key"),
    Route("POST", "/sites", "full", 201),
    Route("GET", "/sites/{site}", "read"),
    Route("PATCH", "/sites/{site}", "manage"),
    Route("DELETE", "/sites/{site}", "full"),
    Route("GET", "/sites/{site}/domains", "read"),
    Route("POST", "/sites/{site}/domains", "manage", 201),
    Route("DELETE", "/sites/{site}/domains/listed.example", "manage"),
    Route("GET", "/sites/{site}/utm-mappings", "read"),
    Route("POST", "/sites/{site}/utm-mappings", "manage", 201),
    Route("PATCH", "/sites/{site}/utm-mappings/{mapping}", "manage"),
    Route("DELETE", "/sites/{site}/utm-mappings/mapped", "manage"),
    Route("GET", "/sites/{site}/pixel", "read"),
    Route("GET", "/sites/{site}/pixel/status", "read"),
    Route("GET", "/sites/{site}/pixel/rejections", "read"),
    Route("POST", "/hits", "manage", 202),
]
SITE_ROUTES = [route for route in ROUTES if "{site}" in route.path or route.path == "/hits"]

BODY = {
    "name": "Permitted",
    "domain": "new.example",
    "custom_param": "new",
    "maps_to": "utm_term",
    "is_active": True,
}
HIT = {"url": "https://listed.example/", "ip": "203.0.113.7", "user_agent": BROWSER}

YES = "yes"
NO_KEY = "no key"
NO_WRITE = "no write"
NOT_YOURS = "not yours"
MESSAGES = {NO_WRITE: FORBIDDEN_WRITE, NOT_YOURS: "Access denied to account: {site}"}

# What comes of a need, by kind of token; `own` and `foreign` are about the site asked for.
EXPECTED = {
    "none": {"key": NO_KEY, "read": NO_KEY, "manage": NO_KEY, "full": NO_KEY},
    "unknown": {"key": NO_KEY, "read": NO_KEY, "manage": NO_KEY, "full": NO_KEY},
    "revoked": {"key": NO_KEY, "read": NO_KEY, "manage": NO_KEY, "full": NO_KEY},
    "expired": {"key": NO_KEY, "read": NO_KEY, "manage": NO_KEY, "full": NO_KEY},
    "*": {"key": YES, "read": YES, "manage": YES, "full": YES},
    "not yet expired": {"key": YES, "read": YES, "manage": YES, "full": YES},
    "all-sites-readonly": {"key": YES, "read": YES, "manage": NO_WRITE, "full": NO_WRITE},
    "read own": {"key": YES, "read": YES, "manage": NO_WRITE, "full": NO_WRITE},
    "read foreign": {"key": YES, "read": NOT_YOURS, "manage": NOT_YOURS, "full": NO_WRITE},
    "manage own": {"key": YES, "read": YES, "manage": YES, "full": NO_WRITE},
    "manage foreign": {"key": YES, "read": NOT_YOURS, "manage": NOT_YOURS, "full": NO_WRITE},
    "nothing": {"key": YES, "read": NOT_YOURS, "manage": NOT_YOURS, "full": NO_WRITE},
}
ABILITIES = {
    "*": "*",
    "all-sites-readonly": "all-sites-readonly",
    "read own": "read:{own}",
    "read foreign": "read:{foreign}",
    "manage own": "manage:{own}",
    "manage foreign": "manage:{foreign}",
}
ENDS = {"expired": timedelta(seconds=-1), "not yet expired": timedelta(hours=1)}
RESTRICTED = ["read own", "manage own", "nothing"]


class Case(NamedTuple):
    """A site with something to change, another site, and the tokens of both."""

    names: dict[str, Any]
    foreign: str
    token: Callable[[str], str | None]


@pytest.fixture
def case(api: httpx.Client, server: RunningServer) -> Case:
    site, other = (new_site(api, domains=["listed.example"])["id"] for _ in range(2))
    for each in (other, site):
        body = {"custom_param": "mapped", "maps_to": "utm_source"}
        mapping = data(api.post(f"/sites/{each}/utm-mappings", json=body), 201)["id"]

    def token(kind: str) -> str | None:
        if kind == "none":
            return None
        if kind == "unknown":
            return "sm_" + "x" * 64
        if kind in ABILITIES:
            return server.token(ABILITIES[kind].format(own=site, foreign=other))
        organisation = server.leadline.organisations.first().id
        ends = datetime.now(UTC) + ENDS[kind] if kind in ENDS else None
        abilities = Abilities(full=kind != "nothing")
        new = server.leadline.tokens.create(organisation, "test", abilities, ends)
        if kind == "revoked":
            server.leadline.tokens.revoke(organisation, new.secret)
        return new.secret

    return Case({"site": site, "mapping": mapping}, other, token)


@pytest.fixture
def opened(server: RunningServer) -> Iterator[Callable[[str | None], httpx.Client]]:
    with ExitStack() as stack:
        yield lambda secret: stack.enter_context(calls(server, secret))


def send(caller: httpx.Client, route: Route, names: dict[str, Any]) -> httpx.Response:
    body: dict[str, Any] | None = BODY if route.method in ("POST", "PATCH") else None
    if route.path == "/hits":
        body = HIT | {"site_id": names["site"]}
    return caller.request(route.method, route.path.format(**names), json=body)


def state(api: httpx.Client, site: str) -> list[Any]:
    paths = [f"/sites/{site}{path}" for path in ("", "/domains", "/utm-mappings")]
    return [data(api.get(path)) for path in [*paths, "/sites?include_inactive=true"]]


@pytest.mark.rule(
    "S-CREATE-03",
    "S-DELETE-04",
    "S-DOMAIN-10",
    "S-UTM-12",
    "S-ERR-03",
    "S-ERR-05",
    "S-ERR-07",
    "S-ERR-08",
)
@pytest.mark.parametrize("kind", EXPECTED)
def test_every_endpoint_with_every_kind_of_token(
    api: httpx.Client, opened: Callable[[str | None], httpx.Client], case: Case, kind: str
) -> None:
    caller, site = opened(case.token(kind)), case.names["site"]
    # What deletes comes last, so that everything else is asked of a site as it was made.
    for route in sorted(ROUTES, key=lambda route: route.method == "DELETE"):
        expected = EXPECTED[kind][route.need]
        before = state(api, site)
        answer = send(caller, route, case.names)
        if expected == YES:
            data(answer, route.success)
        elif expected == NO_KEY:
            refusal(answer, 401, "unauthorized")
        else:
            message = refusal(answer, 403, "forbidden")["message"]
            assert message == MESSAGES[expected].format(site=site)
        if expected != YES or route.method == "GET":
            assert state(api, site) == before


@pytest.mark.rule("S-ERR-04", "S-ERR-08")
@pytest.mark.parametrize("kind", EXPECTED)
def test_a_site_that_nobody_has(
    opened: Callable[[str | None], httpx.Client], case: Case, kind: str
) -> None:
    caller = opened(case.token(kind))
    names = case.names | {"site": fresh("no").replace(" ", "-")}
    for route in SITE_ROUTES:
        answer = send(caller, route, names)
        expected = EXPECTED[kind][route.need]
        if expected == NO_KEY:
            refusal(answer, 401, "unauthorized")
        elif kind in ("*", "not yet expired", "all-sites-readonly") and expected == YES:
            assert names["site"] in refusal(answer, 404, "not_found")["message"]
        elif kind == "all-sites-readonly" or route.need == "full":
            assert refusal(answer, 403, "forbidden")["message"] == FORBIDDEN_WRITE
        else:
            message = refusal(answer, 403, "forbidden")["message"]
            assert message == f"Access denied to account: {names['site']}"


@pytest.mark.rule("S-ERR-08")
@pytest.mark.parametrize("kind", RESTRICTED)
def test_a_refusal_does_not_tell_whether_a_site_exists(
    api: httpx.Client,
    stranger: httpx.Client,
    opened: Callable[[str | None], httpx.Client],
    case: Case,
    kind: str,
) -> None:
    inactive, elsewhere = new_site(api)["id"], new_site(stranger)["id"]
    data(api.delete(f"/sites/{inactive}"))
    missing = fresh("no").replace(" ", "-")
    caller = opened(case.token(kind))
    for route in SITE_ROUTES:
        told = []
        for site in (case.foreign, inactive, elsewhere, missing, missing.upper(), "a b", "config"):
            answer = send(caller, route, case.names | {"site": site})
            error = answer.json()["error"]
            headers = sorted(name for name in answer.headers if name != "content-length")
            message = error.pop("message").replace(site, "SITE")
            told.append((answer.status_code, error, message, headers))
        assert told == [told[0]] * len(told)
        assert told[0][0] == 403


@pytest.mark.rule("S-ERR-05")
def test_revoking_acts_at_once(
    server: RunningServer, opened: Callable[[str | None], httpx.Client]
) -> None:
    organisation = server.leadline.organisations.first().id
    new = server.leadline.tokens.create(organisation, "test", Abilities(full=True))
    caller = opened(new.secret)
    for _ in range(3):
        data(caller.get("/sites"))
    server.leadline.tokens.revoke(organisation, new.secret)
    refusal(caller.get("/sites"), 401, "unauthorized")
    refusal(caller.post("/sites", json={"name": "Too late"}), 401, "unauthorized")


@pytest.mark.rule("S-ERR-03")
def test_a_token_of_another_organisation_sees_nothing_here(
    api: httpx.Client, stranger: httpx.Client, case: Case
) -> None:
    before = state(api, case.names["site"])
    for route in SITE_ROUTES:
        refusal(send(stranger, route, case.names), 404, "not_found")
    assert state(api, case.names["site"]) == before
