"""Every route × every ability × own and foreign site: as the contracts say, and as documented."""

from collections.abc import Iterator

import pytest

from leadline.access import Role
from tests.faces import stats
from tests.faces.permissions import (
    DOCUMENT,
    PEOPLE,
    SITE_ROLES,
    SITES,
    Answers,
    Route,
    ask,
    rendered,
)
from tests.support import running_server

READS_ALL = {"*", "all-sites-readonly"}
DELETE_SITE = Route("DELETE", "/v1/sites/{site_id}", about_a_site=True)
OPEN_TO_ANY_TOKEN = {
    "/v1/token",
    "/api/v1/sites",
    "/api/v1/sites/config/timezones",
    "/api/v1/batch",
    "/api/v1/batch/validate",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    with running_server(tmp_path_factory.mktemp("permissions")) as server:
        yield ask(server)


FOR_MANAGERS = ("/api/v1/webhooks", "/api/v1/alerts/rules", "/api/v1/sites/{site_id}/users")
"""Where whoever may only read a site sees nothing."""

ASKS = {"test", "import", "estimate", "stream", "replay", "rotate-secret"}
"""What is posted there makes nothing, or says in its answer what it made."""

ONLY_READS = {"test", "exports", "estimate", "stream"}
"""What is posted there changes nothing of the site."""


def _is_of_sites(route: Route) -> bool:
    return route.path.startswith("/api/v1/sites")


def _is_a_statistic(route: Route) -> bool:
    """It changes nothing, by whatever method it is asked for."""
    return stats.is_one(route.path.removeprefix("/api/v1"))


def success(route: Route) -> int:
    """What a request gets that is allowed."""
    if route.path == "/api/v1/hits":
        return 202
    if route.method == "DELETE" and route.path.startswith("/api/v1/") and not _is_of_sites(route):
        return 204
    if route.path.rpartition("/")[2] in ASKS or _is_a_statistic(route):
        return 200
    if route.method == "PATCH":
        return 200
    makes = route.path.startswith("/api/") or route.path.endswith("/milestones")
    return 201 if makes and route.method == "POST" else 200


def fathom(route: Route, token: str, site: str) -> int:
    if route.path.endswith("/data"):
        return 410
    if token == "none":
        return 401
    if route.about_a_site:
        sees = token in READS_ALL or site == "own"
        if not sees or site == "strange":
            return 404
    if token == "*":
        return success(route)
    if route.about_a_site:
        manages = token.startswith("manage") and route != DELETE_SITE
        may = route.method == "GET" or manages
    elif route.path in OPEN_TO_ANY_TOKEN:
        may = True
    else:
        may = (route.method, route.path) == ("GET", "/v1/sites") and token in READS_ALL
    return success(route) if may else 400


TO_ANYBODY = {
    "/auth/token": 401,
    "/auth/refresh": 401,
    "/2fa/verify-login": 400,
    "/auth/forgot-password": 200,
    "/auth/reset-password": 400,
    "/auth/register": 403,
    "/invitations/{token}": 200,
    "/invitations/accept": 404,
    "/webhooks/event-types": 200,
}
"""What requests with nothing in them that is true get."""
OF_A_PERSON = {
    ("POST", "/auth/logout"): 200,
    ("GET", "/auth/me"): 200,
    ("GET", "/auth/sessions"): 200,
    ("DELETE", "/auth/sessions"): 200,
    ("DELETE", "/auth/sessions/{session_id}"): 404,
    ("GET", "/users/me"): 200,
    ("PATCH", "/users/me"): 200,
    ("POST", "/users/me/password"): 401,
    ("POST", "/invitations/accept-existing"): 404,
}


def seal(route: Route, caller: str, site: str) -> int:
    path = route.path.removeprefix("/api/v1")
    found = of_nobody(path) or (401 if caller == "none" else None)
    if path.startswith("/sites/{site_id}/users") and caller in ("editor", "manage:{own}"):
        return found or 403
    return found or of_people(route, path, caller, site) or of_sites(route, token_of(caller), site)


def of_nobody(path: str) -> int | None:
    return 200 if "/download/" in path else TO_ANYBODY.get(path)


def of_people(route: Route, path: str, caller: str, site: str) -> int | None:
    if (route.method, path) in OF_A_PERSON:
        return OF_A_PERSON[route.method, path] if caller in PEOPLE else 403
    if path == "/organizations" and route.method == "POST":
        return 201 if caller == Role.OWNER else 403
    if path.startswith("/organizations/"):
        below = path.removeprefix("/organizations/{slug}")
        return 404 if site == "strange" else of_organisations(route.method, below, caller)
    if path == "/audit/logs":
        return 200 if token_of(caller) == "*" else 403
    if path.startswith("/api-tokens") and path != "/api-tokens/scopes":
        made = 201 if route.method == "POST" else 200
        return made if token_of(caller) == "*" else 403
    return None


def of_organisations(method: str, below: str, caller: str) -> int:
    if method == "GET" and below in ("", "/sites"):
        return 200
    if below == "":
        changed = 400 if method == "DELETE" else 200  # deleting is not confirmed
        return changed if caller == Role.OWNER else 403
    if (method, below) == ("POST", "/members"):
        return 409 if caller in (Role.OWNER, Role.ADMIN) else 403  # whoever is known is in it
    if token_of(caller) != "*":
        return 403
    return 201 if (method, below) == ("POST", "/invitations") else 200


def token_of(caller: str) -> str:
    """What people may do who have signed in, as a token that may do the same."""
    if caller in SITE_ROLES:
        return "read:{own}" if caller == "viewer" else "manage:{own}"
    return "nothing" if caller == Role.MEMBER else "*" if caller in PEOPLE else caller


def of_sites(route: Route, token: str, site: str) -> int:
    makes_or_ends_sites = (route.method, route.path) in {
        ("POST", "/api/v1/sites"),
        ("DELETE", "/api/v1/sites/{site_id}"),
    }
    if makes_or_ends_sites and token != "*":
        return 403
    if not route.about_a_site:
        return success(route)
    if token == "nothing" or (token not in READS_ALL and site != "own"):
        return 403
    may_write = token == "*" or token.startswith("manage")
    only_reads = _is_a_statistic(route) or route.path.rpartition("/")[2] in ONLY_READS
    reads = route.method == "GET" or only_reads
    if (not reads or route.path.startswith(FOR_MANAGERS)) and not may_write:
        return 403
    return 404 if site == "strange" else success(route)


def test_everybody_gets_what_the_contracts_say(answers: Answers) -> None:
    expected = {
        (route, token, site): (fathom if route.path.startswith("/v1") else seal)(route, token, site)
        for route, token, site in answers
    }
    wrong = {each: (answers[each], expected[each]) for each in answers}
    assert {each: pair for each, pair in wrong.items() if pair[0] != pair[1]} == {}
    assert {site for _, _, site in answers} == set(SITES)


def test_the_document_says_so(answers: Answers) -> None:
    assert DOCUMENT.read_text() == rendered(answers)
