"""Hits sent over either wire, and what is stored of them."""

import json
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from leadline.sites import Site
from tests.support import BROWSER, RunningServer, eventually

HEADERS = {"User-Agent": BROWSER}
PAGE = "https://shop.example/"


class Stored(NamedTuple):
    """A row of the warehouse, as far as a wire decides about it."""

    kind: str
    origin: str
    path: str
    name: str
    amount: Decimal | None
    properties: str | None
    content_group: str
    browser_timezone: str
    referrer: str
    referrer_path: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    ref: str
    keyword: str
    source: str
    medium: str
    channel: str
    wire: str
    visitor: int
    visit_id: int

    def differs(self, expected: dict[str, Any]) -> dict[str, Any]:
        """The fields that are not as expected, with what they are."""
        return {name: getattr(self, name) for name in expected if self._of(name) != expected[name]}

    def _of(self, name: str) -> Any:
        value = getattr(self, name)
        return json.loads(value) if name == "properties" and value is not None else value


def fathom(server: RunningServer, site: str, method: str = "GET", **fields: str) -> httpx.Response:
    """A hit as `script.js` sends it; fields left out are those of a plain pageview."""
    query = {"h": "https://shop.example", "p": "/", "r": "", "sid": site, "qs": "{}", "cid": "1"}
    return httpx.request(
        method, server.url + "/", params=query | fields, headers=HEADERS, verify=False
    )


def seal(server: RunningServer, site: str, **keys: Any) -> httpx.Response:
    """A hit as `t.js` sends it; keys left out are those of a plain pageview."""
    payload = {"a": site, "s": "10", "t": "", "u": PAGE, "r": "", "z": "UTC", "c": 1} | keys
    return httpx.post(
        server.url + "/event", data={"d": json.dumps(payload)}, headers=HEADERS, verify=False
    )


def new_site(server: RunningServer, **fields: object) -> Site:
    """A site whose slug nobody else's name makes."""
    return server.site(f"Site {uuid4()}", **fields)


def settle(server: RunningServer) -> None:
    """Returns when everything that was sent before is loaded: records keep their order."""
    last = new_site(server)
    assert seal(server, last.slug).status_code == 204
    warehouse = server.leadline.storage.warehouse
    eventually(lambda: warehouse.query("SELECT 1 FROM hits WHERE site_id = $site", site=last.id))


def arrived(server: RunningServer, site: int, columns: str, number: int) -> list[tuple[Any, ...]]:
    """What is stored of a site's hits, as soon as it has so many."""
    query = server.leadline.storage.warehouse.query

    def look() -> list[tuple[Any, ...]]:
        found = query(f"SELECT {columns} FROM hits WHERE site_id = $site", site=site)
        return found if len(found) == number else []

    return eventually(look)


def stored(server: RunningServer, site: int) -> list[Stored]:
    """The hits of a site that were sent before, in their order."""
    settle(server)
    statement = (
        f"SELECT {', '.join(Stored._fields)} FROM hits WHERE site_id = $site ORDER BY hit_id"
    )
    rows = server.leadline.storage.warehouse.query(statement, site=site)
    return [Stored(*row) for row in rows]


def refusals(server: RunningServer, site: int) -> list[tuple[str, str, int]]:
    """Reason, origin and number of the hits of a site that were refused before."""
    settle(server)
    statement = (
        "SELECT reason, origin, CAST(sum(refused) AS BIGINT) FROM refusals"
        " WHERE site_id = $site GROUP BY ALL ORDER BY ALL"
    )
    return [
        (str(reason), str(origin), int(refused))
        for reason, origin, refused in server.leadline.storage.warehouse.query(statement, site=site)
    ]
