"""Every page × everybody who may ask for it: as docs/people.md says, and as documented."""

import re
from collections.abc import Iterator

import pytest

from tests.dashboard.permissions import (
    CALLERS,
    DOCUMENT,
    NOBODY,
    ROUTES,
    SIGN_IN,
    STRANGER,
    Answers,
    Cast,
    Route,
    ask,
    rendered,
)
from tests.dashboard.person import text_of
from tests.support import RunningServer, running_server

ANYBODYS = re.compile(r"/($|owner/|sign-in|sign-out|reset|invitations/|mails/end/|share/)")
ONES_OWN = re.compile(r"/(account|organisation/(choose|leave)$)")
"""What everybody who is signed in has of their own."""
OWNERS_CHANGE = re.compile(r"/organisation($|/)")
MANAGERS = re.compile(r"/(people|tokens|audit|sites/new|sites/demo)")

VIEWERS = {
    *(
        "",
        "install",
        "not-counted",
        "notices",
        "traffic",
        "live",
        "mails",
        "goals",
        "funnels",
        "alerts",
    ),
    *("panels/{panel}", "panels/{panel}.csv"),
}
"""What there is to read of a site; of these `mails` is one's own to change."""
SITE_ADMINS = {"people", "people/{user}/remove", "activate", "deactivate"}
OF_THE_ORGANISATION = {"delete", "move"}
"""Who has all sites decides what is final."""

NO_NUMBER = "1000000"
RANK = {caller: number for number, caller in enumerate(CALLERS)}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("pages")) as server:
        yield server


@pytest.fixture(scope="module")
def answers(served: RunningServer) -> Answers:
    return ask(served)


def least(route: Route) -> str:
    """Who has to be there at least, of the people of an organisation."""
    if route.about_a_site:
        page = route.path.partition("{site}")[2].lstrip("/")
        if page in OF_THE_ORGANISATION:
            return "admin"
        if page in SITE_ADMINS:
            return "site admin"
        reads = route.method == "GET" or page == "mails"
        return "viewer" if page in VIEWERS and reads else "editor"
    if MANAGERS.match(route.path):
        return "admin"
    if OWNERS_CHANGE.match(route.path) and not ONES_OWN.match(route.path):
        return "member" if (route.method, route.path) == ("GET", "/organisation") else "owner"
    return "member"


def refusal(route: Route, caller: str) -> str | None:
    """What somebody gets who may not; None for whoever may."""
    if ANYBODYS.match(route.path):
        return None
    if caller == NOBODY:
        return SIGN_IN
    if route.about_a_site and caller in (STRANGER, "member"):
        return "404"
    if caller == STRANGER:  # who owns what is elsewhere, and finds nothing that is here
        return "404" if "{" in route.path and not ONES_OWN.match(route.path) else None
    return "403" if RANK[caller] < RANK[least(route)] else None


MISSING = {
    ("POST", "/account/passkeys/{passkey}/remove"): "nobody here has a passkey",
    ("POST", "/sites/{site}/move"): "no organisation was chosen",
    ("POST", "/organisation/choose"): "the stranger is not in the other one",
}
"""Where 404 may be an answer to somebody who may ask."""


def test_everybody_gets_what_they_may_have(answers: Answers) -> None:
    wrong = {}
    for (route, caller), answer in answers.items():
        expected = refusal(route, caller)
        is_refused = answer in ("403", SIGN_IN) or (
            answer == "404" and (route.method, route.path) not in MISSING
        )
        right = answer == expected if expected else not is_refused
        if not right and not ANYBODYS.match(route.path):
            wrong[str(route), caller] = (answer, expected)
    assert wrong == {}


def test_what_is_anybodys_depends_on_nobody(answers: Answers) -> None:
    for route in ROUTES:
        if ANYBODYS.match(route.path) and route.path not in ("/", "/sign-in"):
            assert len({answers[route, caller] for caller in CALLERS}) == 1, route


def test_no_page_fails(answers: Answers) -> None:
    assert [each for each, answer in answers.items() if answer.startswith("5")] == []


@pytest.mark.parametrize("caller", [NOBODY, STRANGER, "member"])
def test_a_refusal_tells_nothing(served: RunningServer, caller: str) -> None:
    """Of a site that one may not see all is said that is said of one that does not exist."""
    cast, nowhere = Cast(served), "no-such-site"
    for route in ROUTES:
        if route.about_a_site:
            there, missing = cast.ask(route, caller), cast.ask(route, caller, nowhere)
            assert there.status_code == missing.status_code, route
            slug = there.request.url.path.split("/")[2]
            assert text_of(there).replace(slug, nowhere) == text_of(missing), route


def test_what_belongs_to_one_site_is_not_found_at_another(served: RunningServer) -> None:
    """Whoever may change one site changes nothing of another by its number."""
    cast, other = Cast(served), served.site("Other").slug
    numbered = [
        route
        for route in ROUTES
        if route.about_a_site and "{" in route.path.replace("{site}", "").replace("{panel}", "")
    ]
    assert len(numbered) >= 8
    answers = {route: cast.ask(route, "owner", other).status_code for route in numbered}
    assert answers == dict.fromkeys(numbered, 404)


def test_what_belongs_to_one_organisation_is_not_found_in_another(served: RunningServer) -> None:
    """What is refused says no more than that there is no such number."""
    cast = Cast(served)
    for route in ROUTES:
        if MANAGERS.match(route.path) and "{" in route.path:
            there = cast.ask(route, STRANGER)
            path = there.request.url.path
            (number,) = re.findall(r"[0-9]+", path)
            missing = cast.send(STRANGER, route.method, path.replace(number, NO_NUMBER))
            assert there.status_code == missing.status_code == 404, route
            said = re.sub(rf"\b{number}\b", NO_NUMBER, text_of(there))
            assert said == text_of(missing), route


def test_the_document_says_so(answers: Answers) -> None:
    assert DOCUMENT.read_text() == rendered(answers)
