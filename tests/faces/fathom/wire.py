"""What the tests of Fathom's dialect share: its words, accounts, a look at what is stored."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from leadline.access import abilities_of, parse_ability
from leadline.access.tables import organisations
from leadline.database import insert_row
from leadline.passwords import share_secret, verify_password
from leadline.sites import NewSite, OrganisationId, Site
from tests.support import BROWSER, RunningServer, eventually

SITE_KEYS = ["id", "object", "name", "sharing", "created_at", "timezone"]
NOT_PERMITTED = {"error": "This token doesn't have permission to access this endpoint"}
UNAUTHENTICATED = {"error": "Unauthenticated."}
UNKNOWN = "NO.SUCH.SITE"  # no name can have a dot, not even one that a generator thinks up

ENDPOINTS = (
    ("GET", "/v1/aggregations"),
    ("GET", "/v1/current_visitors"),
    ("GET", "/v1/sites"),
    ("POST", "/v1/sites"),
    ("GET", "/v1/sites/{site_id}"),
    ("POST", "/v1/sites/{site_id}"),
    ("DELETE", "/v1/sites/{site_id}"),
    ("DELETE", "/v1/sites/{site_id}/data"),
    ("GET", "/v1/sites/{site_id}/events"),
    ("POST", "/v1/sites/{site_id}/events"),
    ("DELETE", "/v1/sites/{site_id}/events"),
    ("POST", "/v1/sites/{site_id}/events/currency"),
    ("GET", "/v1/sites/{site_id}/events/{event_id}"),
    ("POST", "/v1/sites/{site_id}/events/{event_id}"),
    ("DELETE", "/v1/sites/{site_id}/events/{event_id}"),
    ("DELETE", "/v1/sites/{site_id}/events/{event_id}/data"),
    ("GET", "/v1/sites/{site_id}/milestones"),
    ("POST", "/v1/sites/{site_id}/milestones"),
    ("GET", "/v1/sites/{site_id}/milestones/{milestone_id}"),
    ("POST", "/v1/sites/{site_id}/milestones/{milestone_id}"),
    ("DELETE", "/v1/sites/{site_id}/milestones/{milestone_id}"),
    ("GET", "/v1/account"),
    ("GET", "/v1/token"),
)


def about(site: str) -> dict[str, str]:
    """The query of those endpoints that have the site there."""
    named = {"entity_id": site, "site_id": site}
    return {"entity": "pageview", "aggregates": "visits,bounce_rate", **named}


EVENT = "signup"


def address(server: RunningServer, path: str, code: str) -> str:
    """A path about a site, with the event and the milestone that it asks about made for it."""
    site = site_of(server, code)
    made: dict[str, str] = {}
    if "/events" in path:
        made["event"] = server.leadline.events.create(site, EVENT).id
    if "{milestone}" in path:
        day = date(2026, 2, 28)
        made["milestone"] = server.leadline.milestones.create(site, "Redesign", day).id
    return path.format(site=code, **made)


def filled(path: str, name: str) -> str:
    """A path with this in the place of everything that it names."""
    return re.sub(r"{\w+}", name, path)


OLDEST = datetime(2020, 7, 27, 12, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def errors_of(answer: httpx.Response) -> dict[str, list[str]]:
    """The refused fields with their texts; fails if the answer is no validation error."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert list(body) == ["errors"], body
    found: dict[str, list[str]] = body["errors"]
    for texts in found.values():
        assert texts
        assert all(isinstance(text, str) and text.endswith(".") for text in texts)
    return found


