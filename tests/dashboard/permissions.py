"""Who gets which page: every page, and everybody who may ask for it.

`python -m tests.dashboard.permissions` writes what a real server answers into
docs/page-permissions.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import uuid4

import httpx

from leadline.access import Abilities, Role, SiteRole, UserId
from leadline.dashboard.pages import PAGES
from leadline.reports import AllOf, NewSegment, Operator, Target, TargetKind
from leadline.sites import NewShareLink, OrganisationId, Site, UtmField
from tests.dashboard.person import PASSWORD, Person, first
from tests.docs.documents import ROOT
from tests.faces import kept
from tests.faces.fathom.wire import Account
from tests.support import RunningServer, running_server

DOCUMENT = ROOT / "docs" / "page-permissions.md"

NOBODY, STRANGER = "nobody", "stranger"
ORGANISATION_ROLES = {"member": Role.MEMBER, "admin": Role.ADMIN, "owner": Role.OWNER}
SITE_ROLES = {
    "viewer": SiteRole.VIEWER,
    "editor": SiteRole.EDITOR,
    "site admin": SiteRole.ADMIN,
}
CALLERS = (NOBODY, STRANGER, "member", *SITE_ROLES, "admin", "owner")
LOOK_ON = (NOBODY, STRANGER, "member", "viewer")
"""They change no site; if they did, a test fails."""
SIGN_IN = "sign in"

LAST = ("/sign-out", "/organisation/leave")
"""After these one is somebody new."""
FIELDS = {
    "/organisation/choose": {"organisation": "leadline"},
    "/sites/{site}/domains/remove": {"domain": "listed.example"},
    "/sites/{site}/mappings/remove": {"custom_param": "mapped"},
}
"""What a form says; others are empty, and come back."""


class Route(NamedTuple):
    method: str
    path: str

    @property
    def about_a_site(self) -> bool:
        return "{site}" in self.path

    def __str__(self) -> str:
        return f"`{self.method} {self.path}`"


ROUTES = [Route(page.method, re.sub(r"{(\w+):\w+}", r"{\1}", page.path)) for page in PAGES]

Answers = Mapping[tuple[Route, str], str]
"""A status; of whoever is led to the page to sign in, `SIGN_IN`."""


class Cast:
    """Everybody who asks, and what they ask about."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self._users: dict[str, UserId] = {}
        self._people: dict[str, tuple[Person, str]] = {}
        self._sites: dict[str, Site] = {}

    def ask(self, route: Route, caller: str, named: str | None = None) -> httpx.Response:
        """Of a site that the caller has, if any; `named` stands in the address in its place."""
        site = self._site(caller, is_new=route.method == "POST" and caller not in LOOK_ON)
        path = route.path.format(**self._parts(route.path, caller, site, named))
        answer = self.send(caller, route.method, path, FIELDS.get(route.path, {}))
        if route.path in LAST:
            for known in (self._users, self._people, self._sites):
                known.pop(caller, None)
        return answer

    def send(
        self, caller: str, method: str, path: str, fields: Mapping[str, str] = {}
    ) -> httpx.Response:
        """With the form's token, from another address each time: some attempts are counted."""
        person, form_token = self._person(caller)
        person.comes_from(f"2001:db8:{uuid4().hex[:4]}::1")
        if method == "GET":
            return person.get(path)
        return person.post(path, {"form_token": form_token, **fields})

    def _person(self, caller: str) -> tuple[Person, str]:
        """With what their forms carry."""
        if caller not in self._people:
            person = Person(self._server)
            if caller != NOBODY:
                secret = self._server.leadline.sessions.open(self._user(caller))
                person.client.cookies.set("leadline_session", secret)
            page = person.get("/sign-in" if caller == NOBODY else "/account").text
            token = page.partition('name="form_token" value="')[2].partition('"')[0]
            self._people[caller] = person, token
        return self._people[caller]

    def _user(self, caller: str) -> UserId:
        if caller not in self._users:
            is_strange = caller == STRANGER
            organisation = Account(self._server).id if is_strange else first(self._server)
            role = Role.OWNER if is_strange else ORGANISATION_ROLES.get(caller, Role.MEMBER)
            self._users[caller] = _added(self._server, organisation, role)
        return self._users[caller]

    def _site(self, caller: str, *, is_new: bool) -> Site:
        if is_new or caller not in self._sites:
            site = self._server.site(uuid4().hex, domains=("listed.example",))
            self._server.leadline.sites.add_utm_mapping(site, "mapped", UtmField.SOURCE)
            if caller in SITE_ROLES:
                self._server.leadline.members.give(site, self._user(caller), SITE_ROLES[caller])
            self._sites[caller] = site
        return self._sites[caller]

    def _parts(self, path: str, caller: str, site: Site, named: str | None) -> dict[str, object]:
        """The parameters of a path, each of something that is there where that can be."""
        known = {"site": named or site.slug, "panel": "pages", "code": site.code, "slug": "name"}
        made: dict[str, object] = {
            name: MADE[kind](self._server, site)
            for kind, name in re.findall(r"/([\w-]+)/{(\w+)}", path)
            if kind in MADE
        }
        if "{webhook}" in path:
            made |= _webhook(self._server, site)
        if "{session}" in path and caller != NOBODY:
            user = self._user(caller)
            self._server.leadline.sessions.open(user)
            made["session"] = self._server.leadline.sessions.all_of(user)[0].id
        return {"secret": "none", "token": "none", "passkey": 1, "session": 1} | known | made


