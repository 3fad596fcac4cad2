"""Every route × every ability × own and foreign site: as the contracts say, and as documented."""

from collections.abc import Iterator

import pytest

from tests.faces import stats
from tests.faces.permissions import DOCUMENT, SITES, Answers, Route, ask, rendered
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


ASKS = {"test", "import", "estimate", "stream", "replay", "rotate-secret"}
"""What is posted there makes nothing, or says in its answer what it made."""

ONLY_READS = {"test", "exports", "estimate", "stream"}
"""What is posted there changes nothing of the site."""


IS_FOR_MANAGERS = ("/api/v1/webhooks", "/api/v1/alerts/rules")
"""Not even read without managing: there are secrets and people in it."""

OPEN = ("/api/v1/exports/download/{download_token}", "/api/v1/webhooks/event-types")


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


def seal(route: Route, token: str, site: str) -> int:
    if route.path in OPEN or token == "none":
        return 200 if route.path in OPEN else 401
    makes_or_ends_sites = (route.method, route.path) in {
        ("POST", "/api/v1/sites"),
        ("DELETE", "/api/v1/sites/{site_id}"),
    }
    if makes_or_ends_sites and token != "*":
        return 403
    if not route.about_a_site:
        return success(route)
    if token not in READS_ALL and site != "own":
        return 403
    may_write = token == "*" or token.startswith("manage")
    only_reads = _is_a_statistic(route) or route.path.rpartition("/")[2] in ONLY_READS
    may_read = (route.method == "GET" or only_reads) and not route.path.startswith(IS_FOR_MANAGERS)
    if not may_read and not may_write:
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
