"""Somebody with a browser that runs no scripts: follows links, fills in forms."""

import re
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from leadline.access import Role, SiteRole
from leadline.sites import OrganisationId, Site
from tests.support import BROWSER, PATIENCE, RunningServer

PASSWORD = "correct horse battery staple"

_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')
_TAG = re.compile(r"<[^>]*>")


class Person:
    """One person's browser on one server; answers are taken as they come, redirects too."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.client = httpx.Client(
            base_url=server.url,
            headers={"User-Agent": BROWSER},
            limits=httpx.Limits(max_keepalive_connections=0),  # so that nobody has to close it
            timeout=PATIENCE,
            verify=False,
        )

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def read(self, path: str) -> str:
        """The text of a page, its markup taken out."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return text_of(answer)

    def comes_from(self, address: str) -> "Person":
        """As a proxy on the server's machine says."""
        self.client.headers["X-Forwarded-For"] = address
        return self

    def send(self, path: str, shown_at: str | None = None, **fields: str) -> httpx.Response:
        """Send the form of the page `shown_at`, else that of `path` itself."""
        page = self.get(shown_at or path)
        (token, *_) = _TOKEN.findall(page.text)
        return self.post(path, {"form_token": token} | fields)

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(path, content=urlencode(fields), headers=headers)

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.send("/sign-in", email=email, password=password)


def text_of(answer: httpx.Response) -> str:
    return " ".join(unescape(_TAG.sub(" ", answer.text)).split())


def signed_in(server: RunningServer, role: Role) -> Person:
    """Somebody new with this role, signed in."""
    email = f"{role.value}-{uuid4().hex}@example.com"
    user = server.leadline.organisations.add_user(
        first(server), email=email, password=PASSWORD, role=role
    )
    person = Person(server)
    person.client.cookies.set("leadline_session", server.leadline.sessions.open(user.id))
    return person


def given(server: RunningServer, site: Site, role: SiteRole = SiteRole.VIEWER) -> Person:
    """A member who was given the site, signed in."""
    person = signed_in(server, Role.MEMBER)
    session = server.leadline.sessions.find(person.client.cookies["leadline_session"])
    assert session is not None
    server.leadline.members.give(site, session.user.id, role)
    return person


def first(server: RunningServer) -> OrganisationId:
    return server.leadline.organisations.first().id