def ask(server: RunningServer) -> Answers:
    cast = Cast(server)
    return {
        (route, caller): _said(cast.ask(route, caller)) for route in ROUTES for caller in CALLERS
    }


def _said(answer: httpx.Response) -> str:
    leads_to = answer.headers.get("location", "").partition("?")[0]
    return SIGN_IN if leads_to == "/sign-in" else str(answer.status_code)


def _added(server: RunningServer, organisation: OrganisationId, role: Role) -> UserId:
    email = f"{uuid4().hex}@example.com"
    organisations = server.leadline.organisations
    return organisations.add_user(organisation, email=email, password=PASSWORD, role=role).id


# What is there to ask about


def _colleague(server: RunningServer, site: Site) -> int:
    """A member who was given the site."""
    found = [
        user
        for user in server.leadline.organisations.people(site.organisation)
        if user.name == "colleague"
    ]
    if not found:
        added = server.leadline.organisations.add_user(
            site.organisation,
            email=f"{uuid4().hex}@example.com",
            password=PASSWORD,
            role=Role.MEMBER,
            name="colleague",
        )
        found = [added]
    server.leadline.members.give(site, found[0].id, SiteRole.VIEWER)
    return found[0].id


def _invitation(server: RunningServer, site: Site) -> int:
    made = server.leadline.member_invitations.invite(
        site.organisation, f"{uuid4().hex}@example.com", Role.MEMBER, by=Role.OWNER
    )
    return made.invitation.id


def _token(server: RunningServer, site: Site) -> int:
    return server.leadline.tokens.create(site.organisation, "made", Abilities(full=True)).token.id


def _mapping(server: RunningServer, site: Site) -> int:
    return server.leadline.sites.utm_mappings(site)[0].id


def _rule(server: RunningServer, site: Site) -> int:
    return server.leadline.block_rules.add(site, "address", f"2001:db8::{uuid4().hex[:4]}").id


def _link(server: RunningServer, site: Site) -> int:
    return server.leadline.share_links.create(site, NewShareLink(name="Made")).id


def _goal(server: RunningServer, site: Site) -> int:
    return server.leadline.goals.add(site.id, uuid4().hex, TARGET).id


def _funnel(server: RunningServer, site: Site) -> int:
    return server.leadline.funnels.add(site.id, uuid4().hex, [TARGET, TARGET]).id


def _segment(server: RunningServer, site: Site) -> int:
    new = NewSegment(display_name=uuid4().hex, condition=AllOf())
    return server.leadline.segments.create(site.id, new).id


def _alert_rule(server: RunningServer, site: Site) -> int:
    return int(kept.parts(server, site, "/alerts/rules/{rule_id}")["rule_id"])


def _alert(server: RunningServer, site: Site) -> int:
    return int(kept.parts(server, site, "/alerts/history/{alert_id}")["alert_id"])


def _webhook(server: RunningServer, site: Site) -> dict[str, object]:
    """A webhook, and what was sent to it."""
    made = kept.parts(server, site, "/webhooks/{endpoint_id}/deliveries/{delivery_id}")
    return {"webhook": made["endpoint_id"], "delivery": made["delivery_id"]}


TARGET = Target(TargetKind.PAGE, Operator.IS, "/thanks")
MADE: Mapping[str, Callable[[RunningServer, Site], int]] = {
    "people": _colleague,
    "invitations": _invitation,
    "tokens": _token,
    "mappings": _mapping,
    "rules": _rule,
    "links": _link,
    "goals": _goal,
    "funnels": _funnel,
    "segments": _segment,
    "alerts": _alert_rule,
    "history": _alert,
}
"""By what stands before the number in an address."""


# The document


def rendered(answers: Answers) -> str:
    return "\n".join(_lines(answers)) + "\n"


def _lines(answers: Answers) -> Iterator[str]:
    yield from HEAD.strip().splitlines()
    yield from ("", f"| | {' | '.join(CALLERS)} |", "|---" * (len(CALLERS) + 1) + "|")
    for route in ROUTES:
        yield f"| {route} | {' | '.join(answers[route, caller] for caller in CALLERS)} |"


HEAD = """
# Permissions of pages

[Documentation](index.md) › Reference

What each page answers to whom, as a real server does. It is written by
`python -m tests.dashboard.permissions`; a test fails when it is not what the server answers, or not
what [People](people.md) says. What the APIs answer is on [another page](permissions.md).

A stranger owns another organisation. A member was given no site; viewer, editor and site admin are
members who were given the site that is asked about. *sign in* leads to the page to sign in, 403
says that one may not, and 404 says the same of a site that one was not given as of one that does
not exist. Forms are sent empty: 422 is the form once more, with what is wrong, to somebody who may
send it.
"""


if __name__ == "__main__":
    with TemporaryDirectory() as directory, running_server(Path(directory)) as running:
        DOCUMENT.write_text(rendered(ask(running)))
