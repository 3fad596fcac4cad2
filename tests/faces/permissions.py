"""Who gets what: every route of both faces, every kind of token, every kind of site.

`python -m tests.faces.permissions` writes what a real server answers into docs/permissions.md.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from leadline.access import Abilities, Role, SiteRole, User
from leadline.faces.endpoint import ABOUT_A_SITE, Dialect, Endpoint
from leadline.faces.fathom import FathomFace
from leadline.faces.seal import SealFace
from leadline.sites import Site, UtmField
from tests.docs.documents import ROOT
from tests.faces import kept, people, stats
from tests.faces.fathom.wire import Account
from tests.support import BROWSER, PATIENCE, RunningServer, running_server

DOCUMENT = ROOT / "docs" / "permissions.md"

TOKENS = ("none", "*", "all-sites-readonly", "manage:{own}", "read:{own}")
SITE_ROLES = {"viewer": SiteRole.VIEWER, "editor": SiteRole.EDITOR, "site admin": SiteRole.ADMIN}
"""Members who were given the own site."""
PEOPLE = (*Role, *SITE_ROLES)
"""Who has signed in at SealMetrics' API; for Fathom's they are nobody."""
LOOK_ON = ("none", "all-sites-readonly", "read:{own}", Role.MEMBER, "viewer")
"""They change nothing; if they did, a test fails."""
CALLERS = (*TOKENS, *PEOPLE)
SITES = {
    "own": "A site that the token names, that all sites include, or that the person was given",
    "foreign": "Another site of the same organisation",
    "strange": "A site of another organisation",
}
ORGANISATIONS = {"own": "The organisation of whoever asks", "strange": "Another organisation"}
DIALECTS = (FathomFace.dialect, SealFace.dialect)


class Route(NamedTuple):
    """One operation; `about_a_site` if its address or its body names one."""

    method: str
    path: str
    about_a_site: bool

    @property
    def sites(self) -> tuple[str, ...]:
        """Those that it is asked about; of an organisation, one that stands for it."""
        if people.is_about_one(self.path):
            return ("own", "strange")
        return tuple(SITES) if self.about_a_site else ("own",)

    def __str__(self) -> str:
        return f"`{self.method} {self.path}`"


def routes(dialect: Dialect) -> list[Route]:
    return [_route(dialect, endpoint) for endpoint in dialect.endpoints]


def _route(dialect: Dialect, endpoint: Endpoint) -> Route:
    path = re.sub(r"{(\w+):\w+}", r"{\1}", endpoint.path)
    return Route(
        endpoint.method,
        dialect.prefix + path,
        not people.is_about_one(path) and (endpoint.need in ABOUT_A_SITE or "{site_id}" in path),
    )


Answers = dict[tuple[Route, str, str], int]
"""The status for a route, a token and a site; without a site in the route, for `own` alone."""


class Cast:
    """The sites that are spoken of, what was made for them, and a secret for each token."""

    def __init__(
        self, server: RunningServer, sites: dict[str, Site], asking: Iterable[str]
    ) -> None:
        self.sites = sites
        self._headers = {
            caller: _headers(server, sites, caller) for caller in asking if caller not in PEOPLE
        }
        self._server = server
        self._made: dict[tuple[str, str], dict[str, Any]] = {}

    def headers(self, caller: str) -> dict[str, str]:
        """People sign in for each request: some of these end all sign-ins."""
        return self._headers.get(caller) or _headers(self._server, self.sites, caller)

    def made(self, path: str, which: str) -> dict[str, Any]:
        """The ids of what a path asks about, of one of the sites, which is there."""
        key = ("events" if "/events" in path else path, which)
        if key not in self._made:
            self._made[key] = _made(self._server, path, self.sites[which])
        return self._made[key]


def ask(server: RunningServer) -> Answers:
    """Ask the server everything; what changes something about sites of its own."""
    stranger = Account(server)
    every = {"own": _site(server), "foreign": _site(server), "strange": _strange(stranger)}
    for_all = Cast(server, every, CALLERS)

    def cast(route: Route, token: str, which: str) -> Cast:
        if route.method == "GET" or _is_a_statistic(route) or token in LOOK_ON:
            return for_all
        names_own = "{own}" in token or token in SITE_ROLES
        sites = {"own": _site(server)} if names_own else {}
        if which not in sites:
            sites[which] = _strange(stranger) if which == "strange" else _site(server)
        return Cast(server, sites, [token])

    with httpx.Client(base_url=server.url, timeout=PATIENCE, verify=False) as client:
        return {
            (route, token, site): _status(
                server, client, cast(route, token, site), route, token, site
            )
            for dialect in DIALECTS
            for route in routes(dialect)
            for token in callers(dialect)
            for site in route.sites
        }


def callers(dialect: Dialect) -> tuple[str, ...]:
    return CALLERS if dialect is SealFace.dialect else TOKENS


def _headers(server: RunningServer, sites: dict[str, Site], caller: str) -> dict[str, str]:
    if caller == "none":
        return {}
    if caller in PEOPLE:
        user = _person(server, caller)
        if caller in SITE_ROLES:
            server.leadline.members.give(sites["own"], user.id, SITE_ROLES[caller])
        granted = server.leadline.sign_ins.open(user.id, lambda _: {})
        return {"Authorization": f"Bearer {granted.access}"}
    name = caller.format(own=sites["own"].slug) if "own" in sites else caller
    return {"X-API-Key": server.token(name)}


def _person(server: RunningServer, caller: str) -> User:
    """One of each role."""
    organisations = server.leadline.organisations
    role = Role.MEMBER if caller in SITE_ROLES else Role(caller)
    organisation, email = organisations.first().id, f"{caller.replace(' ', '-')}@example.com"
    for user in organisations.people(organisation):
        if user.email == email:
            return user
    return organisations.add_user(
        organisation, email=email, password="correct horse battery", role=role
    )


def _strange(stranger: Account) -> Site:
    return stranger.some_sites(1)[0]


def _is_a_statistic(route: Route) -> bool:
    return stats.is_one(_below(route))


def _below(route: Route) -> str:
    return route.path.removeprefix(SealFace.dialect.prefix)


def _status(
    server: RunningServer, client: httpx.Client, cast: Cast, route: Route, token: str, which: str
) -> int:
    site = cast.sites[which]
    mapping = server.leadline.sites.utm_mappings(site)
    path = route.path.format(
        site_id=site.slug,
        **cast.made(route.path, which),
        session_id=1_000_000,
        domain="listed.example",
        mapping_id=mapping[0].id if mapping else 1,
        custom_param="mapped",
    )
    # Each from another address: whoever signs in wrongly too often is to wait.
    headers = {"X-Forwarded-For": f"2001:db8:{uuid4().hex[:4]}::1"} | cast.headers(token)
    body = people.body(server, route.method, _below(route), site)
    if body is None and route.method in ("POST", "PATCH", "PUT"):
        body = _body(route, site)
    name = site.slug
    query = {"entity": "pageview", "entity_id": name, "site_id": name, "aggregates": "visits"}
    query |= {"name": EVENT} | kept.query(name) | stats.query(name)
    answer = client.request(route.method, path, params=query, headers=headers, json=body)
    return answer.status_code


EVENT = "signup"
SCRIPT = {"name": "A script", "scopes": ["read"]}
PASSWORD = "no such password"
PEOPLES: dict[str, dict[str, Any]] = {
    "/auth/token": {"email": "nobody@example.com", "password": PASSWORD},
    "/2fa/verify-login": {"user_id": 1, "code": "000000"},
    "/auth/forgot-password": {"email": "nobody@example.com"},
    "/auth/reset-password": {"token": "none", "new_password": PASSWORD},
    "/auth/register": {
        **{"email": "nobody@example.com", "name": "Nobody"},
        **{"password": PASSWORD, "accept_terms": True},
    },
    "/users/me": {"name": "Renamed"},
    "/users/me/password": {"current_password": PASSWORD, "new_password": PASSWORD},
    "/api-tokens": SCRIPT,
}
BODY = {"domain": "new.example", "custom_param": "new", "maps_to": "utm_term"}


def _made(server: RunningServer, path: str, site: Site) -> dict[str, Any]:
    if "/events" in path:
        return {"event_id": server.leadline.events.create(site, EVENT).id}
    if "{milestone_id}" in path:
        made = server.leadline.milestones.create(site, "Redesign", date(2026, 2, 28))
        return {"milestone_id": made.id}
    if "{token_id}" in path:
        token = server.leadline.tokens.create(site.organisation, "made", Abilities(full=True)).token
        return {"token_id": token.id}
    named = people.parts(server, site, path)
    return stats.PARTS | named | kept.parts(server, site, path)


def _body(route: Route, site: Site) -> dict[str, Any]:
    known = (kept.BODIES | stats.BODIES).get((route.method, _below(route)))
    if known is not None:
        return known
    if _below(route) in PEOPLES:
        return PEOPLES[_below(route)]
    if route.path.endswith("/hits"):
        return HIT | {"site_id": site.slug}
    if "/milestones" in route.path:
        return {"name": "Relaunch", "milestone_date": "2026-03-01"}
    if "/events" in route.path:
        return {"name": uuid4().hex, "currency": "euro"}
    return BODY | {"name": uuid4().hex}


HIT = {"url": "https://listed.example/", "ip": "203.0.113.7", "user_agent": BROWSER}


def _site(server: RunningServer) -> Site:
    site = server.site(uuid4().hex, domains=("listed.example",))
    server.leadline.sites.add_utm_mapping(site, "mapped", UtmField.SOURCE)
    return site


def rendered(answers: Answers) -> str:
    return "\n".join(_lines(answers)) + "\n"


def _lines(answers: Answers) -> Iterator[str]:
    yield from HEAD.strip().splitlines()
    for dialect in DIALECTS:
        yield from ("", f"## {dialect.title.removeprefix('Leadline: ')}")
        found = routes(dialect)
        yield from ("", "### No site named", "")
        yield from _table(answers, [route for route in found if route.sites == ("own",)], "own")
        about = [route for route in found if people.is_about_one(route.path)]
        for site, title in ORGANISATIONS.items() if about else ():
            yield from ("", f"### {title}", "")
            yield from _table(answers, about, site)
        for site, title in SITES.items():
            yield from ("", f"### {title}", "")
            yield from _table(answers, [route for route in found if route.about_a_site], site)


def _table(answers: Answers, found: list[Route], site: str) -> Iterator[str]:
    asked = [each for each in CALLERS if (found[0], each, site) in answers]
    names = ["no token", *(f"`{token.format(own='SITE')}`" for token in TOKENS[1:])]
    names += [f"{role}" for role in asked if role in PEOPLE]
    yield f"| | {' | '.join(names)} |"
    yield "|---" * (len(asked) + 1) + "|"
    for route in found:
        row = (str(answers[route, caller, site]) for caller in asked)
        yield f"| {route} | {' | '.join(row)} |"


HEAD = """
# Permissions

[Documentation](index.md) › Reference

What each route answers to each kind of token, as a real server does. It is written by
`python -m tests.faces.permissions`; a test fails when it is not what the server answers, or not
what the contracts say. A token that is unknown, revoked or expired gets what no token gets. Owner,
admin and member are people who have signed in at `/api/v1/auth/token`. That member was given no
site; viewer, editor and site admin are members who were given one.

Fathom's API answers 400 to a token that may not do something, and 404 for a site that the token may
not see. SealMetrics' answers 403 to both, and 404 only to a token that sees all sites.
"""


if __name__ == "__main__":
    with TemporaryDirectory() as directory, running_server(Path(directory)) as running:
        DOCUMENT.write_text(rendered(ask(running)))