def error_of(answer: httpx.Response, status: int) -> str:
    """The text of a general error; fails if the answer is another one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert list(body) == ["error"], body
    text: str = body["error"]
    assert text
    return text


class Account:
    """An organisation of its own, so that what it has is known."""

    def __init__(
        self, server: RunningServer, name: str = "Looney Tunes", timezone: str = "UTC"
    ) -> None:
        self.server = server
        values = {"uuid": str(uuid4()), "name": name, "timezone": timezone, "currency": "EUR"}
        values["slug"] = uuid4().hex
        made = datetime(2020, 1, 1, tzinfo=UTC)
        with server.leadline.database.writing() as connection:
            number = insert_row(connection, organisations, created_at=made, **values)
        self.id = OrganisationId(number)

    def sites(self, moments: Iterable[datetime]) -> list[Site]:
        """One site for each moment of creation, in the order given."""
        news = [
            NewSite(name=f"Site {number}", timezone="UTC", currency="EUR", created_at=moment)
            for number, moment in enumerate(moments)
        ]
        return list(self.server.leadline.sites.create_all(self.id, news))

    def some_sites(self, count: int) -> list[Site]:
        """Sites a minute apart, the oldest first."""
        return self.sites(OLDEST + timedelta(minutes=number) for number in range(count))

    def token(self, *abilities: str) -> str:
        sites = self.server.leadline.sites
        pairs = [
            (kind, None if name is None else sites.get(self.id, name).id)
            for kind, name in map(parse_ability, abilities)
        ]
        return self.server.leadline.tokens.create(self.id, "own", abilities_of(pairs)).secret

    def client(self, *abilities: str) -> httpx.Client:
        return self.server.client(token=self.token(*(abilities or ("*",))))


def codes(answer: httpx.Response) -> list[str]:
    """The ids of a list, in its order."""
    assert answer.status_code == 200, answer.text
    return [site["id"] for site in answer.json()["data"]]


# What is stored, as the database has it


def row_of(server: RunningServer, code: str) -> Json:
    """The stored columns of a site."""
    with server.leadline.database.reading() as connection:
        query = text("SELECT * FROM sites WHERE code = :code")
        return dict(connection.execute(query, {"code": code}).one()._mapping)


def everything_stored(server: RunningServer) -> list[Any]:
    """All that a request about sites could change."""
    with server.leadline.database.reading() as connection:
        return [
            connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1")).all()
            for table, columns in (
                ("sites", "*"),
                ("site_names", "*"),
                ("site_domains", "*"),
                ("site_milestones", "*"),
                ("site_events", "*"),
                ("deleted_sites", "site_id"),
                ("site_revisions", "*"),
                ("organisations", "*"),
            )
        ]


def opens(server: RunningServer, code: str, password: str) -> bool:
    """Whether this password gives access to the site's shared dashboard."""
    hashed = row_of(server, code)["share_password_hash"]
    return hashed is not None and verify_password(hashed, share_secret(password))


# Hits


def send_hit(
    server: RunningServer, code: str, host: str = "https://example.com", name: str = ""
) -> None:
    """A pageview as the tracker sends it, or an event if it has a name."""
    query = {"h": host, "p": "/", "r": "", "sid": code, "qs": "{}", "cid": "1"}
    if name:
        query |= {"name": name, "payload": "{}"}
    method = "POST" if name else "GET"
    answer = httpx.request(
        method, f"{server.url}/", params=query, headers={"User-Agent": BROWSER}, verify=False
    )
    assert answer.status_code == 200


def hits_of(server: RunningServer, site: Site) -> list[tuple[Any, ...]]:
    """Kind, origin, local day and moment of each hit that the warehouse has of a site."""
    return list(
        server.leadline.storage.warehouse.query(
            "SELECT kind, origin, day, received_at FROM hits WHERE site_id = $site ORDER BY hit_id",
            site=site.id,
        )
    )


def counted(server: RunningServer, site: Site, count: int) -> list[tuple[Any, ...]]:
    """The hits of a site, once there are this many."""
    eventually(lambda: len(hits_of(server, site)) == count)
    return hits_of(server, site)


def site_of(server: RunningServer, code: str) -> Site:
    return server.leadline.sites.get(server.leadline.organisations.first().id, code)
